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
import { listRegularFiles } from "../../core/store/copy-tree.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { Certificate } from "../certificate.ts";

/** One date for all files, so that it tells nothing: 2000-01-01. */
const DATE = new Date(946_684_800_000);

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
  const safe = dataset.name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  const folder = join(out, "datasets", `${safe || "dataset"}-${dataset.fingerprint.slice(0, 12)}`);
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
    await forEach(paths, async (path) => {
      await copyFile(join(source, path), join(beside, path));
      await finishFile(join(beside, path), mode);
    });
    for (const [path, text] of Object.entries(texts)) {
      await writeFile(join(beside, path), text);
      await finishFile(join(beside, path), mode);
    }
    await flushFolders(beside);
    const aside = join(parent, `.${name}.old-${mark}`);
    const replaced = await rename(final, aside).then(
      () => true,
      () => false,
    );
    await rename(beside, final);
    await flush(parent);
    if (replaced) await rm(aside, { recursive: true, force: true });
    return final;
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
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
  await forEach(present, async (path) => {
    const text = texts[path];
    const [one, other] = [join(folder, path), join(source, path)];
    const equal =
      text === undefined ? await haveEqualBytes(one, other) : (await readFile(one, "utf8")) === text;
    if (!equal) differing.push(path);
  });
  return differing.length === 0;
}

async function haveEqualBytes(one: string, other: string): Promise<boolean> {
  const [{ size }, { size: otherSize }] = await Promise.all([stat(one), stat(other)]);
  if (size !== otherSize) return false;
  if (size > 1 << 20) return (await hashFile(one)) === (await hashFile(other));
  const [bytes, otherBytes] = await Promise.all([readFile(one), readFile(other)]);
  return bytes.equals(otherBytes);
}

/** Does the work for each item, eight at once; all have ended when it returns or throws. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: 8 }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
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
