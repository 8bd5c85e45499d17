import { setTimeout as sleep } from "node:timers/promises";
import type { FramedSandbox, Listener } from "../../framed-execution.ts";
import { encodeRequest, readFrames } from "../../frames.ts";
import { type Job, JobLimits } from "../../job.ts";
import { mebibyte } from "../arguments.ts";
import type { JobCgroup } from "../cgroup.ts";
import type { ExecutionContext } from "../execution.ts";
import { killProcess } from "../execution.ts";
import { type Launched, launch } from "../launch.ts";
import { readyArguments, readyCommand } from "./arguments.ts";

/** Importing takes half a second; a machine that needs this long had better do without. */
const readyMs = 30_000;
/** A supervisor that is told to stop ends at once. */
const stopMs = 1000;
/** bubblewrap twice, the first of ours, the one that starts, the interpreter, and a supervisor. */
const ownProcesses = 6;
/** More than the imported libraries need. */
const mostHeldBytes = 1024 * 1024 * 1024;
/** It stays as it was, page for page: a precaution. */
const mostJobs = 1000;

/** The state of a group before a job. */
interface Before {
  limits: JobLimits;
  heldBytes: number;
  memoryKills: number;
}

/**
 * A sandbox in which an interpreter that has imported the libraries waits for jobs, one at a time. It never runs foreign
 * code itself, and so serves all tasks alike.
 */
export class ReadyInterpreter implements FramedSandbox {
  readonly cgroup: JobCgroup;
  readonly #running: Launched;
  /** Resolves with what is known of the reason when no process of it is left. */
  readonly ended: Promise<string>;
  #listener: Listener | undefined;
  #jobDone: (() => void) | undefined;
  #initPid: number | undefined;
  #jobs = 0;
  #over = false;
  #messages = "";
  /** No job is being prepared for or runs. */
  #idle = true;
  /** All libraries have been imported. */
  #complete = false;
  /** What held when the limits were set last. */
  #before: Before = { limits: JobLimits.parse({}), heldBytes: 0, memoryKills: 0 };
  /** Limits that were set while no job ran: those of the last job, as most jobs have the same. */
  #ahead: Promise<Before> | undefined;

  /**
   * Starts one and waits until it is ready.
   * @throws Error with the reason when it does not get ready.
   */
  static async start(
    context: ExecutionContext,
    place: { uid: number | undefined; name: string },
  ): Promise<ReadyInterpreter> {
    const cgroup = await context.cgroups.create(place.name, JobLimits.parse({}));
    const interpreter = new ReadyInterpreter(context, cgroup, place.uid);
    let timer: NodeJS.Timeout | undefined;
    const ready = await Promise.race([
      new Promise<string>((resolve) => {
        interpreter.#listener = { frame: ({ kind }) => resolve(kind) };
        timer = setTimeout(() => resolve("late"), readyMs);
      }),
      interpreter.ended,
    ]);
    clearTimeout(timer);
    interpreter.#listener = undefined;
    if (ready === "r") return interpreter;
    await interpreter.end();
    throw new Error(ready === "late" ? `it was not ready within ${readyMs} ms` : ready);
  }

