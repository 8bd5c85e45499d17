/**
 * The standard output of a container, out of the stream of an attached client: Docker joins both streams to one, in pieces with
 * a header that says which stream and how many bytes.
 * @param onError gets what comes on standard error.
 */
export async function* standardOutput(
  joined: AsyncIterable<unknown>,
  onError: (text: string) => void,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of joined) {
    if (!Buffer.isBuffer(chunk)) throw new Error("text where bytes were expected");
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let at = 0;
    while (pending.length - at >= headerBytes) {
      const length = pending.readUInt32BE(at + 4);
      if (pending.length - at < headerBytes + length) break;
      const data = pending.subarray(at + headerBytes, at + headerBytes + length);
      if (pending[at] === 1) yield data;
      else onError(data.toString());
      at += headerBytes + length;
    }
    pending = pending.subarray(at);
  }
}

const headerBytes = 8;
