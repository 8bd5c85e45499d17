import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import type { TreeWriter } from "../core/store.ts";
import { WorkspacePath } from "./job.ts";

/** More is not what a task is made of, and every file costs the host an inode. */
const mostEntries = 250_000;
const smallFile = 1 << 20;

/** More came than the job may leave. */
export class OutputsTooLargeError extends Error {}

/** What a job left under /out, as it arrived. */
export interface CollectedOutputs {
  /** Names of files that were left out because the host would not take them. */
  leftOut: string[];
}

/**
 * Writes the tar that comes out of a sandbox into a tree. The tar is made by the supervisor, but is trusted no more
 * than the job: only regular files with plain relative names are taken, within the bounds.
 * @throws OutputsTooLargeError as soon as a bound is passed.
 */
export async function collectOutputs(
  stream: Readable,
  writer: TreeWriter,
  maximumBytes: number,
): Promise<CollectedOutputs> {
  const leftOut: string[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let entries = 0;
  const tar = extract();
  stream.on("error", (error) => tar.destroy(error));
  stream.pipe(tar);
  for await (const entry of tar) {
    const { name, type, size = 0 } = entry.header;
    entries += 1;
    bytes += size;
    if (entries > mostEntries || bytes > maximumBytes) {
      throw new OutputsTooLargeError(
        entries > mostEntries ? `more than ${mostEntries} files` : `more than ${maximumBytes} bytes`,
      );
    }
    if (type !== "file" || seen.has(name) || !isPlain(name)) {
      if (leftOut.length < 20) leftOut.push(name);
      for await (const _ of entry); // The next entry comes only when this one is read.
    } else if (size <= smallFile) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytesOf(entry)) chunks.push(chunk);
      await writer.add(name, Buffer.concat(chunks));
    } else {
      await writer.addStream(name, bytesOf(entry));
    }
    seen.add(name);
  }
  return { leftOut };
}

async function* bytesOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
}

function isPlain(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return WorkspacePath.safeParse(name).success && !/[\u0000-\u001f\u007f\ufffd]/.test(name);
}
