import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

// What the manifest cannot list: itself, and the certificate that is written after it.
const UNLISTED = new Set(["task.json", "certificate.json"]);

const check: Check<TaskPackage> = {
  id: "manifest-files-mismatch",
  layer: "assertions",
  title: "The manifest's list of files is not what the package holds",
  severity: "fatal",
  blame: "refactor",
  why: "Checksums are how anybody can tell that a package is the one that was verified.",
  run({ manifest, entries, folder }) {
    if (manifest === null) return { skipped: "there is no valid manifest" };
    const present = new Map(
      entries
        .filter((entry) => entry.kind === "file" && !UNLISTED.has(entry.path))
        .map((entry) => [entry.path, entry]),
    );
    const listed = new Map(manifest.files.map((file) => [file.path, file]));
    const problems: string[] = [];
    for (const path of present.keys()) if (!listed.has(path)) problems.push(`${path} is not listed`);
    for (const [path, file] of listed) {
      const entry = present.get(path);
      if (entry === undefined) problems.push(`${path} is listed and absent`);
      else if (entry.bytes !== file.bytes)
        problems.push(`${path} has ${entry.bytes} bytes, listed are ${file.bytes}`);
      else if (digest(join(folder, path)) !== file.sha256)
        problems.push(`${path} has another SHA-256 than listed`);
    }
    return {
      measured: { files: present.size, different: problems.length },
      findings:
        problems.length > 0
          ? [
              {
                message: "Write the manifest's list of files anew.",
                evidence: problems.slice(0, 8).join("; "),
              },
            ]
          : [],
    };
  },
};
export default check;

/** SHA-256 of a file of any size. */
function digest(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(1 << 20);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}
