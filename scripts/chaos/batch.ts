import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import { Job } from "../../sandbox/job.ts";
import { askJetStream } from "../../sandbox/queue/jetstream.ts";
import { streams } from "../../sandbox/queue/names.ts";
import { createQueuedSandbox } from "../../sandbox/queue/queued-sandbox.ts";
import { processesWith } from "../../tests/sandbox/leftovers.ts";
import { adminConnection, TestServer } from "../queue/nats-server.ts";
import { Crew, stageNames } from "./crew.ts";
import { orphanCgroups } from "./orphans.ts";
import type { Report } from "./report.ts";

const ackWaitMs = 2000;

/** Many small jobs over four runners that die, and a server that is started again twice and killed once. */
export async function chaosBatch(report: Report, count: number, kills: number): Promise<void> {
  const mark = `chaos-${process.pid}`;
  const server = await TestServer.start();
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-chaos-"));
  const store = await openStore(join(folder, "store"));
  const limits = { ackWaitMs, maxDeliver: 10 };
  const sandbox = await createQueuedSandbox({
    store,
    server: { url: server.url },
    limits,
    reconcileMs: 2000,
    tidy: false,
  });
  const crew = new Crew({
    url: server.url,
    runners: 4,
    slots: 2,
    engine: "real",
    kills,
    lifetime: [Math.max(2, Math.floor(count / kills / 4)), Math.max(4, Math.floor(count / kills / 1.5))],
    env: { RUNNER_FOLDER: folder },
  });
  await crew.ready();
  let done = 0;
  let wrong = 0;
  const started = performance.now();
  const work = Array.from({ length: count }, async (_, index) => {
    const result = await sandbox.run(smallJob(index, mark));
    done += 1;
    const output =
      result.status === "ok" ? await readFile(join(store.treePath(result.outputs), "n"), "utf8") : "";
    if (output !== String(index)) wrong += 1;
  });
  const outages: Array<{ at: number; until: number }> = [];
  for (const [share, signal] of [
    [0.25, "SIGTERM"],
    [0.5, "SIGKILL"],
    [0.75, "SIGTERM"],
  ] as const) {
    while (done < count * share) await sleep(20);
    const at = performance.now();
    await server.restart(signal);
    outages.push({ at, until: performance.now() });
  }
  await Promise.all(work);
  const seconds = (performance.now() - started) / 1000;

  const connection = await adminConnection(server.url);
  const State = z.object({ state: z.object({ messages: z.int(), last_seq: z.int() }) });
  const results = await askJetStream(connection, `STREAM.INFO.${streams.results}`, undefined, State);
  let left = -1;
  for (let waited = 0; left !== 0 && waited < 10_000; waited += 100) {
    left = (await askJetStream(connection, `STREAM.INFO.${streams.jobs}`, undefined, State)).state.messages;
    await sleep(100);
  }
  await connection.close();
  await crew.stop();
  await sandbox.close();
  const orphans = [...processesWith(mark), ...orphanCgroups(crew.pids)];

  report.figure("batch/jobs", count, "jobs");
  report.figure("batch/seconds", seconds, "s");
  for (const [stage, name] of Object.entries(stageNames))
    report.figure(
      `batch/kills-at-${name}`,
      crew.kills.filter((kill) => kill.stage === stage).length,
      "kills",
    );
  report.demand("batch/kills", crew.kills.length, (value) => value >= Math.min(20, kills), "kills");
  report.figure("batch/server-restarts", 2, "restarts");
  report.figure("batch/server-kills", 1, "kills");
  report.demand("batch/lost-or-wrong", wrong, (value) => value === 0, "jobs");
  report.demand("batch/results-stored", results.state.last_seq, (value) => value === count, "results");
  report.demand("batch/jobs-left-in-queue", left, (value) => value === 0, "jobs");
  report.demand("batch/orphans", orphans.length, (value) => value === 0, "processes and cgroups");
  for (const { stage, key, at, recoveredMs = -1 } of crew.kills)
    if (recoveredMs < 0 || recoveredMs > 2 * ackWaitMs)
      process.stderr.write(
        `killed at ${stageNames[stage]} ${Math.round(at - started)} ms after the start, given again after ${Math.round(recoveredMs)} ms: ${key.slice(0, 16)}; outages ${outages.map((outage) => Math.round(outage.at - started)).join(", ")}\n`,
      );
  // Where the server itself was away meanwhile, its absence is not the runner's.
  const recoveries = crew.kills
    .filter((kill) => !outages.some(({ at, until }) => at < kill.at + 2 * ackWaitMs && until > kill.at))
    .flatMap(({ recoveredMs }) => recoveredMs ?? []);
  report.demand(
    "batch/recoveries-measured",
    recoveries.length,
    (value) => count < 1000 || value > 0,
    "kills",
  );
  report.demand(
    "batch/slowest-recovery",
    Math.max(0, ...recoveries) / 1000,
    (value) => value <= (2 * ackWaitMs) / 1000,
    "s",
  );

  await removeStore(folder);
  rmSync(folder, { recursive: true, force: true });
  await server.remove();
}

function smallJob(index: number, mark: string): Job {
  return Job.parse({
    v: 1,
    id: `chaos-${index}`,
    runtime: "python",
    argv: ["-S", "-c", `open("/out/n", "w").write("${index}") #${mark}`],
    workspace: { trees: {}, files: {} },
    limits: { wallMs: 30_000, memMb: 256, diskMb: 16 },
  });
}
