import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runGenerate } from "../../cli/generate.ts";
import { createRun } from "../../cli/run-folder.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import { sha256 } from "../../core/hash.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { runtimeName } from "../../sandbox/queue/names.ts";
import { prepareQueue, QueueLimits } from "../../sandbox/queue/streams.ts";
import { adminConnection, TestServer } from "../queue/nats-server.ts";
import { Crew } from "./crew.ts";
import { orphanCgroups } from "./orphans.ts";
import type { Report } from "./report.ts";

/** The same datasets in this process, through the queue, and through the queue while runners and the server die. */
export async function chaosGenerate(report: Report, datasets: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-chaos-"));
  const near = await generate(join(folder, "near"), datasets, undefined);
  report.figure("generate/in-process", near.seconds, "s");
  report.demand("generate/tasks", near.tasks, (value) => value > 0, "tasks");

  for (const faults of [false, true]) {
    const name = faults ? "faults" : "calm";
    const server = await TestServer.start();
    const connection = await adminConnection(server.url);
    await prepareQueue(
      connection,
      await runtimeName(),
      QueueLimits.parse({ ackWaitMs: 2000, maxDeliver: 20 }),
    );
    await connection.close();
    const crew = new Crew({
      url: server.url,
      runners: faults ? 2 : 1,
      slots: faults ? 1 : 2,
      engine: "real",
      kills: faults ? 8 : 0,
      lifetime: [1, 5],
      env: { RUNNER_FOLDER: folder, RUNNER_READY: "1" },
    });
    await crew.ready();
    const stop = new AbortController();
    const trouble = faults ? troubles(server, stop.signal) : Promise.resolve(0);
    const far = await generate(join(folder, name), datasets, server.url);
    stop.abort();
    const restarts = await trouble;
    await crew.stop();
    report.figure(`generate/${name}`, far.seconds, "s");
    if (faults) {
      report.demand("generate/faults/runner-kills", crew.kills.length, (value) => value > 0, "kills");
      report.demand("generate/faults/server-restarts", restarts, (value) => value > 0, "restarts");
      const orphans = orphanCgroups(crew.pids).length;
      report.demand("generate/faults/orphans", orphans, (value) => value === 0, "cgroups");
    }
    const names = new Set([...near.files.keys(), ...far.files.keys()]);
    const different = [...names].filter((path) => near.files.get(path) !== far.files.get(path));
    report.figure(`generate/${name}/files`, far.files.size, "files");
    report.demand(`generate/${name}/different-files`, different.length, (value) => value === 0, "files");
    if (different.length > 0) process.stderr.write(`different: ${different.slice(0, 10).join(", ")}\n`);
    await server.remove();
  }
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith("store-")))
    await removeStore(join(folder, name));
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the server again every few seconds, killing it each second time; how often. */
async function troubles(server: TestServer, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    await sleep(4000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || count >= 4) break;
    await server.restart(count % 2 === 0 ? "SIGTERM" : "SIGKILL");
    count += 1;
  }
  return count;
}

async function generate(out: string, datasets: string[], url: string | undefined) {
  const configuration = loadConfiguration({ flags: url === undefined ? {} : { nats: { url } } });
  const run = createRun(
    out,
    datasets.map((path) => resolve(path)),
    configuration,
  );
  const started = performance.now();
  const summary = await runGenerate(run, { signal: new AbortController().signal });
  const seconds = (performance.now() - started) / 1000;
  const files = new Map<string, string>();
  const tasks = join(out, "tasks");
  for (const entry of readdirSync(tasks, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(out.length), sha256(readFileSync(path)));
  }
  return { seconds, files, tasks: summary.funnel.accepted };
}
