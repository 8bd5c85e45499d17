import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Path → SHA-256 of every file below a folder; an absent folder has none. Hidden entries count: a half-written package must show. */
export function hashesBelow(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const hashes: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile())
      hashes[relative(folder, path)] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  return hashes;
}
