import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { runGenerate } from "../cli/generate.ts";
import { createRun } from "../cli/run-folder.ts";
import type { DatasetOutcome } from "../cli/summary.ts";
import { loadConfiguration } from "../core/configuration.ts";
import { Certificate } from "../task/certificate.ts";
import { Manifest } from "../task/manifest.ts";
import { type Made, TRAPS } from "./traps/known.ts";

/**
 * `npm run traps -- <folder of datasets> [--only a,b] [--out DIR]`: makes tasks of published data with known traps and says
 * whether what was decided is what `docs/known-traps.md` says.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    out: { type: "string", default: join(tmpdir(), "mle-smith-traps") },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write("usage: npm run traps -- <folder of datasets> [--only a,b] [--out DIR]\n");
  process.exit(2);
}
const only = values.only?.split(",");
const chosen = TRAPS.filter(({ dataset }) => only === undefined || only.includes(dataset)).filter(
  ({ dataset }) => {
    const found = existsSync(join(folder, dataset));
    if (!found) process.stderr.write(`${dataset} is not in ${folder}\n`);
    return found;
  },
);
const run = createRun(
  values.out,
  chosen.map(({ dataset }) => join(folder, dataset)),
  loadConfiguration({}),
);
const summary = await runGenerate(run, { signal: new AbortController().signal });

let broken = 0;
for (const { dataset, holds } of chosen) {
  const outcome = summary.datasets.find(({ path }) => basename(path) === dataset);
  if (outcome === undefined) throw new Error(`${dataset} has no outcome`);
  const made = madeOf(outcome);
  for (const [statement, held] of Object.entries(holds)) {
    const right = held(made);
    if (!right) broken += 1;
    process.stdout.write(`${right ? "✓" : "✗"} ${dataset}: ${statement}\n`);
  }
}
process.exitCode = broken === 0 ? 0 : 3;

function madeOf({ tasks, rejected, status, reason }: DatasetOutcome): Made {
  return {
    refused: status === "refused" ? (reason ?? "") : null,
    rejectedBy: rejected.flatMap(({ defects }) => defects.map(({ check }) => check)),
    tasks: tasks.map(({ path }) => {
      const read = (file: string) => readFileSync(join(path, file), "utf8");
      return {
        manifest: Manifest.parse(JSON.parse(read("task.json"))),
        certificate: Certificate.parse(JSON.parse(read("certificate.json"))),
        train: read("public/train.csv"),
        test: read("public/test.csv"),
      };
    }),
  };
}
