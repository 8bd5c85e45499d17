import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hashFile, sha256 } from "../core/hash.ts";
import { listRegularFiles } from "../core/store/copy-tree.ts";
import type { TreeReference } from "../sandbox/job.ts";
import { type PrepareOutcome, runPrepare } from "../task/prepare.ts";
import type { Outcome } from "./check.ts";
import type { TaskPackage } from "./package.ts";
import type { VerificationOptions, VerificationServices } from "./services.ts";

/** What the checks of the preparation judge: how `prepare.py` ended on the raw data, twice, and where its files differ. */
export interface PreparationContext {
  outcome: PrepareOutcome;
  /** Files of the package that the preparation writes otherwise or not at all, or that only it writes. */
  differences: { path: string; how: "only in the package" | "only prepared" | "another content" }[];
  /** Number of files that were compared. */
  compared: number;
}

/** Files that are put beside what `prepare.py` writes when a package is made. */
const ADDED = new Set(["public/description.md", "public/attribution.txt"]);

/**
 * Runs `prepare.py` of a package on the raw data in the sandbox, twice, with another hash seed, clock, order of folders and
 * working directory, and compares its files with the package's. Throws InfrastructureError when the sandbox fails.
 */
export async function repeatPreparation(
  task: TaskPackage,
  raw: TreeReference,
  services: VerificationServices,
  options: VerificationOptions = {},
): Promise<PreparationContext> {
  const outcome = await runPrepare(
    { prepare: task.texts.prepare ?? "", raw },
    services,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  if (!outcome.ok) return { outcome, differences: [], compared: 0 };
  const folder = services.store.treePath(outcome.tree);
  const prepared = new Set(await listRegularFiles(folder));
  const own = task.entries
    .map((entry) => entry.path)
    .filter((path) => /^(public|private)\//.test(path) && !ADDED.has(path));
  const differences: PreparationContext["differences"] = [];
  for (const path of own) {
    if (!prepared.delete(path)) differences.push({ path, how: "only in the package" });
    else if ((await digest(join(folder, path))) !== (await digest(join(task.folder, path))))
      differences.push({ path, how: "another content" });
  }
  for (const path of [...prepared].filter((path) => !ADDED.has(path)))
    differences.push({ path, how: "only prepared" });
  return { outcome, differences, compared: own.length };
}

async function digest(path: string): Promise<string> {
  return (await stat(path)).size < 1 << 20 ? sha256(await readFile(path)) : await hashFile(path);
}

/** The outcome of a check that looks for one way in which `prepare.py` can end badly. */
export function endedWith(
  { outcome }: PreparationContext,
  problem: Exclude<PrepareOutcome, { ok: true }>["problem"],
  message: string,
): Outcome {
  if (outcome.ok || outcome.problem !== problem)
    return { measured: { ended: outcome.ok ? "well" : outcome.problem }, findings: [] };
  return { measured: { ended: problem }, findings: [{ message, evidence: outcome.reason }] };
}
