import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runGenerate } from "../cli/generate.ts";
import { createRun } from "../cli/run-folder.ts";
import { loadConfiguration } from "../core/configuration.ts";
import { Manifest } from "../task/manifest.ts";
import { benchGraph } from "./bench/graph.ts";
import { benchQueue } from "./bench/queue.ts";
import { benchQueuedGenerate } from "./bench/queue-generate.ts";
import { benchSandbox } from "./bench/sandbox.ts";

/**
 * `npm run bench [-- sandbox queue graph generate <folder of datasets> …]`: figures as JSON lines {name, value, unit}, of all sections or
 * of those named; `generate` without a folder takes the bundled examples. Compare ratios within one run: machines are noisy.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const print = (name: string, value: number, unit: string) =>
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(4)), unit })}\n`);

const sections = ["sandbox", "queue", "graph", "generate"];
const chosen = positionals.filter((word) => sections.includes(word));
const folders = positionals.filter((word) => !sections.includes(word));
const wanted = (section: string) => chosen.length === 0 || chosen.includes(section);

if (wanted("sandbox")) await benchSandbox(print);
if (wanted("queue")) {
  await benchQueue(print);
  await benchQueuedGenerate(print);
}
if (wanted("graph")) await benchGraph(print);
if (wanted("generate"))
  await benchGenerate(folders.length > 0 ? folders : [join(import.meta.dirname, "../examples")]);

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
    for (const [check, seconds] of Object.entries(funnel.secondsByCheck).slice(0, 12))
      print(`generate/check/${check.replaceAll(" ", "-")}`, seconds, "s");
    print("generate/peak-memory", peak / 2 ** 20, "MB");
    process.stderr.write(`${datasets.map((path) => basename(path)).join(", ")}\n`);
  } finally {
    clearInterval(memory);
    rmSync(out, { recursive: true, force: true });
  }
}
