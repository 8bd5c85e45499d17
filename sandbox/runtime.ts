import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { hashValue, sha256 } from "../core/hash.ts";

/** What the image folder of this repository holds: pinned packages, the supervisor, and modules of ours. */
const imageFolder = fileURLToPath(new URL("./image/", import.meta.url));

/** Name of the file in a virtual environment that says it is whole; written last by the set-up. */
export const runtimeRecordName = "mle-smith-runtime.json";

/** What the set-up measured of the interpreter, so that no job has to ask again. */
export const RuntimeRecord = z.strictObject({
  v: z.literal(1),
  /** Python's version, e.g. 3.11.2. */
  version: z.string(),
  /** Processor architecture, e.g. x86_64. */
  machine: z.string(),
  /** Real path of the interpreter's binary. */
  interpreter: z.string(),
  /** Path to which the environment's own `bin/python` leads, where the binary must lie inside too. */
  linkedAs: z.string(),
  /** Folders of the host that hold the standard library and shared libraries. */
  libraries: z.array(z.string()),
});
export type RuntimeRecord = z.infer<typeof RuntimeRecord>;

/** A Python with its packages that a sandbox can bind. All paths are absolute paths of the host. */
export interface Runtime extends RuntimeRecord {
  /** The virtual environment. */
  environment: string;
  /** The program that starts, ends and collects a job inside the sandbox. */
  supervisor: string;
  /** Folder of the programs that keep interpreters ready inside a sandbox. */
  ready: string;
  /** The program that cleans up outside after this one was killed. */
  watchdog: string;
  /** Folder of our own modules, bound at /runtime. */
  site: string;
  /** Names everything above by content: part of each job's id. */
  fingerprint: string;
}

/** Folder for what the set-up makes: `MLE_SMITH_HOME`, else a place that a job's uid can read. */
export function runtimeHome(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.MLE_SMITH_HOME) return environment.MLE_SMITH_HOME;
  if (process.getuid?.() === 0) return "/var/lib/mle-smith";
  return join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "mle-smith");
}

/** Path of the pinned requirements. */
export const requirementsPath = join(imageFolder, "requirements.txt");

/** Where the virtual environment of the pinned requirements lies, or would lie. */
export async function environmentPath(): Promise<string> {
  return join(runtimeHome(), `python-${sha256(await readFile(requirementsPath)).slice(0, 16)}`);
}

/** The runtime that the set-up made, or undefined when there is none or it is not whole. */
export async function findRuntime(): Promise<Runtime | undefined> {
  const environment = await environmentPath();
  const text = await readFile(join(environment, runtimeRecordName), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const record = RuntimeRecord.safeParse(parseJson(text));
  if (!record.success || !(await isFile(record.data.interpreter))) return undefined;
  const image = await installImage();
  const { interpreter: _interpreter, libraries: _libraries, ...named } = record.data;
  return {
    ...record.data,
    environment,
    supervisor: join(image.folder, "supervise.py"),
    ready: join(image.folder, "ready"),
    watchdog: join(image.folder, "watch.py"),
    site: join(image.folder, "site"),
    fingerprint: hashValue({
      ...named,
      environment: environment.slice(environment.lastIndexOf("-")),
      image: image.hash,
    }),
  };
}

/**
 * Copies the image's own Python files beside the environment, by content hash: this repository may lie where the
 * uid of a job cannot read.
 */
async function installImage(): Promise<{ folder: string; hash: string }> {
  const files = await listFiles(imageFolder, "");
  const contents = await Promise.all(
    files.map(async (path) => [path, await readFile(join(imageFolder, path))] as const),
  );
  const hash = createHash("sha256");
  for (const [path, content] of contents) hash.update(`${path}\0${content.length}\0${sha256(content)}\n`);
  const name = hash.digest("hex");
  const folder = join(runtimeHome(), `image-${name.slice(0, 16)}`);
  if (!(await isFile(join(folder, "supervise.py")))) {
    await mkdir(runtimeHome(), { recursive: true, mode: 0o755 });
    const beside = await mkdtemp(join(runtimeHome(), ".image-"));
    for (const [path, content] of contents) {
      await mkdir(dirname(join(beside, path)), { recursive: true, mode: 0o755 });
      await writeFile(join(beside, path), content, { mode: 0o644 });
    }
    await chmod(beside, 0o755);
    // Another process may have been faster; its copy has the same content.
    await rename(beside, folder).catch(() => rm(beside, { recursive: true, force: true }));
  }
  return { folder, hash: name };
}

async function listFiles(root: string, below: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory() && entry.name !== "__pycache__") found.push(...(await listFiles(root, path)));
    else if (entry.isFile() && entry.name.endsWith(".py")) found.push(path);
  }
  return found.sort();
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
