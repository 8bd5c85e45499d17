import { PassThrough } from "node:stream";
import { Capture } from "./capture.ts";
import type { FramedSandbox } from "./framed-execution.ts";
import type { Frame } from "./frames.ts";
import type { Job } from "./job.ts";

/** Starting takes milliseconds; a machine that needs this long is not one to judge a job on. */
export const startMs = 30_000;
/** The outputs lie in memory: sending them is copying. */
export const collectMs = 300_000;

/** Why a job was ended by us. */
export type KillReason =
  | { status: "timeout" | "output_too_large" | "cancelled" }
  | { status: "infra_error"; message: string };

/** A job while it runs: its clock, its streams, what its supervisor reports. */
export class RunningJob {
  readonly stdout: Capture;
  readonly stderr: Capture;
  readonly outputs = new PassThrough();
  started = false;
  sent = false;
  /** Its sandbox was there when no process of it was left. */
  outlived = false;
  /** Resolves when the supervisor has told and sent all that there is; not at all when it ends before. */
  readonly told: Promise<void>;
  exitCode: number | undefined;
  peakMemoryMb: number | null = null;
  outOfMemory = false;
  failure: string | undefined;
  killed: KillReason | undefined;
  readonly #sandbox: FramedSandbox;
  readonly #job: Job;
  #timer: NodeJS.Timeout | undefined;
  #tell: () => void = () => undefined;

  constructor(sandbox: FramedSandbox, job: Job) {
    this.told = new Promise((resolve) => {
      this.#tell = resolve;
    });
    this.#sandbox = sandbox;
    this.#job = job;
    const flood = () => this.kill({ status: "output_too_large" });
    this.stdout = new Capture(job.limits.stdoutBytes, flood);
    this.stderr = new Capture(job.limits.stdoutBytes, flood);
  }

  /** Runs it; resolves when no process of it is left, with whether its sandbox may be given another job. */
  async run(request: unknown): Promise<boolean> {
    if (this.killed) {
      // It was called off before it was sent.
      this.outputs.end();
      this.outlived = true;
      return true;
    }
    this.#limit(startMs, {
      status: "infra_error",
      message: `The sandbox did not start within ${startMs} ms`,
    });
    this.outlived = await this.#sandbox.run(request, {
      frame: (frame) => this.#frame(frame),
      // Its time may not run out while it is found out what became of it.
      silent: () => clearTimeout(this.#timer),
    });
    clearTimeout(this.#timer);
    this.outputs.end();
    // One that was stopped before it had read its request has left some of it for the next; what failed once is not trusted.
    return this.outlived && this.started && this.failure === undefined;
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
    else if (kind === "z") {
      this.sent = true;
      this.outputs.end();
      this.#tell();
    }
  }

  /** Ends every process of the job; the reason becomes the result. Nothing is done where there is a reason already. */
  kill(reason: KillReason): void {
    // Said twice, the second word would reach the next job of the same sandbox.
    if (this.killed !== undefined) return;
    this.killed = reason;
    clearTimeout(this.#timer);
    this.outputs.resume();
    this.#sandbox.stop();
  }
}
