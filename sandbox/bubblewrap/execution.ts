import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";
import { describeError } from "../../core/errors.ts";
import type { ArtefactStore, TreeWriter } from "../../core/store.ts";
import { Capture } from "../capture.ts";
import type { Job, JobResult, TreeReference } from "../job.ts";
import { collectOutputs, OutputsTooLargeError } from "../outputs.ts";
import { collectMs, type KillReason, startMs } from "../running-job.ts";
import type { Runtime } from "../runtime.ts";
import { insideCommand, processLimits, sandboxArguments } from "./arguments.ts";
import type { Cgroups, JobCgroup } from "./cgroup.ts";
import type { HostPrograms } from "./host.ts";
import { type Launched, launch } from "./launch.ts";
import type { Watchdog } from "./watchdog.ts";

/** What an engine gives each of its executions. */
export interface ExecutionContext {
  programs: HostPrograms;
  runtime: Runtime;
  store: ArtefactStore;
  cgroups: Cgroups;
  seccomp: Buffer;
  watchdog: Watchdog;
  /** Where the store is shown inside the sandbox's mount namespace, when its uid cannot reach it. */
  mountPoint: string | undefined;
}

/** Runs one job from start to end. Never throws for what the job does. */
export async function execute(
  context: ExecutionContext,
  job: Job,
  place: { uid: number | undefined; name: string; queuedMs: number; signal: AbortSignal | undefined },
): Promise<JobResult> {
  const begun = performance.now();
  let cgroup: JobCgroup | undefined;
  let writer: TreeWriter | undefined;
  let committed = false;
  let group: number | undefined;
  const empty = { text: "", truncated: false };
  let [stdout, stderr] = [empty, empty];
  let peakMemoryMb: number | null = null;
  const facts = () => ({
    id: job.id,
    timings: { queuedMs: place.queuedMs, runMs: performance.now() - begun },
    stdout: stdout.text,
    stderr: stderr.text,
    stdoutTruncated: stdout.truncated,
    stderrTruncated: stderr.truncated,
    peakMemoryMb,
  });
  try {
    for (const tree of Object.values(job.workspace.trees)) {
      if (!(await context.store.hasTree(tree)))
        return {
          status: "infra_error",
          message: `The store does not hold the tree ${tree.hash}`,
          ...facts(),
        };
    }
    cgroup = await context.cgroups.create(place.name, job.limits);
    writer = await context.store.newTree();
    const running = launch({
      programs: context.programs,
      uid: place.uid,
      cgroupFolders: cgroup.folders,
      mount:
        context.mountPoint === undefined
          ? undefined
          : { source: context.store.folder, point: context.mountPoint },
      arguments: sandboxArguments(context.runtime, job, (hash) => {
        const path = context.store.treePath({ hash, files: 0, bytes: 0 });
        return context.mountPoint === undefined
          ? path
          : context.mountPoint + path.slice(context.store.folder.length);
      }),
      command: insideCommand(job, processLimits(job.limits, context.cgroups.powers)),
      seccomp: context.seccomp,
      files: Object.values(job.workspace.files),
    });
    group = running.process.pid;
    if (group !== undefined) context.watchdog.started(group);
    const supervised = new Supervised(running, job, cgroup, place.signal);
    const collecting = collectOutputs(running.outputs, writer, job.limits.outputBytes).then(
      (collected) => ({ collected }),
      (error: unknown) => {
        if (error instanceof OutputsTooLargeError) supervised.kill({ status: "output_too_large" });
        running.outputs.resume();
        return { error };
      },
    );
    const exitCode = await supervised.ended;
    const collection = await collecting;
    [stdout, stderr] = [supervised.stdout.result(), supervised.stderr.result()];
    peakMemoryMb = (await cgroup.peakMemoryMb()) ?? supervised.peakMemoryMb;

    if (supervised.killed?.status === "infra_error") return { ...supervised.killed, ...facts() };
    if (supervised.killed) return { status: supervised.killed.status, ...facts() };
    const code = supervised.exitCode ?? exitCode;
    if (code !== 0 && (supervised.outOfMemory || (await cgroup.ranOutOfMemory())))
      return { status: "oom", ...facts() };
    if (!supervised.started)
      return {
        status: "infra_error",
        message: `The sandbox did not start (exit code ${exitCode}): ${lastLine(stderr.text)}`,
        ...facts(),
      };
    let outputs: TreeReference | null = null;
    if (supervised.sent && "collected" in collection) {
      outputs = await writer.commit();
      committed = true;
      if (collection.collected.leftOut.length > 0) {
        stderr = {
          ...stderr,
          text: `${stderr.text}\n[sandbox] left out of the outputs, as their names are not allowed: ${JSON.stringify(collection.collected.leftOut)}\n`,
        };
      }
    } else if ("error" in collection && supervised.sent) throw collection.error;
    if (code !== 0) return { status: "nonzero_exit", exitCode: code, outputs, ...facts() };
    // The program ended well and the supervisor did not: a job may kill it, and then has no outputs.
    if (outputs === null) return { status: "nonzero_exit", exitCode: 137, outputs, ...facts() };
    return { status: "ok", exitCode: 0, outputs, ...facts() };
  } catch (error) {
    return { status: "infra_error", message: describeError(error), ...facts() };
  } finally {
    if (group !== undefined) context.watchdog.ended(group);
    if (!committed) await writer?.abandon().catch(() => undefined);
    await cgroup?.remove().catch(() => undefined);
  }
}

