import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { verifyFolder } from "../cli/verify.ts";
import { describeError } from "../core/errors.ts";
import { openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import { buildComparator, type Comparator, comparators } from "../tests/comparators/comparator.ts";
import { Outcome, keepOutcomes, outcomeOf } from "./comparators/outcomes.ts";

/**
 * `npm run comparators [-- <folder of datasets>] [--only a,b] [--json]`: packages of the tasks that people ask of known
 * datasets, made by hand, through every check. None may be rejected. A run of all is kept in `docs/comparators.json`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string" },
    cache: { type: "string", default: join(tmpdir(), "mle-smith-comparators") },
    json: { type: "boolean", default: false },
  },
});
const only = values.only?.split(",");
const corpus = positionals[0] === undefined ? undefined : resolve(positionals[0]);
const all = await comparators(corpus);
const chosen = all.filter(({ name }) => only === undefined || only.includes(name));
mkdirSync(resolve(values.cache), { recursive: true });
const store = await openStore(join(resolve(values.cache), "store"));
const sandbox = await openSandbox({ slots: 2, store });
const services = { store, programs: createProgramRunner(sandbox, store) };
const outcomes: Outcome[] = [];
try {
  for (const comparator of chosen) {
    if (comparator.raw === null) process.stderr.write(`${comparator.name}: its data are not at hand\n`);
    else outcomes.push(await verify(comparator, comparator.raw));
  }
} finally {
  await sandbox.close();
}
if (values.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
if (outcomes.length === all.length) keepOutcomes(outcomes);
const rejected = outcomes.filter(({ defects }) => defects.length > 0).length;
process.stderr.write(`${outcomes.length} comparators, ${rejected} rejected\n`);
process.exitCode = rejected === 0 ? 0 : 3;

async function verify(comparator: Comparator, raw: string): Promise<Outcome> {
  const started = performance.now();
  try {
    const { tree } = await buildComparator(comparator, services);
    const folder = store.treePath(tree);
    const outcome = outcomeOf(comparator, await verifyFolder({ folder, raw, skip: {}, import: {} }, services));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const verdict = outcome.defects.length === 0 ? "accepted" : "REJECTED";
    process.stderr.write(
      `${comparator.name}: ${verdict} (${seconds} s; ${folder}); ${outcome.ladder.map(({ name, score }) => `${name} ${score}`).join(", ")}\n`,
    );
    for (const { check, evidence } of [...outcome.defects, ...outcome.remarks])
      process.stderr.write(`   ${check}: ${evidence}\n`);
    return outcome;
  } catch (error) {
    throw new Error(`${comparator.name}: ${describeError(error)}`, { cause: error });
  }
}
