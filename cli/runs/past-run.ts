import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { z } from "zod";
import { BudgetTotals } from "../../core/budget.ts";
import { BadInputError, describeError } from "../../core/errors.ts";
import type { StampedEvent } from "../../core/events.ts";
import { RunRequest, workerOf } from "../run-folder.ts";
import { readEvents, Summary } from "../summary.ts";
import { summaryFromEvents } from "./from-events.ts";

/**
 * How it is with a run: `finished`; `stopped` by a budget, an interrupt or a failure of ours and told so in its summary;
 * `resumable`: ended without a word, as by kill -9; `running`; `damaged`: its record cannot be read.
 * All but finished and damaged ones go on with `generate --resume`, once they do not run.
 */
export type RunState = "finished" | "stopped" | "resumable" | "running" | "damaged";

/** An earlier run as far as its folder tells it. */
export interface PastRun {
  run: string;
  folder: string;
  state: RunState;
  /** When it began (ISO 8601, UTC); null when that is not known. */
  started: string | null;
  summary: Summary;
  events: StampedEvent[];
  /** The page with its results, where there is one. */
  report: string | null;
  /** What is wrong with its record. */
  problem?: string;
}

/** All runs of an output folder, newest first. @throws BadInputError when there is no such folder. */
export async function readRuns(out: string): Promise<PastRun[]> {
  const folder = join(resolve(out), "runs");
  if (!existsSync(folder))
    throw new BadInputError(`there are no runs in ${out}`, {
      hint: "name the folder that `generate --out` wrote to, e.g. mle-smith runs list --out smith-out",
    });
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const runs = await Promise.all(names.map((name) => readRun(join(folder, name), name)));
  return runs.sort((a, b) => compare(b.started ?? b.run, a.started ?? a.run));
}

/**
 * One run: by its id or the beginning of it, by its folder, or the newest one.
 * @throws BadInputError when none or several are meant.
 */
export async function findRun(out: string, wanted: string | undefined): Promise<PastRun> {
  if (wanted !== undefined && existsSync(join(resolve(wanted), "config.json"))) {
    const folder = resolve(wanted);
    return readRun(folder, folder.split("/").at(-1) ?? folder);
  }
  const runs = await readRuns(out);
  const found = wanted === undefined ? runs.slice(0, 1) : runs.filter(({ run }) => run.startsWith(wanted));
  const [first, second] = found;
  const exact = found.find(({ run }) => run === wanted);
  if (first !== undefined && (second === undefined || exact !== undefined)) return exact ?? first;
  const hint = "mle-smith runs list shows all of them; --out names another folder";
  if (second !== undefined)
    throw new BadInputError(`${found.length} runs begin with ${wanted}`, { hint: "give more of the id" });
  throw new BadInputError(
    wanted === undefined
      ? `there are no runs in ${out}`
      : `there is no run ${wanted} in ${join(out, "runs")}`,
    { hint },
  );
}

async function readRun(folder: string, name: string): Promise<PastRun> {
  const events = readEvents(join(folder, "events.jsonl"));
  const [request, wrong] = readJson(join(folder, "config.json"), RunRequest);
  const [summary, wrongSummary] = readJson(join(folder, "summary.json"), Summary);
  const [spent] = readJson(join(folder, "budget.json"), BudgetTotals);
  const report = join(folder, "report.html");
  const known = summary ?? summaryFromEvents(name, request?.datasets ?? [], events, spent);
  const problem = wrong ?? (existsSync(join(folder, "summary.json")) ? wrongSummary : undefined);
  return {
    run: name,
    folder,
    state: problem === undefined ? await stateOf(folder, summary) : "damaged",
    started: request?.started ?? events[0]?.time ?? null,
    summary: known,
    events,
    report: existsSync(report) && statSync(report).isFile() ? report : null,
    ...(problem === undefined ? {} : { problem }),
  };
}

async function stateOf(folder: string, summary: Summary | undefined): Promise<RunState> {
  if ((await workerOf(folder)) !== undefined) return "running";
  if (summary === undefined) return "resumable";
  const left = summary.datasets.some(({ status }) => status === "stopped" || status === "failed");
  return left ? "stopped" : "finished";
}

/** The value, or what is wrong with the file. */
function readJson<Value>(path: string, schema: z.ZodType<Value>): [Value | undefined, string | undefined] {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (parsed.success) return [parsed.data, undefined];
    const [issue] = parsed.error.issues;
    return [undefined, `${path}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as it should be"}`];
  } catch (error) {
    return [undefined, `${path}: ${describeError(error)}`];
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
