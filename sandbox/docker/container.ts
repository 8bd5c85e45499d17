import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { describeError } from "../../core/errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { FramedSandbox, Listener } from "../framed-execution.ts";
import { encodeRequest, readFrames } from "../frames.ts";
import type { Job, JobLimits } from "../job.ts";
import { isStatus } from "./image.ts";
import { standardOutput } from "./joined-streams.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import { changeableLimits, containerOptions, idleMs } from "./settings.ts";
import { packWorkspace } from "./workspace.ts";

/** A daemon that needs longer to end a container is left to it. */
const endMs = 15_000;
const askMs = 500;

/** What the containers of one engine have in common. */
export interface DockerContext {
  docker: Docker;
  /** Address of the daemon. */
  host: string;
  store: ArtefactStore;
  image: string;
  runtime: string | undefined;
  seccomp: string;
  memory: MemoryWatch;
}

/**
 * A started container that serves one job. It ends by itself when its job is done, when nobody is attached to it any more,
 * and when its time is over; the daemon then removes it.
 */
export class JobContainer implements FramedSandbox {
  readonly id: string;
  readonly diskMb: number;
  readonly started = performance.now();
  readonly ended: Promise<string>;
  /** Called when all is there that the job needs and the daemon has time for other work. */
  onPrepared: (() => void) | undefined;
  readonly #context: DockerContext;
  readonly #container: Docker.Container;
  readonly #stream: Duplex;
  #limits: Record<string, number>;
  readonly #jobLimits: JobLimits;
  /** Memory that the imported libraries hold; unknown while they are not. */
  #heldBytes: number | undefined;
  #updated: Promise<unknown> = Promise.resolve();
  #listener: Listener | undefined;
  #jobDone: (() => void) | undefined;
  #sent = false;
  #stopping = false;
  /** Whether the daemon ended it when it was asked to, or told that it had ended. */
  #stopped: Promise<boolean> = Promise.resolve(true);
  #over = false;
  #messages = "";
  #exitCode: number | undefined;

  /**
   * Makes and starts one.
   * @throws Error with the daemon's reason.
   */
  static async start(
    context: DockerContext,
    place: { limits: JobLimits; uid: number; warm: boolean },
  ): Promise<JobContainer> {
    const container = await context.docker.createContainer(
      containerOptions({ ...context, ...place, now: Date.now() }),
    );
    try {
      const stream = await container.attach({
        stream: true,
        hijack: true,
        stdin: true,
        stdout: true,
        stderr: true,
      });
      const made = new JobContainer(context, container, stream, place.limits);
      await container.start();
      return made;
    } catch (error) {
      // It has never run: nobody else removes it.
      await container.remove({ force: true, v: true }).catch(() => undefined);
      throw error;
    }
  }

  private constructor(
    context: DockerContext,
    container: Docker.Container,
    stream: Duplex,
    limits: JobLimits,
  ) {
    this.id = container.id;
    this.diskMb = limits.diskMb;
    this.#context = context;
    this.#container = container;
    this.#stream = stream;
    this.#jobLimits = limits;
    this.#limits = changeableLimits(limits);
    stream.on("error", () => undefined);
    const removed = container.wait({ condition: "removed" }).then(
      ({ StatusCode }) => {
        this.#exitCode = StatusCode;
        return true;
      },
      () => false,
    );
    this.ended = this.#listen()
      .finally(() => this.#listener?.silent?.())
      .catch((error: unknown) => {
        this.#note(describeError(error));
        this.kill();
      })
      .then(() => this.#gone(removed))
      .then(() => {
        this.#over = true;
        this.#jobDone?.();
        const code = this.#exitCode === undefined ? "the daemon has gone" : `exit code ${this.#exitCode}`;
        return `${code}: ${this.#messages.trim().split("\n").at(-1)?.slice(0, 300) ?? ""}`;
      });
  }

  /** Resolves when the daemon has removed the container, or cannot be asked any more: then it ends there by itself. */
  async #gone(removed: Promise<boolean>): Promise<void> {
    const until = performance.now() + endMs;
    while (performance.now() < until) {
      if (await Promise.race([removed, sleep(askMs, false, { ref: false })])) return;
      // A request that waits does not hear that its connection was lost.
      const there = await this.#container.inspect().then(
        () => true,
        () => false,
      );
      if (!there) return;
    }
  }

