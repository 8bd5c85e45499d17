import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, describeError } from "../core/errors.ts";
import type { TreeReference } from "../sandbox/job.ts";
import { Manifest } from "../task/manifest.ts";
import type { VerificationServices } from "./services.ts";

/** One entry of a package folder. */
export interface PackageEntry {
  /** Relative to the package, with `/`. */
  path: string;
  kind: "file" | "other";
  bytes: number;
  modifiedMs: number;
}

/** A package folder as this process sees it: names, sizes, manifest and texts, never its tables. */
export interface TaskPackage {
  folder: string;
  entries: PackageEntry[];
  manifest: Manifest | null;
  /** Why there is no manifest. */
  manifestProblem: string | null;
  /** Texts by name; null where the file is missing or too long. */
  texts: {
    description: string | null;
    prepare: string | null;
    metric: string | null;
    publicDescription: string | null;
  };
}

/** A package with what a job may see of it, in the store. */
export interface MountedPackage extends TaskPackage {
  manifest: Manifest;
  publicTree: TreeReference;
  privateTree: TreeReference;
}

const MOST_TEXT = 1_000_000;
const MOST_BYTES = 16 * 1024 ** 3;
const MOST_FILES = 500_000;

/** Reads a package folder that anybody may have made. Throws BadInputError when there is no such folder, or too much in it. */
export async function openPackage(folder: string): Promise<TaskPackage> {
  const there = await stat(folder).catch(() => undefined);
  if (there === undefined || !there.isDirectory())
    throw new BadInputError(`${folder} is not a folder`, {
      hint: "Give the folder of a task package: the one that holds task.json.",
    });
  const entries = await listEntries(folder);
  const { manifest, problem } = await readManifest(folder, entries);
  const text = (path: string) => readText(folder, path, entries);
  return {
    folder,
    entries,
    manifest,
    manifestProblem: problem,
    texts: {
      description: await text("description.md"),
      prepare: await text("prepare.py"),
      metric: await text("metric.py"),
      publicDescription: await text("public/description.md"),
    },
  };
}

/** Puts the public and the private part in the store. Links are refused by the store (BadInputError). */
export async function mountPackage(
  task: TaskPackage & { manifest: Manifest },
  services: VerificationServices,
): Promise<MountedPackage> {
  const [publicTree, privateTree] = await Promise.all([
    services.store.putTree(join(task.folder, "public")),
    services.store.putTree(join(task.folder, "private")),
  ]);
  return { ...task, publicTree, privateTree };
}

async function listEntries(folder: string): Promise<PackageEntry[]> {
  const found = await readdir(folder, { withFileTypes: true, recursive: true });
  const entries: PackageEntry[] = [];
  for (const entry of found) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const relative = path.slice(folder.replace(/\/+$/, "").length + 1);
    if (!entry.isFile()) entries.push({ path: relative, kind: "other", bytes: 0, modifiedMs: 0 });
    else {
      const facts = await stat(path);
      entries.push({ path: relative, kind: "file", bytes: facts.size, modifiedMs: facts.mtimeMs });
    }
  }
  if (entries.length > MOST_FILES || entries.reduce((sum, entry) => sum + entry.bytes, 0) > MOST_BYTES)
    throw new BadInputError(`${folder} holds more than ${MOST_FILES} files or 16 GiB`, {
      hint: "Give the folder of one task.",
    });
  return entries.sort((left, right) => (left.path < right.path ? -1 : 1));
}

async function readManifest(
  folder: string,
  entries: PackageEntry[],
): Promise<{ manifest: Manifest | null; problem: string | null }> {
  const text = await readText(folder, "task.json", entries);
  if (text === null) return { manifest: null, problem: "task.json is missing or too long" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { manifest: null, problem: `task.json is not JSON: ${describeError(error)}` };
  }
  const parsed = Manifest.safeParse(value);
  if (parsed.success) return { manifest: parsed.data, problem: null };
  const issues = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`);
  return { manifest: null, problem: issues.join("; ") };
}

async function readText(folder: string, path: string, entries: PackageEntry[]): Promise<string | null> {
  const entry = entries.find((candidate) => candidate.path === path);
  if (entry === undefined || entry.kind !== "file" || entry.bytes > MOST_TEXT) return null;
  return await readFile(join(folder, path), "utf8");
}
