import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import type { ArtefactStore } from "../../core/store.ts";
import type { Job } from "../job.ts";

/** The same for every file, so that equal workspaces are equal; archives cannot hold dates before 1980. */
const written = new Date("2000-01-01T00:00:00Z");

/** A job's workspace as a tar for the folder /job: all belongs to root and cannot be written by others. */
export function packWorkspace(store: ArtefactStore, job: Job): Pack {
  const tar = pack();
  fill(tar, store, job).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return tar;
}

async function fill(tar: Pack, store: ArtefactStore, job: Job): Promise<void> {
  const made = new Set<string>();
  // Every folder is named: one that is not gets whatever rights the daemon thinks fit.
  const folders = (path: string) => {
    const parts = path.split("/");
    for (let length = 1; length <= parts.length; length += 1) {
      const folder = parts.slice(0, length).join("/");
      if (folder === "" || made.has(folder)) continue;
      made.add(folder);
      tar.entry({ name: folder, type: "directory", mode: 0o755, uid: 0, gid: 0, mtime: written });
    }
  };
  for (const [path, tree] of Object.entries(job.workspace.trees).sort(([a], [b]) => (a < b ? -1 : 1))) {
    folders(path);
    const root = store.treePath(tree);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name);
      const name = join(path, file.slice(root.length + 1));
      if (entry.isDirectory()) folders(name);
      else if (entry.isFile()) {
        folders(name.slice(0, name.lastIndexOf("/")));
        await addFile(tar, name, file);
      }
    }
  }
  for (const [path, text] of Object.entries(job.workspace.files)) {
    folders(path.split("/").slice(0, -1).join("/"));
    tar.entry({ name: path, mode: 0o444, uid: 0, gid: 0, mtime: written }, Buffer.from(text));
  }
}

async function addFile(tar: Pack, name: string, file: string): Promise<void> {
  const { size } = await stat(file);
  const header = { name, size, mode: 0o444, uid: 0, gid: 0, mtime: written };
  await pipeline(createReadStream(file), tar.entry(header));
}
