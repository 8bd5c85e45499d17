import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { BadInputError, describeError } from "../../core/errors.ts";
import { hashFile, sha256 } from "../../core/hash.ts";
import { listRegularFiles } from "../../core/store/copy-tree.ts";
import { Certificate } from "../certificate.ts";
import { Manifest } from "../manifest.ts";

/** A package that was read and found whole. */
export interface TaskPackage {
  folder: string;
  manifest: Manifest;
  /** Null before a task is accepted. */
  certificate: Certificate | null;
}

/** Files of a package that the manifest does not list. */
const UNLISTED = new Set(["task.json", "certificate.json"]);

/**
 * Reads a package folder that anybody may have made. Throws BadInputError when manifest or certificate are not
 * valid, when a file is missing, changed or not listed, and when there are links or special files.
 * `content: false` compares sizes instead of bytes.
 */
export async function readPackage(folder: string, options: { content?: boolean } = {}): Promise<TaskPackage> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new BadInputError(`${folder} is not a folder.`, {
      hint: "Give the folder of a task package: the one that holds task.json.",
    });
  }
  const paths = new Set(await listRegularFiles(folder));
  if (!paths.has("task.json")) {
    throw new BadInputError(`${folder} holds no task.json.`, { hint: "Give the folder of a task package." });
  }
  const manifest = await readDocument(folder, "task.json", Manifest);
  const certificate = paths.has("certificate.json")
    ? await readDocument(folder, "certificate.json", Certificate)
    : null;
  for (const file of manifest.files) {
    const broken = (what: string) =>
      new BadInputError(`${join(folder, file.path)} ${what}: the package is not whole.`);
    if (!paths.delete(file.path)) throw broken("is missing");
    const path = join(folder, file.path);
    if ((await stat(path)).size !== file.bytes) throw broken("has another size than its manifest says");
    if (
      options.content !== false &&
      (file.bytes < 1 << 20 ? sha256(await readFile(path)) : await hashFile(path)) !== file.sha256
    ) {
      throw broken("has another content than its manifest says");
    }
  }
  const extra = [...paths].find((path) => !UNLISTED.has(path));
  if (extra !== undefined)
    throw new BadInputError(`${join(folder, extra)} is not in the package's manifest.`);
  return { folder, manifest, certificate };
}

async function readDocument<Value>(folder: string, name: string, schema: z.ZodType<Value>): Promise<Value> {
  const path = join(folder, name);
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    throw new BadInputError(`${path} is not valid: ${describeError(error).slice(0, 500)}`, { cause: error });
  }
}
