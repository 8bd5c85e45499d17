import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { hashValue, sha256 } from "../core/hash.ts";
import { findRuntime, runtimeHome } from "./runtime.ts";

const run = promisify(execFile);

/** Contents of a Python package's files by path inside it. */
export type PackageFiles = Record<string, Uint8Array>;

/**
 * Adds bytecode to a package of ours, so that no job compiles it again (60 ms for the survey's). Kept beside the runtime by the
 * hash of the sources; a package that cannot be compiled or kept is given back as it is.
 */
export async function withBytecode(name: string, sources: PackageFiles): Promise<PackageFiles> {
  const runtime = await findRuntime();
  const paths = Object.keys(sources).filter((path) => path.endsWith(".py"));
  if (runtime === undefined || paths.length === 0) return sources;
  const hashes = Object.entries(sources).map(([path, content]) => [path, sha256(content)]);
  const folder = join(runtimeHome(), `code-${hashValue([runtime.version, name, hashes]).slice(0, 16)}`);
  const tag = `cpython-${runtime.version.split(".").slice(0, 2).join("")}`;
  const compiledPath = (path: string) =>
    join(
      dirname(path),
      "__pycache__",
      path.slice(dirname(path) === "." ? 0 : dirname(path).length + 1).replace(/\.py$/, `.${tag}.pyc`),
    );
  try {
    return await readAll();
  } catch {
    // Not there yet.
  }
  try {
    const beside = await mkdtemp(join(runtimeHome(), ".code-"));
    try {
      for (const path of paths) {
        await mkdir(dirname(join(beside, path)), { recursive: true });
        await writeFile(join(beside, path), sources[path] ?? "");
      }
      // Shown in messages is where a job sees the file.
      const names = ["-s", beside, "-p", `/job/code/${name}`];
      await run(runtime.interpreter, [
        "-I",
        "-m",
        "compileall",
        "-q",
        ...names,
        "--invalidation-mode",
        "unchecked-hash",
        beside,
      ]);
      await rename(beside, folder);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
    return await readAll();
  } catch {
    return sources;
  }

  async function readAll(): Promise<PackageFiles> {
    const compiled = await Promise.all(
      paths.map(
        async (path) => [compiledPath(path), await readFile(join(folder, compiledPath(path)))] as const,
      ),
    );
    return { ...sources, ...Object.fromEntries(compiled) };
  }
}
