import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import { mutants } from "../tests/mutants/kinds/index.ts";
import type { MutantKind } from "../tests/mutants/kinds/kind.ts";
import { type Base, openBases } from "./mutants/bases.ts";
import { numberOf, preferences } from "./mutants/choose.ts";
import { keepRun, matrix, runOf } from "./mutants/figures.ts";
import { Laboratory, type Trial } from "./mutants/try-kind.ts";

/**
 * `npm run mutants [-- --corpus <folder of datasets>] [--only a,b] [--base name] [--all] [--json] [--bases]`: injects one
 * defect each into sound packages, verifies them, and prints which check rejected what. A run of all kinds is kept in
 * `docs/mutants.json`. `--cache` keeps packages and results of jobs between runs, `--resume FILE` the trials; after `--minutes N`
 * no trial is begun: kinds are tried in the order of a hash, so that those that were are a random part of all.
 */
const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    cache: { type: "string", default: join(tmpdir(), "mle-smith-mutants") },
    only: { type: "string" },
    base: { type: "string" },
    all: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    bases: { type: "boolean", default: false },
    resume: { type: "string" },
    workers: { type: "string", default: "2" },
    minutes: { type: "string" },
  },
});
const cache = resolve(values.cache);
mkdirSync(cache, { recursive: true });
const bases = (await openBases(cache, values.corpus)).filter(
  (base) => values.base === undefined || base.name.includes(values.base),
);
const only = values.only?.split(",");
const kinds = mutants.filter(
  (kind) =>
    only === undefined ||
    only.some((part) => kind.id === part || (part.endsWith("*") && kind.id.startsWith(part.slice(0, -1)))),
);
const store = await openStore(join(cache, "store"));
const workers = Number(values.workers);
const sandbox = await openSandbox({ slots: workers, store });
const log = values.resume ?? join(cache, `trials-${process.pid}.jsonl`);
const trials: Trial[] = existsSync(log) ? earlier(log) : [];
const untried: string[] = [];
try {
  const laboratory = new Laboratory({ store, programs: createProgramRunner(sandbox, store) });
  if (values.bases) await tryBases(laboratory);
  else await tryKinds(laboratory);
} finally {
  await sandbox.close();
}
if (!values.bases) report();

async function tryBases(laboratory: Laboratory): Promise<void> {
  await eachOf(bases, async (base) => {
    const { checks, evidence, problem } = await laboratory.verdict(base, () => {}, {
      raw: base.raw !== null,
      ladder: true,
    });
    process.stdout.write(
      `${base.name}: ${problem ?? (checks.length === 0 ? "accepted" : evidence.join("; "))}\n`,
    );
  });
}

async function tryKinds(laboratory: Laboratory): Promise<void> {
  let done = 0;
  const known = new Set(trials.map((trial) => trial.kind));
  const inRandomOrder = [...kinds].sort((left, right) => numberOf(left.id) - numberOf(right.id));
  const end = values.minutes === undefined ? Number.POSITIVE_INFINITY : 60_000 * Number(values.minutes);
  await eachOf(inRandomOrder, async (kind) => {
    if (known.has(kind.id) || performance.now() > end) return;
    const chosen = await basesFor(kind);
    if (chosen.length === 0) untried.push(kind.id);
    for (const base of chosen) {
      const trial = await laboratory.trial(kind, base);
      trials.push(trial);
      appendFileSync(log, `${JSON.stringify(trial)}\n`);
      if (!values.json)
        process.stderr.write(
          `${done + 1}/${kinds.length} ${trial.seconds.toFixed(1)} s ${matrix([trial])}\n`,
        );
    }
    done += 1;
  });
}

/** The bases to which a kind applies: one, or all of them. */
async function basesFor(kind: MutantKind): Promise<Base[]> {
  const chosen: Base[] = [];
  for (const base of preferences(kind, bases)) {
    if (!kind.applies(await base.load())) continue;
    chosen.push(base);
    if (!values.all) break;
  }
  return chosen;
}

/** Trials of a run that was interrupted, in its log. */
function earlier(path: string): Trial[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Trial]));
}

async function eachOf<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function report(): void {
  const order = new Map(mutants.map((kind, index) => [kind.id, index]));
  trials.sort((left, right) => (order.get(left.kind) ?? 0) - (order.get(right.kind) ?? 0));
  const run = runOf(trials, untried, kinds.length);
  if (only === undefined && values.base === undefined) keepRun(run);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...run, trials }, null, 2)}\n`);
  else {
    const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
    const [low, high] = run.interval;
    process.stdout.write(`${matrix(trials)}\n
${run.killed} of ${run.kinds} kinds killed, ${percent(run.rate)} (${percent(low)} to ${percent(high)}); ${run.falseAlarms} of ${run.twins} twins rejected; ${run.bases.length} bases, ${run.modalities.length} modalities${untried.length > 0 ? `; no base for ${untried.join(", ")}` : ""}\n`);
  }
}
