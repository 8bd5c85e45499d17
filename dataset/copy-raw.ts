import { constants } from "node:fs";
import { type FileHandle, open, readdir, readlink, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BadInputError, InterruptedError } from "../core/errors.ts";
import { inParallel } from "../core/in-parallel.ts";
import { chunksOf } from "../core/store/copy-tree.ts";
import type { ArtefactStore, TreeWriter } from "../core/store.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { DatasetLimits, SetAside } from "./open.ts";

/** Bytes up to which a file is read at once. */
const smallFile = 1 << 20;
const filesAtOnce = 8;
const mostReported = 200;
/** Left by systems and tools, never data. */
const notData = new Set([
  ".git",
  ".svn",
  ".hg",
  "__MACOSX",
  ".DS_Store",
  "Thumbs.db",
  "desktop.ini",
  "__pycache__",
  ".ipynb_checkpoints",
  "node_modules",
]);

interface Copy {
  raw: TreeReference;
  paths: string[];
  setAside: SetAside[];
}

/**
 * Copies the regular files of a folder, or one file, into the store; `full` is a real path. Links, special files and files that cannot be
 * read are left out and reported.
 * @throws BadInputError when nothing is left, or the limits are passed.
 */
export async function copyRaw(
  full: string,
  store: ArtefactStore,
  options: { limits: DatasetLimits; signal?: AbortSignal },
): Promise<Copy> {
  const setAside: SetAside[] = [];
  const report = (path: string, why: string) => {
    if (setAside.length < mostReported) setAside.push({ path, why });
  };
  const single = (await stat(full)).isFile();
  const root = single ? dirname(full) : full;
  const listed = single ? [basename(full)] : await listFiles(full, report, options);
  if (listed.length === 0) throw emptyError(full, setAside);
  const writer = await store.newTree();
  try {
    const copied = new Set<string>();
    const unread = new Map<string, string>();
    let bytes = 0;
    await inParallel(listed, filesAtOnce, async (path) => {
      if (options.signal?.aborted) throw new InterruptedError("Stopped while the dataset was copied");
      const outcome = await copyFile(join(root, path), path, writer, options.limits.bytes - bytes);
      if ("why" in outcome) unread.set(path, outcome.why);
      else {
        bytes += outcome.bytes;
        copied.add(path);
      }
    });
    const paths = listed.filter((path) => copied.has(path));
    for (const path of listed) if (unread.has(path)) report(path, unread.get(path) ?? "");
    if (bytes > options.limits.bytes) throw tooLarge(root);
    if (paths.length === 0) throw emptyError(full, setAside);
    return { raw: await writer.commit(), paths, setAside };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function emptyError(full: string, setAside: SetAside[]): BadInputError {
  const [first] = setAside;
  const reason = first ? ` (${setAside.length} left out; ${JSON.stringify(first.path)}: ${first.why})` : "";
  return new BadInputError(`There are no files to read in ${full}${reason}`, {
    hint: "Hand over a folder with data files, or one data file.",
  });
}

function tooLarge(where: string): BadInputError {
  return new BadInputError(`The dataset has more bytes than the limit allows (at ${JSON.stringify(where)})`, {
    hint: "Hand over less data, or raise the limit.",
  });
}

/** Relative paths of the regular files, in order. */
async function listFiles(
  root: string,
  report: (path: string, why: string) => void,
  options: { limits: DatasetLimits; signal?: AbortSignal },
): Promise<string[]> {
  const files: string[] = [];
  const pending = [""];
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    if (options.signal?.aborted) throw new InterruptedError("Stopped while the dataset was listed");
    const folder = below;
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        report(folder || ".", `the folder cannot be read (${error.code ?? error.message})`);
        return [];
      },
    );
    for (const entry of entries) {
      if (notData.has(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.includes("\ufffd")) report(path, "its name is not valid UTF-8");
      else if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) files.push(path);
      else
        report(
          path,
          entry.isSymbolicLink()
            ? "it is a link; links are not followed"
            : "it is neither a file nor a folder",
        );
      if (files.length > options.limits.files) {
        throw new BadInputError(`The dataset has more than ${options.limits.files} files: ${root}`, {
          hint: "Hand over a folder with fewer files, or raise the limit.",
        });
      }
    }
  }
  return files.sort();
}

async function copyFile(
  full: string,
  path: string,
  writer: TreeWriter,
  left: number,
): Promise<{ bytes: number } | { why: string }> {
  let file: FileHandle;
  try {
    file = await open(full, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    return {
      why: `it cannot be read (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`,
    };
  }
  try {
    if (await isElsewhere(file, full)) return { why: "it lies behind a link; links are not followed" };
    const facts = await file.stat();
    if (!facts.isFile()) return { why: "it is neither a file nor a folder" };
    if (facts.size > left) throw tooLarge(full);
    if (facts.size <= smallFile) await writer.add(path, await file.readFile());
    else await writer.addStream(path, chunksOf(file));
    return { bytes: facts.size };
  } finally {
    await file.close();
  }
}

/**
 * Whether what was opened is not what the path said when the folder was listed: a folder on the way may have become a link
 * since. The kernel knows the place of an open file; no later change of names can make this answer wrong.
 */
async function isElsewhere(file: FileHandle, full: string): Promise<boolean> {
  const real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  return real !== undefined && real !== full && real !== `${full} (deleted)`;
}
