import { join } from "node:path";
import { parseArgs } from "node:util";
import { chaosBatch } from "./chaos/batch.ts";
import { chaosGenerate } from "./chaos/generate.ts";
import { Report } from "./chaos/report.ts";

/**
 * `npm run chaos [-- --jobs 2000 --kills 24 <dataset> …]`: runners are killed (SIGKILL) just when they took, started, would
 * publish or would acknowledge a job, and the server is started again and killed, while small jobs run and while packages are
 * generated of the datasets (the bundled penguins by default). Prints figures as JSON lines and a verdict.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: "string", default: "2000" }, kills: { type: "string", default: "24" } },
});
const report = new Report();
if (Number(values.jobs) > 0) await chaosBatch(report, Number(values.jobs), Number(values.kills));
await chaosGenerate(
  report,
  positionals.length > 0 ? positionals : [join(import.meta.dirname, "../examples/penguins")],
);
const verdict = report.failed.length === 0 ? "passed" : "failed";
process.stdout.write(`${JSON.stringify({ verdict, failed: report.failed })}\n`);
process.exitCode = report.failed.length === 0 ? 0 : 1;
