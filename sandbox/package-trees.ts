import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ArtefactStore } from "../core/store.ts";
import { withBytecode } from "./compiled-package.ts";
import type { TreeReference } from "./job.ts";

/** Puts Python package folders into a store; asks the disk only for sizes and times when nothing has changed. */
export function createPackageTrees(store: ArtefactStore): (folder: string) => Promise<TreeReference> {
  const known = new Map<string, { stamp: string; tree: Promise<TreeReference> }>();
  return async (folder) => {
    const files = await packageFiles(folder);
    const stamp = files.map((file) => `${file.path}:${file.stamp}`).join("\n");
    const earlier = known.get(folder);
    if (earlier?.stamp === stamp) return earlier.tree;
    const tree = put(store, folder, files);
    known.set(folder, { stamp, tree });
    tree.catch(() => known.delete(folder));
    return tree;
  };
}

async function put(
  store: ArtefactStore,
  folder: string,
  files: Array<{ path: string }>,
): Promise<TreeReference> {
  const contents = await Promise.all(
    files.map(async ({ path }) => [path, await readFile(join(folder, path))] as const),
  );
  return store.putFiles(await withBytecode(basename(folder), Object.fromEntries(contents)));
}

async function packageFiles(root: string, below = ""): Promise<Array<{ path: string; stamp: string }>> {
  const found: Array<{ path: string; stamp: string }> = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "__pycache__" && !entry.name.startsWith("."))
        found.push(...(await packageFiles(root, path)));
    } else if (entry.isFile() && !entry.name.endsWith(".pyc")) {
      const { mtimeMs, size } = await stat(join(root, path));
      found.push({ path, stamp: `${mtimeMs}:${size}` });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
