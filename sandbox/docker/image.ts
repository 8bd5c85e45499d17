import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { sha256 } from "../../core/hash.ts";

/** The build's context. */
export const imageFolder = fileURLToPath(new URL("../image/", import.meta.url));

/** Files of the build's context by path, in order. */
export async function contextFiles(): Promise<Array<{ path: string; content: Buffer }>> {
  const entries = await readdir(imageFolder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name).slice(imageFolder.length))
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(join(imageFolder, path)) })));
}

/** Name of the image that belongs to this version of the program: its tag is the hash of what it is built of. */
export async function imageName(): Promise<string> {
  const hash = createHash("sha256");
  for (const { path, content } of await contextFiles()) hash.update(`${path}\0${sha256(content)}\n`);
  return `mle-smith-sandbox:${hash.digest("hex").slice(0, 16)}`;
}

/** Id and processor of an image that the daemon has, or undefined. */
export async function findImage(
  docker: Docker,
  name: string,
): Promise<{ id: string; architecture: string; bytes: number } | undefined> {
  try {
    const found = await docker.getImage(name).inspect();
    return { id: found.Id, architecture: found.Architecture, bytes: found.Size };
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Whether an error is the daemon's answer with an HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === status;
}