  private constructor(context: ExecutionContext, cgroup: JobCgroup, uid: number | undefined) {
    this.cgroup = cgroup;
    const { store, mountPoint } = context;
    this.#running = launch({
      programs: context.programs,
      uid,
      cgroupFolders: cgroup.folders,
      mount: mountPoint === undefined ? undefined : { source: store.folder, point: mountPoint },
      arguments: readyArguments(context.runtime, mountPoint ?? store.folder),
      command: readyCommand(),
      seccomp: context.seccomp,
      files: [],
    });
    const { process: child, information, stdout, stderr, control, outputs } = this.#running;
    if (child.pid !== undefined) context.watchdog.started(child.pid);
    information.on("data", (chunk: Buffer) => {
      this.#initPid ??= Number(/"child-pid":\s*(\d+)/.exec(chunk.toString())?.[1] ?? 0) || undefined;
    });
    for (const stream of [stdout, stderr])
      stream.on("data", (chunk: Buffer) => {
        this.#messages = (this.#messages + chunk.toString()).slice(-2000);
      });
    for (const stream of [information, stdout, stderr, control, outputs]) stream.on("error", () => undefined);
    // Nothing comes this way.
    outputs.resume();
    const listening = this.#listen().catch((error: unknown) => {
      this.#messages += String(error);
      this.kill();
    });
    this.ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(String(error)));
      child.once("close", (code) =>
        resolve(`exit code ${code}: ${this.#messages.trim().split("\n").at(-1)?.slice(0, 300) ?? ""}`),
      );
    }).then(async (reason) => {
      this.#over = true;
      await listening;
      this.#jobDone?.();
      if (child.pid !== undefined) context.watchdog.ended(child.pid);
      return reason;
    });
  }

  async #listen(): Promise<void> {
    for await (const frame of readFrames(this.#running.control)) {
      if (frame.kind === "d") {
        this.#idle = true;
        // What is still to be imported is not to be held to the limits of a job.
        if (!this.#complete) this.#prepareAhead(JobLimits.parse({}));
        this.#jobDone?.();
      } else if (frame.kind === "w") {
        // A process waits for the next job: what the sandbox holds for good is all there.
        if (this.#idle) {
          this.#complete = true;
          this.#prepareAhead(this.#before.limits);
        }
      } else await this.#listener?.frame(frame);
    }
  }

  /** Whether another job may be given to it. */
  get usable(): boolean {
    return !this.#over && this.#jobs < mostJobs;
  }

  /**
   * Sets the limits of the job to come.
   * @throws Error when they cannot be set.
   */
  async prepare({ limits }: Job): Promise<void> {
    this.#idle = false;
    const ahead = await this.#ahead?.catch(() => undefined);
    this.#ahead = undefined;
    this.#before = ahead && haveEqualGroups(ahead.limits, limits) ? ahead : await this.#setLimits(limits);
  }

  #prepareAhead(limits: JobLimits): void {
    // One after another: what lifts limits may not come after what sets them.
    const earlier = this.#ahead?.catch(() => undefined) ?? Promise.resolve();
    this.#ahead = earlier.then(() => this.#setLimits(limits));
    // The next job tries again, and says why it cannot be done.
    this.#ahead.catch(() => undefined);
  }

  async #setLimits(limits: JobLimits): Promise<Before> {
    const heldBytes = await this.cgroup.heldBytes();
    if (heldBytes > mostHeldBytes) throw new Error("the ready interpreter holds more memory than it should");
    await this.cgroup.setLimits(limits, { bytes: heldBytes, processes: ownProcesses });
    return { limits, heldBytes, memoryKills: await this.cgroup.memoryKills() };
  }

  async ranOutOfMemory(): Promise<boolean> {
    return (await this.cgroup.memoryKills()) > this.#before.memoryKills;
  }

  async peakMemoryMb(): Promise<number | null> {
    const peak = await this.cgroup.peakMemoryMb();
    return peak === null ? null : Math.max(0, peak - Math.floor(this.#before.heldBytes / mebibyte));
  }

  /** Runs one job; resolves when no process of it is left, with whether the interpreter outlived it. */
  async run(request: unknown, listener: Listener): Promise<boolean> {
    this.#jobs += 1;
    this.#listener = listener;
    const done = new Promise<void>((resolve) => {
      this.#jobDone = resolve;
    });
    if (this.#over) return false;
    this.#running.control.write(encodeRequest(request));
    await done;
    this.#listener = undefined;
    this.#jobDone = undefined;
    return !this.#over;
  }

  /** Ends the running job, or everything when that takes too long. */
  stop(): void {
    const done = this.#jobDone;
    if (this.#over || done === undefined) return;
    this.#running.outputs.write("k");
    const timer = setTimeout(() => this.kill(), stopMs);
    this.#jobDone = () => {
      clearTimeout(timer);
      done();
    };
  }

  /** Kills every process. */
  kill(): void {
    const { pid } = this.#running.process;
    if (this.#over) return;
    if (this.#initPid === undefined || !killProcess(this.#initPid)) if (pid !== undefined) killProcess(-pid);
    void sleep(500, undefined, { ref: false }).then(() => {
      if (this.#over) return;
      if (pid !== undefined) killProcess(-pid);
      this.cgroup.kill();
    });
  }

  /** Ends it; resolves when nothing of it is left. */
  async end(): Promise<void> {
    this.kill();
    await this.ended;
    await this.cgroup.remove().catch(() => undefined);
  }
}

/** Whether two jobs need the same of a cgroup; all else is not its matter. */
function haveEqualGroups(some: JobLimits, other: JobLimits): boolean {
  return some.memMb === other.memMb && some.cpus === other.cpus && some.pids === other.pids;
}
