import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import { reapContainers } from "../../sandbox/docker/reaper.ts";
import { Job, type JobResult } from "../../sandbox/job.ts";
import { Note } from "../../sandbox/queue/envelope.ts";
import { askJetStream, jsonOf } from "../../sandbox/queue/jetstream.ts";
import { streams } from "../../sandbox/queue/names.ts";
import { createQueuedSandbox } from "../../sandbox/queue/queued-sandbox.ts";
import { processesWith } from "../../tests/sandbox/leftovers.ts";
import type { TestDaemon } from "../queue/docker-daemon.ts";
import { adminConnection, TestServer } from "../queue/nats-server.ts";
import { Crew, type Kill, stageNames } from "./crew.ts";
import { orphanCgroups } from "./orphans.ts";
import type { Report } from "./report.ts";

const ackWaitMs = 2000;

/** What is started anew, when (share of the jobs that are done), and how it is ended before. */
const troubles = [
  [0.15, "server", "SIGTERM"],
  [0.3, "daemon", "SIGTERM"],
  [0.45, "server", "SIGKILL"],
  [0.6, "daemon", "SIGKILL"],
  [0.75, "server", "SIGTERM"],
] as const;

/**
 * Many small jobs over four runners that die, two of them on a Docker daemon, while the NATS server is started again twice and
 * killed once, and the daemon is started again once and killed once.
 */
export async function chaosBatch(
  report: Report,
  { jobs: count, kills, daemon }: { jobs: number; kills: number; daemon: TestDaemon | undefined },
): Promise<void> {
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
    docker: daemon?.host,
  });
  const connection = await adminConnection(server.url);
  let failures = 0;
  connection.subscribe("smith.notes.>", ({ data }) => {
    if (Note.safeParse(jsonOf(data)).data?.kind === "infra_error") failures += 1;
  });
  await crew.ready();
  let done = 0;
  const wrong: string[] = [];
  const started = performance.now();
  const work = Array.from({ length: count }, async (_, index) => {
    const result = await sandbox.run(smallJob(index, mark));
    done += 1;
    const output =
      "outputs" in result && result.outputs !== null
        ? await readFile(join(store.treePath(result.outputs), "n"), "utf8")
        : "";
    if (output !== String(index) || endOf(result) !== exitCodeOf(index))
      wrong.push(`${index}: ${result.status} ${"message" in result ? result.message : result.stderr}`);
  });
  const outages: Outage[] = [];
  for (const [share, what, signal] of troubles) {
    if (what === "daemon" && daemon === undefined) continue;
    while (done < count * share) await sleep(20);
    const at = performance.now();
    await (what === "daemon" ? daemon : server)?.restart(signal);
    outages.push({ what, signal, at, until: performance.now() });
  }
  await Promise.all(work);
  const seconds = (performance.now() - started) / 1000;

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
  // A runner that is to be killed late may see no job so late: 20 of 24.
  const enough = Math.floor((kills * 5) / 6);
  report.demand("batch/kills", crew.kills.length, (value) => value >= enough, "kills");
  for (const what of ["server", "daemon"] as const)
    for (const [name, signal] of [
      ["restarts", "SIGTERM"],
      ["kills", "SIGKILL"],
    ])
      report.figure(
        `batch/${what}-${name}`,
        outages.filter((outage) => outage.what === what && outage.signal === signal).length,
        `${name}`,
      );
  report.demand("batch/lost-or-wrong", wrong.length, (value) => value === 0, "jobs");
  if (wrong.length > 0) process.stderr.write(`${wrong.slice(0, 10).join("\n")}\n`);
  report.demand("batch/results-stored", results.state.last_seq, (value) => value === count, "results");
  report.demand("batch/jobs-left-in-queue", left, (value) => value === 0, "jobs");
  report.demand("batch/orphans", orphans.length, (value) => value === 0, "processes and cgroups");
  if (daemon !== undefined) {
    report.demand("batch/jobs-in-containers", crew.onDocker, (value) => value > count / 20, "jobs");
    // A small batch may have no job in a container at the moment in which the daemon dies.
    const given = (value: number) => count < 1000 || value > 0;
    report.demand("batch/failures-of-sandboxes", failures, given, "jobs given to others");
    await demandNothingLeft(report, daemon);
  }
  demandRecovery(report, crew.kills, outages, started, count);

  await removeStore(folder);
  rmSync(folder, { recursive: true, force: true });
  await server.remove();
}

interface Outage {
  what: "server" | "daemon";
  signal: string;
  at: number;
  until: number;
}

/** Nothing of a container is left at the daemon, once the reaper has gone over those whose makers died before their start. */
async function demandNothingLeft(report: Report, daemon: TestDaemon): Promise<void> {
  const client = await daemon.client();
  let left = await daemon.leftovers();
  for (let waited = 0; left.length > 0 && waited < 20_000; waited += 500) {
    await sleep(500);
    left = await daemon.leftovers();
  }
  // As the reaper of any later runner sees them, two minutes on.
  const reaped = await reapContainers(client, { now: Date.now() + 150_000 });
  left = await daemon.leftovers();
  report.figure("batch/containers-never-started", reaped, "containers");
  report.demand("batch/orphans-of-docker", left.length, (value) => value === 0, "containers, mounts, files");
  if (left.length > 0) process.stderr.write(`${left.slice(0, 20).join("\n")}\n`);
}

/** Where the server itself was away meanwhile, its absence is not the runner's. */
function demandRecovery(
  report: Report,
  kills: Kill[],
  outages: Outage[],
  started: number,
  count: number,
): void {
  const most = 2 * ackWaitMs;
  for (const { stage, key, at, recoveredMs = -1 } of kills)
    if (recoveredMs < 0 || recoveredMs > most)
      process.stderr.write(
        `killed at ${stageNames[stage]} ${Math.round(at - started)} ms after the start, given again after ${Math.round(recoveredMs)} ms: ${key.slice(0, 16)}; outages ${outages.map((outage) => `${outage.what} ${Math.round(outage.at - started)}`).join(", ")}\n`,
      );
  const away = outages.filter(({ what }) => what === "server");
  const recoveries = kills
    .filter((kill) => !away.some(({ at, until }) => at < kill.at + most && until > kill.at))
    .flatMap(({ recoveredMs }) => recoveredMs ?? []);
  const measured = (value: number) => count < 1000 || value > 0;
  report.demand("batch/recoveries-measured", recoveries.length, measured, "kills");
  const slowest = Math.max(0, ...recoveries) / 1000;
  // A small batch has few kills and mostly starts runners: its figure says little.
  const soon = (value: number) => count < 1000 || value <= most / 1000;
  report.demand("batch/slowest-recovery", slowest, soon, "s");
}

/** Some take a second, some end with an exit code of their own: a daemon's end must not be taken for theirs. */
function smallJob(index: number, mark: string): Job {
  const source = `import time; open("/out/n", "w").write("${index}"); time.sleep(${index % 20 === 0 ? 1 : 0}); raise SystemExit(${exitCodeOf(index)}) #${mark}`;
  return Job.parse({
    v: 1,
    id: `chaos-${index}`,
    runtime: "python",
    argv: ["-S", "-c", source],
    workspace: { trees: {}, files: {} },
    limits: { wallMs: 30_000, memMb: 256, diskMb: 16 },
  });
}

function exitCodeOf(index: number): number {
  return index % 7 === 3 ? 7 : 0;
}

function endOf(result: JobResult): number | undefined {
  return "exitCode" in result ? result.exitCode : undefined;
}