/** A started sandbox: its clock, its streams, what its supervisor reports, and its end. */
class Supervised {
  readonly stdout: Capture;
  readonly stderr: Capture;
  /** Resolves with bubblewrap's exit code when no process of the sandbox is left and all streams are read. */
  readonly ended: Promise<number>;
  started = false;
  sent = false;
  /** The program's own exit code; undefined while it runs, and when the supervisor died before it. */
  exitCode: number | undefined;
  peakMemoryMb: number | null = null;
  /** The supervisor ended it for the memory it used, where there is no cgroup to do so. */
  outOfMemory = false;
  /** Why we ended it; the first reason stands. */
  killed: KillReason | undefined;
  readonly #running: Launched;
  readonly #job: Job;
  readonly #cgroup: JobCgroup;
  #timer: NodeJS.Timeout;
  #initPid: number | undefined;

  constructor(running: Launched, job: Job, cgroup: JobCgroup, signal: AbortSignal | undefined) {
    this.#running = running;
    this.#cgroup = cgroup;
    this.#job = job;
    const flood = () => this.kill({ status: "output_too_large" });
    this.stdout = new Capture(job.limits.stdoutBytes, flood).follow(running.stdout);
    this.stderr = new Capture(job.limits.stdoutBytes, flood).follow(running.stderr);
    this.#timer = setTimeout(
      () => this.kill({ status: "infra_error", message: `The sandbox did not start within ${startMs} ms` }),
      startMs,
    );
    const cancel = () => this.kill({ status: "cancelled" });
    eachLine(
      running.information,
      () => undefined,
      (text) => {
        this.#initPid = Number(/"child-pid":\s*(\d+)/.exec(text)?.[1] ?? 0) || undefined;
      },
    );
    eachLine(running.control, (line) => this.#report(line));
    this.ended = new Promise<number>((resolve, reject) => {
      running.process.once("error", reject);
      running.process.once("close", (code, killedBy) => resolve(code ?? (killedBy ? 137 : 1)));
    }).finally(() => {
      clearTimeout(this.#timer);
      signal?.removeEventListener("abort", cancel);
    });
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
  }

  #report(line: string): void {
    const [word, code, memory] = line.split(" ");
    clearTimeout(this.#timer);
    if (word === "started") {
      this.started = true;
      this.#timer = setTimeout(() => this.kill({ status: "timeout" }), this.#job.limits.wallMs);
    } else if (word === "ended") {
      this.exitCode = Number(code);
      this.peakMemoryMb = Math.ceil(Number(memory) / 1024);
      this.#timer = setTimeout(
        () => this.kill({ status: "infra_error", message: "The outputs could not be collected in time" }),
        collectMs,
      );
    } else if (word === "memory") this.outOfMemory = true;
    else if (word === "sent") this.sent = true;
  }

  /** Ends every process of the sandbox; the reason becomes the result, unless there is one already. */
  kill(reason: KillReason): void {
    this.killed ??= reason;
    clearTimeout(this.#timer);
    // The first process of the namespace takes all others with it, and bubblewrap waits for it: when bubblewrap
    // has ended, nothing is left. Where that process is not known yet, it is still in bubblewrap's process group.
    const { pid } = this.#running.process;
    if (this.#initPid === undefined || !killProcess(this.#initPid)) if (pid !== undefined) killProcess(-pid);
    // Should something have slipped through in between, it is in the cgroup.
    const again = setTimeout(() => {
      if (pid !== undefined) killProcess(-pid);
      this.#cgroup.kill();
    }, 500);
    void this.ended.then(
      () => clearTimeout(again),
      () => clearTimeout(again),
    );
    this.#running.outputs.resume();
  }
}

/** Kills a process, or a group by its negative number; false when there is none. */
export function killProcess(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}

/** Calls `line` for each whole line and `all` with everything so far. */
function eachLine(
  stream: Readable,
  line: (text: string) => void,
  all: (text: string) => void = () => undefined,
): void {
  let pending = "";
  stream.setEncoding("utf8");
  stream.on("error", () => undefined);
  stream.on("data", (chunk: string) => {
    pending = (pending + chunk).slice(-4096);
    all(pending);
    if (!pending.includes("\n")) return;
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    for (const text of lines) line(text);
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}
