import { join } from "node:path";
import { parseArgs } from "node:util";
import { daemonHost } from "../sandbox/docker/daemon.ts";
import { chaosBatch } from "./chaos/batch.ts";
import { chaosGenerate } from "./chaos/generate.ts";
import { Report } from "./chaos/report.ts";
import { TestDaemon } from "./queue/docker-daemon.ts";

/**
 * `npm run chaos [-- --jobs 2000 --kills 24 --no-docker --no-generate <dataset> …]`: runners are killed (SIGKILL) just when they
 * took, started, would publish or would acknowledge a job, and the NATS server and a Docker daemon are started again and killed,
 * while small jobs run; then runners and server the same while packages are generated of the datasets (the bundled penguins by
 * default). The daemon is one of its own, with a copy of the image that the machine's daemon has (or that of
 * MLE_SMITH_TEST_DOCKER). Prints figures as JSON lines and a verdict.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    jobs: { type: "string", default: "2000" },
    kills: { type: "string", default: "24" },
    docker: { type: "boolean", default: true },
    generate: { type: "boolean", default: true },
  },
});
const report = new Report();
if (Number(values.jobs) > 0) {
  const daemon = values.docker
    ? await TestDaemon.start(daemonHost(process.env.MLE_SMITH_TEST_DOCKER))
    : undefined;
  try {
    await chaosBatch(report, { jobs: Number(values.jobs), kills: Number(values.kills), daemon });
  } finally {
    await daemon?.remove();
  }
}
if (values.generate)
  await chaosGenerate(
    report,
    positionals.length > 0 ? positionals : [join(import.meta.dirname, "../examples/penguins")],
  );
const verdict = report.failed.length === 0 ? "passed" : "failed";
process.stdout.write(`${JSON.stringify({ verdict, failed: report.failed })}\n`);
process.exitCode = report.failed.length === 0 ? 0 : 1;
