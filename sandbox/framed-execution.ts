import { performance } from "node:perf_hooks";
import { PassThrough } from "node:stream";
import { describeError } from "../core/errors.ts";
import type { ArtefactStore, TreeWriter } from "../core/store.ts";
import { Capture } from "./capture.ts";
import type { Frame } from "./frames.ts";
import type { Job, JobResult, TreeReference } from "./job.ts";
import { collectOutputs, OutputsTooLargeError } from "./outputs.ts";

/** Starting takes milliseconds; a machine that needs this long is not one to judge a job on. */
export const startMs = 30_000;
/** The outputs lie in memory: sending them is copying. */
export const collectMs = 300_000;

/** Why a job was ended by us. */
export type KillReason =
  | { status: "timeout" | "output_too_large" | "cancelled" }
  | { status: "infra_error"; message: string };

/** What hears the frames of a job. */
export interface Listener {
  /** Each frame, in order; the next one waits for the promise. */
  frame(frame: Frame): Promise<void> | void;
}

/** A sandbox that has been started, takes a job, and tells what it does as frames. */
export interface FramedSandbox {
  /**
   * Makes it fit for one job.
   * @throws Error when that fails.
   */
  prepare(job: Job): Promise<void>;
  /** Runs the job; resolves when no process of it is left, with whether the sandbox outlived it. */
  run(request: unknown, listener: Listener): Promise<boolean>;
  /** Ends the running job, and the sandbox where that is needed. */
  stop(): void;
  /** Whether the kernel killed a process of the job for want of memory, where that can be seen from outside. */
  ranOutOfMemory(): Promise<boolean>;
  /** Highest memory of the job, where it can be seen from outside. */
  peakMemoryMb(): Promise<number | null>;
  /** Resolves with what is known of the reason when no process of it is left. */
  readonly ended: Promise<string>;
}

/** A result, and whether the sandbox can be given another job. */
interface Executed {
  result: JobResult;
  intact: boolean;
}

/** Runs one job in a started sandbox. Never throws for what the job does. */
export async function executeFramed(
  store: ArtefactStore,
  sandbox: FramedSandbox,
  job: Job,
  request: unknown,
  place: { queuedMs: number; signal: AbortSignal },
): Promise<Executed> {
  const begun = performance.now();
  let peakMemoryMb: number | null = null;
  let writer: TreeWriter | undefined;
  let committed = false;
  let intact = false;
  const running = new RunningJob(sandbox, job);
  let note = "";
  const facts = () => {
    const [stdout, stderr] = [running.stdout.result(), running.stderr.result()];
    return {
      id: job.id,
      timings: { queuedMs: place.queuedMs, runMs: performance.now() - begun },
      stdout: stdout.text,
      stderr: stderr.text + note,
      stdoutTruncated: stdout.truncated,
      stderrTruncated: stderr.truncated,
      peakMemoryMb,
    };
  };
  const cancel = () => running.kill({ status: "cancelled" });
  const concluded = async (): Promise<JobResult> => {
    for (const tree of Object.values(job.workspace.trees)) {
      if (!(await store.hasTree(tree))) {
        intact = true;
        const message = `The store does not hold the tree ${tree.hash}`;
        return { status: "infra_error", message, ...facts() };
      }
    }
    writer = await store.newTree();
    await sandbox.prepare(job);
    const collecting = collectOutputs(running.outputs, writer, job.limits.outputBytes).then(
      (collected) => ({ collected }),
      (error: unknown) => {
        if (error instanceof OutputsTooLargeError) running.kill({ status: "output_too_large" });
        running.outputs.resume();
        return { error };
      },
    );
    place.signal.addEventListener("abort", cancel, { once: true });
    if (place.signal.aborted) cancel();
    // One that was stopped before it had read its request has left some of it for the next.
    intact = (await running.run(request)) && (running.started || running.idle);
    const collection = await collecting;
    peakMemoryMb = (await sandbox.peakMemoryMb()) ?? running.peakMemoryMb;

    if (running.killed?.status === "infra_error") return { ...running.killed, ...facts() };
    if (running.killed) return { status: running.killed.status, ...facts() };
    if (running.exitCode !== 0 && (running.outOfMemory || (await sandbox.ranOutOfMemory())))
      return { status: "oom", ...facts() };
    if (running.failure !== undefined || !running.started || running.exitCode === undefined) {
      const message = `The sandbox failed: ${running.failure ?? (intact ? "no reason is known" : await sandbox.ended)}`;
      return { status: "infra_error", message, ...facts() };
    }
    let outputs: TreeReference | null = null;
    if (running.sent && "collected" in collection) {
      outputs = await writer.commit();
      committed = true;
      if (collection.collected.leftOut.length > 0)
        note = `\n[sandbox] left out of the outputs, as their names are not allowed: ${JSON.stringify(collection.collected.leftOut)}\n`;
    } else if ("error" in collection && running.sent) throw collection.error;
    if (running.exitCode !== 0)
      return { status: "nonzero_exit", exitCode: running.exitCode, outputs, ...facts() };
    if (outputs === null) return { status: "nonzero_exit", exitCode: 137, outputs, ...facts() };
    return { status: "ok", exitCode: 0, outputs, ...facts() };
  };
  try {
    return { result: await concluded(), intact };
  } catch (error) {
    return { result: { status: "infra_error", message: describeError(error), ...facts() }, intact: false };
  } finally {
    place.signal.removeEventListener("abort", cancel);
    if (!committed) await writer?.abandon().catch(() => undefined);
  }
}

