import { createHash, type Hash } from "node:crypto";
import { chmod, type FileHandle, mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TreeReference } from "../../sandbox/job.ts";
import { BadInputError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import { systemCode } from "./disk-errors.ts";

/** What a tree's hash covers of one file. */
export interface FileFacts {
  path: string;
  size: number;
  sha256: string;
}

/**
 * Content hash of a tree: SHA-256 over its files in order of their paths, each with its size and SHA-256. Empty folders,
 * times and modes do not count, so equal content has one name.
 */
function treeReference(files: readonly FileFacts[]): TreeReference {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    hash.update(`${file.path}\0${file.size}\0${file.sha256}\n`);
    bytes += file.size;
  }
  return { hash: hash.digest("hex"), files: files.length, bytes };
}

/** Writes one tree beside the store's trees and renames it into place: a tree that has its name is whole. */
export class TreeWriter {
  readonly #beside: string;
  readonly #place: (hash: string) => string;
  readonly #files = new Map<string, FileFacts>();
  readonly #folders = new Set<string>();

  /** @param beside an empty folder on the same file system as `place(hash)`, in the same parent. */
  constructor(beside: string, place: (hash: string) => string) {
    this.#beside = beside;
    this.#place = place;
  }

  /** Where the tree is written until it is committed. */
  get folder(): string {
    return this.#beside;
  }

  /** Adds a small file. */
  async add(path: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const target = await this.#claim(path);
    await writeFile(target, bytes, { mode: 0o444, flag: "wx" });
    this.#files.set(path, { path, size: bytes.byteLength, sha256: sha256(bytes) });
  }

  /** Adds a file of any size, chunk by chunk; memory stays at one chunk. */
  async addStream(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const target = await this.#claim(path);
    const hash: Hash = createHash("sha256");
    let size = 0;
    const file: FileHandle = await open(target, "wx", 0o444);
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        size += chunk.byteLength;
        for (let done = 0; done < chunk.byteLength; ) done += (await file.write(chunk, done)).bytesWritten;
      }
    } finally {
      await file.close();
    }
    this.#files.set(path, { path, size, sha256: hash.digest("hex") });
  }

  /** Notes a file that lies in `folder` already, e.g. because the folder was moved there. */
  adopt(file: FileFacts): void {
    this.#files.set(file.path, file);
    for (let folder = dirname(file.path); folder !== "."; folder = dirname(folder)) this.#folders.add(folder);
  }

  /** Puts the tree into the store. When the same content is there already, what was written is dropped. */
  async commit(): Promise<TreeReference> {
    const reference = treeReference([...this.#files.values()]);
    for (const folder of [...this.#folders].sort().reverse()) await chmod(join(this.#beside, folder), 0o555);
    await chmod(this.#beside, 0o555);
    try {
      await rename(this.#beside, this.#place(reference.hash));
    } catch (error) {
      const code = systemCode(error);
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      await this.abandon();
    }
    return reference;
  }

  /** Removes what was written. */
  async abandon(): Promise<void> {
    await removeTree(this.#beside, this.#folders);
  }

  async #claim(path: string): Promise<string> {
    if (
      path === "" ||
      path.startsWith("/") ||
      path.includes("\0") ||
      path.split("/").some((part) => part === "" || part === "." || part === "..")
    ) {
      throw new BadInputError(`Not a path inside a tree: ${JSON.stringify(path.slice(0, 200))}`);
    }
    const parents: string[] = [];
    for (let folder = dirname(path); folder !== "." && !this.#folders.has(folder); folder = dirname(folder))
      parents.push(folder);
    for (const folder of parents.reverse()) {
      await mkdir(join(this.#beside, folder), { mode: 0o755 }).catch((error) => {
        // A concurrent `add` may have made it.
        if (systemCode(error) !== "EEXIST") throw error;
      });
      this.#folders.add(folder);
    }
    return join(this.#beside, path);
  }
}

/** Removes a folder whose subfolders may be read-only. */
export async function removeTree(root: string, folders: Iterable<string> = []): Promise<void> {
  await chmod(root, 0o755).catch(() => undefined);
  for (const folder of folders) await chmod(join(root, folder), 0o755).catch(() => undefined);
  await rm(root, { recursive: true, force: true });
}
