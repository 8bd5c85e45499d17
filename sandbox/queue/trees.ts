import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, pack } from "tar-stream";
import { InfrastructureError } from "../../core/errors.ts";
import { listRegularFiles } from "../../core/store/copy-tree.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../job.ts";

const smallFile = 1 << 20;
const filesAtOnce = 16;

/** Name of the object that holds a tree. */
export function treeObject(tree: TreeReference): string {
  return `tree-${tree.hash}`;
}

/** A tree of the store as a tar: files in order of their names, nothing of times and owners. */
export async function* packTree(store: ArtefactStore, tree: TreeReference): AsyncGenerator<Uint8Array> {
  const root = store.treePath(tree);
  const tar = pack();
  const fill = async () => {
    for (const path of await listRegularFiles(root)) {
      const full = join(root, path);
      const { size } = await stat(full);
      const header = { name: path, size, mode: 0o444, mtime: new Date(0) };
      // Most files are small, and a stream for each costs more than the file.
      if (size <= smallFile) tar.entry(header, await readFile(full));
      else await pipeline(createReadStream(full), tar.entry(header));
    }
    tar.finalize();
  };
  fill().catch((error) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of tar) if (chunk instanceof Uint8Array) yield chunk;
}

/**
 * Puts a tar into a store and makes sure that it is the tree it should be. The sender is not trusted: only regular files,
 * within the bytes and files that the tree is said to have, whose hash is that of the tree.
 * @throws InfrastructureError when it is another tree; then nothing of it is in the store under the tree's name.
 */
export async function unpackTree(
  content: AsyncIterable<Uint8Array>,
  tree: TreeReference,
  store: ArtefactStore,
): Promise<void> {
  const writer = await store.newTree();
  try {
    const source = Readable.from(content, { objectMode: false });
    const tar = extract();
    source.on("error", (error) => tar.destroy(error));
    source.pipe(tar);
    let files = 0;
    let bytes = 0;
    const writing: Array<Promise<void>> = [];
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      files += 1;
      bytes += size;
      if (type !== "file" || files > tree.files || bytes > tree.bytes) throw differs(tree);
      if (size <= smallFile) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
        if (writing.length >= filesAtOnce) await Promise.all(writing.splice(0));
        writing.push(writer.add(name, Buffer.concat(chunks)));
      } else {
        await writer.addStream(name, bytesOf(entry));
      }
    }
    await Promise.all(writing);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  // Its name is the hash of its content: what is not the tree goes by another name, where nobody looks for it.
  const written = await writer.commit();
  if (written.hash !== tree.hash || written.files !== tree.files || written.bytes !== tree.bytes)
    throw differs(tree);
}

/** Remembers which trees a store holds that never lets one go: to ask the disk for each job costs more than the job's way. */
export class KnownTrees {
  readonly #store: ArtefactStore;
  readonly #known = new Set<string>();

  constructor(store: ArtefactStore) {
    this.#store = store;
  }

  async has(tree: TreeReference): Promise<boolean> {
    if (this.#known.has(tree.hash)) return true;
    const found = await this.#store.hasTree(tree);
    if (found) this.#known.add(tree.hash);
    return found;
  }
}

async function* bytesOf(entry: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
}

function differs(tree: TreeReference): InfrastructureError {
  return new InfrastructureError(`What arrived is not the tree ${tree.hash.slice(0, 16)} that was asked for`);
}
