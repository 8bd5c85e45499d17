import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../core/log.ts";
import { openStore } from "../../core/store.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { connectQueue } from "../../sandbox/queue/connection.ts";
import { startRunner } from "../../sandbox/queue/runner.ts";
import { fakeEngine } from "./fake-engine.ts";

/**
 * A runner as a process of its own, for tests, figures and chaos: `runner-process.ts <url> <fake|real> <slots> [<stage>:<n>]`. Prints
 * a line `<stage> <key>` for each step of each job. The real engine is bubblewrap, or Docker at the address RUNNER_DOCKER. Given a stage and a number, it kills itself (SIGKILL) at that step of its nth
 * job: a crash at a place that a signal from outside would rarely hit.
 */
const [url = "", engine = "fake", slots = "1", crash] = process.argv.slice(2);
const [crashStage, crashCount] = crash?.split(":") ?? [];
const folder = process.env.RUNNER_FOLDER ?? mkdtempSync(join(tmpdir(), "mle-smith-runner-"));
const docker = process.env.RUNNER_DOCKER;
const quiet = process.env.RUNNER_QUIET === "1";
const store = await openStore(join(folder, `store-${process.pid}`));
const sandbox =
  engine === "real"
    ? await openSandbox({
        store,
        slots: Number(slots),
        ready: process.env.RUNNER_READY === "1",
        ...(docker ? { engine: "docker", docker: { host: docker } } : { engine: "bubblewrap" }),
      })
    : fakeEngine(store);
const connection = await connectQueue(
  { url },
  { role: "runner", name: `runner ${process.pid}`, patient: true },
);
let seen = 0;
const runner = await startRunner({
  connection,
  sandbox,
  store,
  slots: Number(slots),
  name: `runner-${process.pid}`,
  log: createLog({ level: quiet ? "error" : "warn" }),
  onStage(stage, key) {
    if (stage === crashStage) {
      seen += 1;
      if (seen === Number(crashCount)) {
        process.stdout.write(`crash ${key}\n`);
        // A moment into the run, not before it.
        if (stage === "started") setTimeout(() => process.kill(process.pid, "SIGKILL"), 5);
        else process.kill(process.pid, "SIGKILL");
      }
    }
    if (!quiet) process.stdout.write(`${stage} ${key}\n`);
  },
});
process.stdout.write("up\n");
process.once("SIGTERM", () => {
  void runner
    .drain(AbortSignal.timeout(5000))
    .then(() => connection.close())
    .then(() => sandbox.close())
    .then(() => process.exit(0));
});
