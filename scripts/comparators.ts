import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { verifyFolder } from "../cli/verify.ts";
import { openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import { buildComparator, type Comparator, comparators } from "../tests/comparators/comparator.ts";
import { isRight, keepOutcomes, type Outcome, outcomeOf } from "./comparators/outcomes.ts";

/**
 * `npm run comparators [-- <corpus>] [--only a,b] [--json]`: tasks that people ask of known datasets, packaged by hand,
 * through every check. Sound ones must be accepted, the others rejected by the check that is named for them. Outcomes
 * are kept in `docs/comparators.json`.
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
    else {
      outcomes.push(await verify(comparator, comparator.raw));
      keepOutcomes(
        outcomes,
        all.map(({ name }) => name),
      );
    }
  }
} finally {
  await sandbox.close();
}
if (values.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`);
const wrong = outcomes.filter((outcome) => !isRight(outcome));
process.stderr.write(
  `${outcomes.length} comparators; judged wrongly: ${wrong.length === 0 ? "none" : wrong.map(({ name }) => name).join(", ")}\n`,
);
process.exitCode = wrong.length === 0 ? 0 : 3;

async function verify(comparator: Comparator, raw: string): Promise<Outcome> {
  const started = performance.now();
  const { tree } = await buildComparator(comparator, services);
  const folder = store.treePath(tree);
  const outcome = outcomeOf(comparator, await verifyFolder({ folder, raw, skip: {}, import: {} }, services));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(
    `${isRight(outcome) ? "right" : "WRONG"} ${comparator.name}: ${outcome.defects.length === 0 ? "accepted" : "rejected"} in ${seconds} s; ${outcome.ladder.map(({ name, score }) => `${name} ${score?.toPrecision(4)}`).join(", ")}\n`,
  );
  for (const { check, evidence } of [...outcome.defects, ...outcome.remarks])
    process.stderr.write(`   ${check}: ${evidence}\n`);
  return outcome;
}
