import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashFile, sha256 } from "../../core/hash.ts";
import { listRegularFiles } from "../../core/store/copy-tree.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { Manifest } from "../manifest.ts";

/** A manifest before the list of files. */
export type ManifestDraft = Omit<Manifest, "files">;

/** What a package is made of. */
export interface PackageParts {
  manifest: ManifestDraft;
  /** Tree with `public/` and `private/`, as `prepare.py` wrote them. */
  prepared: TreeReference;
  prepare: string;
  metric: string;
  description: string;
  /** Text of `public/attribution.txt`: source and licence of the data; null where nothing is known. */
  attribution: string | null;
}

/** Bytes of one file of a package, or where they lie. */
type Content = string | { file: string };

/**
 * Puts a package together in the store: `task.json` with the list of files, descriptions, programs, public and
 * private files. Equal parts give an equal tree. Throws ZodError when the draft is no manifest.
 */
export async function assemblePackage(parts: PackageParts, store: ArtefactStore): Promise<TreeReference> {
  const prepared = store.treePath(parts.prepared);
  const contents = new Map<string, Content>();
  for (const path of await listRegularFiles(prepared)) contents.set(path, { file: join(prepared, path) });
  contents.set("description.md", parts.description);
  contents.set("public/description.md", parts.description);
  contents.set("prepare.py", parts.prepare);
  contents.set("metric.py", parts.metric);
  if (parts.attribution !== null) contents.set("public/attribution.txt", parts.attribution);

  const manifest = await completeManifest(parts.manifest, contents);
  const tree = await store.newTree();
  try {
    for (const [path, content] of contents) {
      if (typeof content === "string") await tree.add(path, content);
      else if ((await stat(content.file)).size < 1 << 20) await tree.add(path, await readFile(content.file));
      else await tree.addStream(path, createReadStream(content.file));
    }
    await tree.add("task.json", manifestText(manifest));
    return await tree.commit();
  } catch (error) {
    await tree.abandon();
    throw error;
  }
}

/** The manifest with the list of files, in order of their paths. */
async function completeManifest(
  draft: ManifestDraft,
  contents: ReadonlyMap<string, Content>,
): Promise<Manifest> {
  const files = [];
  for (const path of [...contents.keys()].sort()) {
    const content = contents.get(path) ?? "";
    files.push(
      typeof content === "string"
        ? { path, bytes: Buffer.byteLength(content), sha256: sha256(content) }
        : { path, ...(await measure(content.file)) },
    );
  }
  return Manifest.parse({ ...draft, files });
}

async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const { size } = await stat(file);
  return { bytes: size, sha256: size < 1 << 20 ? sha256(await readFile(file)) : await hashFile(file) };
}

/** `task.json`: indented, with a line feed at the end; one file a line, as there can be thousands. */
function manifestText(manifest: Manifest): string {
  const { files, ...rest } = manifest;
  const lines = files.map((file) => `    ${JSON.stringify(file)}`).join(",\n");
  const head = JSON.stringify({ ...rest, files: [] }, undefined, 2);
  return `${files.length === 0 ? head : head.replace(/"files": \[\]\n\}$/, () => `"files": [\n${lines}\n  ]\n}`)}\n`;
}
