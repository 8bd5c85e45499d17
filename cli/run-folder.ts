import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { BudgetTotals } from "../core/budget.ts";
import { Configuration } from "../core/configuration.ts";
import { BadInputError, describeError } from "../core/errors.ts";
import { processLives } from "../core/process-name.ts";

/** What a run was asked to do, kept as `config.json` so that `--resume` asks for the same. */
export const RunRequest = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  started: z.string(),
  datasets: z.array(z.string()).min(1),
  configuration: Configuration,
});
export type RunRequest = z.infer<typeof RunRequest>;

/** A run's record on disk: `<out>/runs/<id>/{config.json, events.jsonl, summary.json, report.html}`. */
export interface RunFolder {
  folder: string;
  out: string;
  request: RunRequest;
}

/** Makes the folder of a new run. */
export function createRun(out: string, datasets: string[], configuration: Configuration): RunFolder {
  const started = new Date().toISOString();
  const run = `${started.slice(0, 19).replaceAll(":", "").replace("T", "-")}-${randomBytes(3).toString("hex")}`;
  const folder = join(resolve(out), "runs", run);
  const request: RunRequest = {
    version: 1,
    run,
    started,
    datasets: datasets.map((path) => resolve(path)),
    configuration,
  };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new BadInputError(`cannot write to ${out}: ${describeError(error)}`, {
      hint: "choose another folder with --out",
      cause: error,
    });
  }
  writeWhole(join(folder, "config.json"), request);
  return { folder, out: resolve(out), request };
}

/** Opens an earlier run by its id (below `<out>/runs`) or by its folder. */
export function reopenRun(out: string, run: string): RunFolder {
  const folder = [resolve(out, "runs", run), resolve(run)].find((path) =>
    existsSync(join(path, "config.json")),
  );
  if (folder === undefined) {
    throw new BadInputError(`there is no run ${basename(run)} in ${join(out, "runs")}`, {
      hint: "give the --out of that run, or the path of its folder",
    });
  }
  try {
    const request = RunRequest.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
    return { folder, out: dirname(dirname(folder)), request };
  } catch (error) {
    throw new BadInputError(`${join(folder, "config.json")} is damaged: ${describeError(error)}`, {
      cause: error,
    });
  }
}

/** Writes JSON beside and renames it into place: a reader sees the old or the new file, never a half. */
export function writeWhole(path: string, value: unknown): void {
  const text = typeof value === "string" ? value : `${JSON.stringify(value, null, 2)}\n`;
  writeFileSync(`${path}.partial`, text);
  renameSync(`${path}.partial`, path);
}

/** What earlier sittings of a run spent; nothing for a new run. */
export function readSpent(folder: string): BudgetTotals | undefined {
  const path = join(folder, "budget.json");
  return existsSync(path) ? BudgetTotals.parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
}

/** Holds the name of the process that works on a run, as long as one does. */
export function runningFile(folder: string): string {
  return join(folder, "running");
}

/** The process that works on a run now; undefined when none does, as far as this machine can tell. */
export async function workerOf(folder: string): Promise<string | undefined> {
  const path = runningFile(folder);
  const name = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  return name !== undefined && (await processLives(name)) ? name : undefined;
}
