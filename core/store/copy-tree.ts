import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { chmod, type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import { inParallel } from "../in-parallel.ts";
import { systemCode } from "./disk-errors.ts";
import type { TreeWriter } from "./tree-writer.ts";

const smallFile = 1 << 20;
const chunkBytes = 1 << 20;
const filesAtOnce = 8;

/** Relative paths of the regular files under a folder. @throws BadInputError on links and special files. */
export async function listRegularFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.name.includes("\ufffd"))
        throw new BadInputError(`The name of a file is not valid UTF-8: ${JSON.stringify(path)}`, {
          hint: "Rename it.",
        });
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) files.push(path);
      else
        throw new BadInputError(`Neither a regular file nor a folder: ${JSON.stringify(path)}`, {
          hint: "Links, devices, pipes and sockets are not taken: copy the file to where the link is.",
        });
    }
  }
  return files.sort();
}

/** Copies a folder's files into the writer, hashing on the way. */
export async function copyInto(writer: TreeWriter, root: string): Promise<void> {
  await inParallel(await listRegularFiles(root), filesAtOnce, async (path) => {
    const source = await openRegular(join(root, path), path);
    try {
      const { size } = await source.stat();
      if (size <= smallFile) await writer.add(path, await source.readFile());
      else await writer.addStream(path, chunksOf(source));
    } finally {
      await source.close();
    }
  });
}

/** Takes over the files that lie in the writer's folder already: hashes them and makes them read-only. */
export async function adoptInPlace(writer: TreeWriter): Promise<void> {
  await inParallel(await listRegularFiles(writer.folder), filesAtOnce, async (path) => {
    const full = join(writer.folder, path);
    const source = await openRegular(full, path);
    try {
      const { size } = await source.stat();
      if (size <= smallFile) writer.adopt({ path, size, sha256: sha256(await source.readFile()) });
      else {
        const hash = createHash("sha256");
        for await (const chunk of chunksOf(source)) hash.update(chunk);
        writer.adopt({ path, size, sha256: hash.digest("hex") });
      }
    } finally {
      await source.close();
    }
    await chmod(full, 0o444);
  });
}

/** Whether some file has a second name elsewhere, through which it could be changed later. */
export async function hasHardLinks(root: string): Promise<boolean> {
  for (const path of await listRegularFiles(root)) if ((await lstat(join(root, path))).nlink > 1) return true;
  return false;
}

async function openRegular(full: string, path: string): Promise<FileHandle> {
  // A file may have become a link, or a pipe, since the folder was listed.
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error) => {
      if (systemCode(error) === "EACCES")
        throw new BadInputError(`No permission to read ${JSON.stringify(path)}`, {
          cause: error,
          hint: "Make the file readable for this user.",
        });
      if (systemCode(error) === "ELOOP")
        throw new BadInputError(`Not a regular file: ${JSON.stringify(path)}`, { cause: error });
      throw error;
    },
  );
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new BadInputError(`Not a regular file: ${JSON.stringify(path)}`);
}

/** Bytes of an open file from where it stands; each piece is gone when the next one is asked for. */
export async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
