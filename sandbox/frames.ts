/** One message from inside a sandbox: a letter and its bytes. */
export interface Frame {
  kind: string;
  data: Buffer;
}

const headerBytes = 5;
/** The sender cuts what is longer; more is no frame of ours. */
const largest = 1 << 16;

/**
 * The frames of a stream, read as fast as they are taken.
 * @throws Error when the stream holds something else.
 */
export async function* readFrames(stream: AsyncIterable<unknown>): AsyncGenerator<Frame> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) throw new Error("text where bytes were expected");
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    let at = 0;
    while (pending.length - at >= headerBytes) {
      const length = pending.readUInt32LE(at + 1);
      if (length > largest) throw new Error("the sandbox sent something else than frames");
      if (pending.length - at < headerBytes + length) break;
      const data = pending.subarray(at + headerBytes, at + headerBytes + length);
      yield { kind: String.fromCharCode(pending[at] ?? 0), data };
      at += headerBytes + length;
    }
    pending = pending.subarray(at);
  }
}

/** What a sandbox is told: a job to run. */
export function encodeRequest(request: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(request));
  const head = Buffer.alloc(headerBytes);
  head.write("J");
  head.writeUInt32LE(body.length, 1);
  return Buffer.concat([head, body]);
}