  async #listen(): Promise<void> {
    const output = standardOutput(this.#stream, (text) => this.#note(text));
    for await (const { kind, data } of readFrames(output)) {
      // The libraries have been imported.
      if (kind === "w") this.#imported(Number(data.toString()));
      else await this.#listener?.frame({ kind, data });
      if (kind === "z") {
        this.#sent = true;
        this.#jobDone?.();
      }
    }
  }

  #note(text: string): void {
    this.#messages = (this.#messages + text).slice(-2000);
  }

  /** What a job finds imported is not counted as its own; the limits are set while no job waits. */
  #imported(heldBytes: number): void {
    this.#heldBytes = heldBytes;
    this.#updated = this.#setLimits(this.#jobLimits);
    this.#updated.catch(() => undefined);
  }

  async #setLimits(limits: JobLimits): Promise<void> {
    const wanted = changeableLimits(limits, this.#heldBytes);
    if (!Object.entries(wanted).some(([name, value]) => this.#limits[name] !== value)) return;
    await this.#container.update(wanted);
    this.#limits = wanted;
  }

  /** Whether a job may be given to it. */
  get usable(): boolean {
    return !this.#over && !this.#stopping && performance.now() - this.started < idleMs;
  }

  /** Puts the job's workspace in its place and sets the limits that differ from those it was made with. */
  async prepare(job: Job): Promise<void> {
    await this.#updated;
    await this.#setLimits(job.limits);
    const { trees, files } = job.workspace;
    if (Object.keys(trees).length + Object.keys(files).length > 0)
      await this.#container.putArchive(packWorkspace(this.#context.store, job), { path: "/job" });
    this.onPrepared?.();
  }

  async run(request: unknown, listener: Listener): Promise<boolean> {
    this.#listener = listener;
    const done = new Promise<void>((resolve) => {
      this.#jobDone = resolve;
    });
    if (this.#over) return false;
    this.#stream.write(encodeRequest(request));
    await done;
    // Whoever was ended by force may still be at it when the stream ends: the container's end counts.
    if (!this.#sent && !(await this.lost()))
      await Promise.race([this.ended, sleep(endMs, undefined, { ref: false })]);
    this.#listener = undefined;
    this.#jobDone = undefined;
    return this.#sent;
  }

  stop(): void {
    this.kill();
  }

  lost(): Promise<boolean> {
    return this.#stopped.then((stopped) => !stopped);
  }

  /** Asked when the supervisor did not tell: it was ended too, or there was nothing to tell. */
  async ranOutOfMemory(): Promise<boolean> {
    return !this.#sent && this.#exitCode === 137 && this.#context.memory.ranOut(this.id);
  }

  async peakMemoryMb(): Promise<number | null> {
    return null;
  }

  /** Ends every process; the daemon removes the rest. */
  kill(): void {
    if (this.#over || this.#stopping) return;
    this.#stopping = true;
    const killed = this.#container.kill().then(
      () => true,
      async (error: unknown) => {
        // Ended already, or never started.
        if (isStatus(error, 404) || isStatus(error, 409)) return true;
        const removed = this.#container.remove({ force: true, v: true });
        return removed.then(
          () => true,
          () => false,
        );
      },
    );
    this.#stopped = Promise.race([killed, sleep(endMs, false, { ref: false })]);
    setTimeout(() => {
      this.#jobDone?.();
      this.#stream.destroy();
    }, endMs).unref();
  }

  /** Ends it; resolves when the daemon has removed it, or does not answer. */
  async end(): Promise<void> {
    this.kill();
    if (await this.lost()) return;
    await Promise.race([this.ended, sleep(endMs, undefined, { ref: false })]);
  }
}
