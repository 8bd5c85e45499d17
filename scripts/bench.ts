import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { runGenerate } from "../cli/generate.ts";
import { createRun } from "../cli/run-folder.ts";
import { withServices } from "../cli/with-services.ts";
import { loadConfiguration } from "../core/configuration.ts";
import { removeStore } from "../core/store/folder-store.ts";
import { openStore } from "../core/store.ts";
import { Job } from "../sandbox/job.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { findRuntime } from "../sandbox/runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { Manifest } from "../task/manifest.ts";
import { benchQueue } from "./bench/queue.ts";
import { benchQueuedGenerate } from "./bench/queue-generate.ts";

/**
 * `npm run bench [-- sandbox queue generate <folder of datasets> …]`: figures as JSON lines {name, value, unit}, of all sections or
 * of those named; `generate` without a folder takes the bundled examples. Compare ratios within one run: machines are noisy.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const print = (name: string, value: number, unit: string) =>
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(4)), unit })}\n`);

const sections = ["sandbox", "queue", "generate"];
const chosen = positionals.filter((word) => sections.includes(word));
const folders = positionals.filter((word) => !sections.includes(word));
const wanted = (section: string) => chosen.length === 0 || chosen.includes(section);

if (wanted("sandbox")) {
  await benchSandbox();
  await benchReady();
}
if (wanted("queue")) {
  await benchQueue(print);
  await benchQueuedGenerate(print);
}
if (wanted("generate"))
  await benchGenerate(folders.length > 0 ? folders : [join(import.meta.dirname, "../examples")]);

/** A job that fits a model, in the sandbox and bare: what the sandbox adds. */
async function benchSandbox(): Promise<void> {
  const work =
    "import sklearn.datasets as d, sklearn.linear_model as m; X, y = d.make_classification(4000, 30, random_state=0); m.LogisticRegression(max_iter=200).fit(X, y)";
  const runtime = await findRuntime();
  if (runtime === undefined) throw new Error("run `npm run setup` first");
  const times = { bare: [] as number[], sandbox: [] as number[], empty: [] as number[] };
  await withServices(async ({ programs }) => {
    const job = async (code: string, round: number) => {
      const started = performance.now();
      const argv = ["-c", `${code}; import json; open("/out/result.json", "w").write(json.dumps(${round}))`];
      const outcome = await programs.run({
        name: "bench",
        argv,
        packages: [],
        input: round,
        trees: {},
        output: z.number(),
      });
      if (!outcome.ok) throw new Error(outcome.reason);
      return performance.now() - started;
    };
    // Alternating, so that drift of the machine falls on all alike; the first round warms the page cache.
    for (let round = 0; round < 6; round += 1) {
      const started = performance.now();
      execFileSync(join(runtime.environment, "bin/python"), ["-c", work], { env: { OMP_NUM_THREADS: "1" } });
      const bare = performance.now() - started;
      const sandbox = await job(work, round);
      const empty = await job("pass", round + 100);
      if (round === 0) continue;
      times.bare.push(bare);
      times.sandbox.push(sandbox);
      times.empty.push(empty);
    }
  });
  print("sandbox/bare-python", median(times.bare) / 1000, "s");
  print("sandbox/same-job", median(times.sandbox) / 1000, "s");
  print("sandbox/overhead", median(times.sandbox) / median(times.bare), "ratio");
  print("sandbox/empty-job", median(times.empty) / 1000, "s");
}

/** Jobs forked from a ready interpreter, and the same in a sandbox and interpreter of their own. */
async function benchReady(): Promise<void> {
  const works = { job: "pass", "sklearn-job": "import pandas, sklearn.linear_model, lightgbm" };
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  const store = await openStore(folder);
  const engines = [
    { kind: "ready", sandbox: await openSandbox({ store, slots: 1 }) },
    { kind: "fresh", sandbox: await openSandbox({ store, slots: 1, ready: false }) },
  ];
  const times = new Map<string, number[]>();
  const measure = async (round: number, kind: string, sandbox: Sandbox, name: string, source: string) => {
    const started = performance.now();
    const result = await sandbox.run(
      Job.parse({
        v: 1,
        id: `${kind}-${name}-${round}`,
        runtime: "python",
        argv: ["-c", source],
        workspace: { trees: {}, files: {} },
        limits: {},
      }),
    );
    if (result.status !== "ok") throw new Error(`${result.status}: ${result.stderr}`);
    if (round > 0)
      times.set(`${kind}-${name}`, [...(times.get(`${kind}-${name}`) ?? []), performance.now() - started]);
  };
  try {
    for (let round = 0; round < 8; round += 1) {
      for (const { kind, sandbox } of engines)
        for (const [name, source] of Object.entries(works)) await measure(round, kind, sandbox, name, source);
      // The rest of the libraries is imported while no job waits.
      if (round === 0) await new Promise((resolve) => setTimeout(resolve, 5000));
    }
  } finally {
    for (const { sandbox } of engines) await sandbox.close();
    await removeStore(folder);
  }
  for (const [name, list] of times) print(`sandbox/${name}`, median(list) / 1000, "s");
}

async function benchGenerate(folders: string[]): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  let peak = 0;
  const memory = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 100);
  try {
    const datasets = folders.flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((name) => join(resolve(folder), name)),
    );
    const summary = await runGenerate(createRun(out, datasets, loadConfiguration({})), {
      signal: new AbortController().signal,
    });
    const { funnel } = summary;
    const modalities = new Map<string, number[]>();
    for (const task of summary.datasets.flatMap((dataset) => dataset.tasks)) {
      const { modality } = Manifest.parse(JSON.parse(readFileSync(join(task.path, "task.json"), "utf8")));
      modalities.set(modality, [...(modalities.get(modality) ?? []), task.seconds]);
    }
    print("generate/datasets", funnel.datasets, "datasets");
    print("generate/accepted", funnel.accepted, "tasks");
    print("generate/wall-per-accepted-task", summary.seconds / Math.max(1, funnel.accepted), "s");
    for (const [modality, seconds] of modalities)
      print(`generate/work-per-task/${modality}`, seconds.reduce((a, b) => a + b, 0) / seconds.length, "s");
    for (const [stage, seconds] of Object.entries(funnel.secondsByStage))
      print(`generate/stage/${stage}`, seconds, "s");
    print("generate/peak-memory", peak / 2 ** 20, "MB");
    process.stderr.write(`${datasets.map((path) => basename(path)).join(", ")}\n`);
  } finally {
    clearInterval(memory);
    rmSync(out, { recursive: true, force: true });
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