/** A job while it runs: its clock, its streams, what its supervisor reports. */
class RunningJob {
  readonly stdout: Capture;
  readonly stderr: Capture;
  readonly outputs = new PassThrough();
  /** It was called off before it was sent. */
  idle = false;
  started = false;
  sent = false;
  exitCode: number | undefined;
  peakMemoryMb: number | null = null;
  outOfMemory = false;
  failure: string | undefined;
  killed: KillReason | undefined;
  readonly #sandbox: FramedSandbox;
  readonly #job: Job;
  #timer: NodeJS.Timeout | undefined;

  constructor(sandbox: FramedSandbox, job: Job) {
    this.#sandbox = sandbox;
    this.#job = job;
    const flood = () => this.kill({ status: "output_too_large" });
    this.stdout = new Capture(job.limits.stdoutBytes, flood);
    this.stderr = new Capture(job.limits.stdoutBytes, flood);
  }

  async run(request: unknown): Promise<boolean> {
    if (this.killed) {
      this.idle = true;
      this.outputs.end();
      return true;
    }
    this.#limit(startMs, {
      status: "infra_error",
      message: `The sandbox did not start within ${startMs} ms`,
    });
    const intact = await this.#sandbox.run(request, { frame: (frame) => this.#frame(frame) });
    clearTimeout(this.#timer);
    this.outputs.end();
    return intact;
  }

  #limit(milliseconds: number, reason: KillReason): void {
    clearTimeout(this.#timer);
    if (!this.killed) this.#timer = setTimeout(() => this.kill(reason), milliseconds);
  }

  async #frame({ kind, data }: Frame): Promise<void> {
    if (kind === "o") this.stdout.take(data);
    else if (kind === "e") this.stderr.take(data);
    else if (kind === "t") {
      if (!this.killed && !this.outputs.write(data))
        await new Promise<void>((resolve) => {
          // It drains, or nobody reads it any more.
          const go = () => {
            this.outputs.off("drain", go);
            this.outputs.off("close", go);
            resolve();
          };
          this.outputs.on("drain", go);
          this.outputs.on("close", go);
        });
    } else if (kind === "s") {
      this.started = true;
      this.#limit(this.#job.limits.wallMs, { status: "timeout" });
    } else if (kind === "x") {
      const [code, memory] = data.toString().split(" ");
      this.exitCode = Number(code);
      this.peakMemoryMb = Math.ceil(Number(memory) / 1024);
      this.#limit(collectMs, {
        status: "infra_error",
        message: "The outputs could not be collected in time",
      });
    } else if (kind === "m") this.outOfMemory = true;
    else if (kind === "f") this.failure = data.toString().slice(0, 300);
    else if (kind === "z") this.sent = true;
  }

  /** Ends every process of the job; the reason becomes the result, unless there is one already. */
  kill(reason: KillReason): void {
    this.killed ??= reason;
    clearTimeout(this.#timer);
    this.outputs.resume();
    this.#sandbox.stop();
  }
}
