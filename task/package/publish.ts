import { randomBytes } from "node:crypto";
import {
  chmod,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashFile } from "../../core/hash.ts";
import { inParallel } from "../../core/in-parallel.ts";
import { listRegularFiles } from "../../core/store/copy-tree.ts";
import { systemCode } from "../../core/store/disk-errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { Certificate } from "../certificate.ts";

/** One date for all files, so that it tells nothing: 2000-01-01. */
const DATE = new Date(946_684_800_000);
const filesAtOnce = 8;

/**
 * Puts a package at `<out>/tasks/<id>`: written beside, flushed to disk, renamed into place, so that a task which is
 * there is whole. An identical one is left alone; another one of the same id is replaced. Gives the folder.
 */
export async function publishTask(
  tree: TreeReference,
  certificate: Certificate,
  target: { out: string; id: string },
  store: ArtefactStore,
): Promise<string> {
  const text = `${JSON.stringify(Certificate.parse(certificate), undefined, 2)}\n`;
  return place(
    store.treePath(tree),
    { "certificate.json": text },
    join(target.out, "tasks"),
    target.id,
    0o644,
  );
}

/** Puts one read-only copy of a dataset's raw files at `<out>/datasets/<name>-<fingerprint>/raw`. Gives that folder. */
export async function publishDataset(
  raw: TreeReference,
  dataset: { name: string; fingerprint: string },
  out: string,
  store: ArtefactStore,
): Promise<string> {
  const name = dataset.name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  const mark = dataset.fingerprint.replace(/[^A-Za-z0-9]+/g, "").slice(0, 12);
  const folder = join(out, "datasets", `${name || "dataset"}-${mark}`);
  return place(store.treePath(raw), {}, folder, "raw", 0o444);
}

async function place(
  source: string,
  texts: Record<string, string>,
  parent: string,
  name: string,
  mode: number,
): Promise<string> {
  const paths = await listRegularFiles(source);
  const final = join(parent, name);
  if (await isEqual(final, source, paths, texts)) return final;
  await mkdir(parent, { recursive: true });
  const mark = `${process.pid}-${randomBytes(4).toString("hex")}`;
  const beside = join(parent, `.${name}.new-${mark}`);
  try {
    for (const folder of new Set(paths.map((path) => dirname(join(beside, path)))))
      await mkdir(folder, { recursive: true });
    await inParallel(paths, filesAtOnce, async (path) => {
      await copyFile(join(source, path), join(beside, path));
      await finishFile(join(beside, path), mode);
    });
    for (const [path, text] of Object.entries(texts)) {
      await writeFile(join(beside, path), text);
      await finishFile(join(beside, path), mode);
    }
    await flushFolders(beside);
    const aside: string[] = [];
    while (!(await renamed(beside, final, ["ENOTEMPTY", "EEXIST", "ENOTDIR"]))) {
      // Tasks of one dataset may be published at the same moment: an equal one that is there by now stays.
      if (await isEqual(final, source, paths, texts)) {
        await rm(beside, { recursive: true, force: true });
        break;
      }
      const old = join(parent, `.${name}.old-${mark}-${aside.length}`);
      if (await renamed(final, old, ["ENOENT"])) aside.push(old);
    }
    await flush(parent);
    for (const old of aside) await rm(old, { recursive: true, force: true });
    return final;
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    throw error;
  }
}

/** Renames a folder; false when that fails with one of these codes of the system. */
async function renamed(from: string, to: string, unless: string[]): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (unless.includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

/** Whether the folder holds exactly these files. */
async function isEqual(
  folder: string,
  source: string,
  paths: string[],
  texts: Record<string, string>,
): Promise<boolean> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) return false;
  const wanted = new Set([...paths, ...Object.keys(texts)]);
  const present = await listRegularFiles(folder).catch((): string[] => []);
  if (present.length !== wanted.size || !present.every((path) => wanted.has(path))) return false;
  const differing: string[] = [];
  await inParallel(present, filesAtOnce, async (path) => {
    const equal = await isEqualFile(join(folder, path), texts[path] ?? { at: join(source, path) });
    if (!equal) differing.push(path);
  });
  return differing.length === 0;
}

/** Whether a file holds a text, or what another one holds; one that is replaced at this moment does not. */
async function isEqualFile(path: string, content: string | { at: string }): Promise<boolean> {
  try {
    if (typeof content === "string") return (await readFile(path, "utf8")) === content;
    const [{ size }, { size: otherSize }] = await Promise.all([stat(path), stat(content.at)]);
    if (size !== otherSize) return false;
    if (size > 1 << 20) return (await hashFile(path)) === (await hashFile(content.at));
    const [bytes, otherBytes] = await Promise.all([readFile(path), readFile(content.at)]);
    return bytes.equals(otherBytes);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function finishFile(path: string, mode: number): Promise<void> {
  await chmod(path, 0o644);
  await flush(path);
  await utimes(path, DATE, DATE);
  if (mode !== 0o644) await chmod(path, mode);
}

async function flushFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await flushFolders(join(folder, entry.name));
  }
  await flush(folder);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
