import { performance } from "node:perf_hooks";
import { describeError } from "../core/errors.ts";
import type { ArtefactStore, TreeWriter } from "../core/store.ts";
import type { Frame } from "./frames.ts";
import type { Job, JobResult, TreeReference } from "./job.ts";
import { collectOutputs, OutputsTooLargeError } from "./outputs.ts";
import { RunningJob } from "./running-job.ts";

/** What hears the frames of a job. */
export interface Listener {
  /** Each frame, in order; the next one waits for the promise. */
  frame(frame: Frame): Promise<void> | void;
  /** Called when nothing more will be heard, at the latest when `run` resolves. */
  silent?(): void;
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
  /** Whether it could not be reached when it was to be stopped: what became of the job is not known then. */
  lost?(): Promise<boolean>;
  /** Highest memory of the job, where it can be seen from outside. */
  peakMemoryMb(): Promise<number | null>;
  /** Resolves with what is known of the reason when no process of it is left. */
  readonly ended: Promise<string>;
}

/** A result, and whether the sandbox can be given another job. */
interface Executed {
  result: JobResult;
  intact: boolean;
  /** Whether a line of the job may have run. */
  begun: boolean;
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
  const running = new RunningJob(sandbox, job);
  let peakMemoryMb: number | null = null;
  let writer: TreeWriter | undefined;
  let committed = false;
  let intact = Promise.resolve(false);
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
        intact = Promise.resolve(true);
        const message = `The store does not hold the tree ${tree.hash}`;
        return { status: "infra_error", message, ...facts() };
      }
    }
    const prepared = sandbox.prepare(job);
    // Waited for below, whatever happens first.
    prepared.catch(() => undefined);
    writer = await store.newTree();
    await prepared;
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
    intact = running.run(request);
    // When all has been told, it is kept while the sandbox clears up.
    await Promise.race([running.told, intact]);
    const [collection, peak] = await Promise.all([collecting, sandbox.peakMemoryMb()]);
    peakMemoryMb = peak ?? running.peakMemoryMb;

    if (running.killed?.status === "infra_error") return { ...running.killed, ...facts() };
    if (running.killed?.status === "timeout" && (await sandbox.lost?.())) {
      const message = "The sandbox could not be reached when the job's time was over: it may have ended well";
      return { status: "infra_error", message, ...facts() };
    }
    if (running.killed) return { status: running.killed.status, ...facts() };
    const { exitCode, sent } = running;
    if ((exitCode !== 0 || !sent) && (running.outOfMemory || (await sandbox.ranOutOfMemory())))
      return { status: "oom", ...facts() };
    // Whoever ended a supervisor before it had sent all, it was not the job: that cannot.
    if (running.failure !== undefined || !running.started || exitCode === undefined || !sent) {
      await intact;
      const reason =
        running.failure ?? (running.outlived ? "the job's supervisor was ended" : await sandbox.ended);
      return { status: "infra_error", message: `The sandbox failed: ${reason}`, ...facts() };
    }
    if ("error" in collection) throw collection.error;
    const outputs: TreeReference = await writer.commit();
    committed = true;
    if (collection.collected.leftOut.length > 0)
      note = `\n[sandbox] left out of the outputs, as their names are not allowed: ${JSON.stringify(collection.collected.leftOut)}\n`;
    if (exitCode !== 0) return { status: "nonzero_exit", exitCode, outputs, ...facts() };
    return { status: "ok", exitCode, outputs, ...facts() };
  };
  try {
    const result = await concluded();
    return { result, intact: await intact, begun: running.started };
  } catch (error) {
    const result: JobResult = { status: "infra_error", message: describeError(error), ...facts() };
    return { result, intact: false, begun: running.started };
  } finally {
    place.signal.removeEventListener("abort", cancel);
    if (!committed) await writer?.abandon().catch(() => undefined);
  }
}
