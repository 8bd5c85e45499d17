import type { ChildProcess } from "node:child_process";
import { RunnerProcess } from "../queue/spawn-runner.ts";

/** Where a runner is killed: just taken, just started, before its result is published, before it is acknowledged. */
const stages = ["taken", "started", "ran", "published"] as const;
export const stageNames: Record<string, string> = {
  taken: "create",
  started: "start",
  ran: "publish",
  published: "ack",
};

/** A kill and what became of the job that the runner had. */
export interface Kill {
  stage: string;
  key: string;
  at: number;
  /** Milliseconds until another runner had the job. */
  recoveredMs: number | undefined;
}

export interface CrewOptions {
  url: string;
  runners: number;
  slots: number;
  engine: "fake" | "real";
  /** Kills in all. */
  kills: number;
  /** Jobs after which a runner dies: at least, at most. */
  lifetime: [number, number];
  env?: Record<string, string>;
  /** Address of a Docker daemon, on which every second runner runs its jobs. */
  docker?: string | undefined;
}

/** Runners that kill themselves at the worst moments and are replaced, until enough have died. */
export class Crew {
  readonly kills: Kill[] = [];
  /** Jobs whose results came from containers. */
  onDocker = 0;
  /** Processes that were ever started. */
  readonly pids: number[] = [];
  readonly #options: CrewOptions;
  readonly #living = new Set<RunnerProcess>();
  #planned = 0;
  #stopped = false;
  #seed = 1;

  constructor(options: CrewOptions) {
    this.#options = options;
    for (let index = 0; index < options.runners; index += 1) this.#hire(index);
  }

  async ready(): Promise<void> {
    await Promise.all([...this.#living].map((runner) => runner.saw("up")));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#living].map((runner) => runner.end("SIGTERM")));
  }

  #hire(place: number): void {
    const { url, engine, slots, kills, lifetime, env = {}, docker } = this.#options;
    const onDocker = docker !== undefined && place % 2 === 1;
    const stage = stages[this.#planned % stages.length] ?? "taken";
    const doomed = this.#planned < kills;
    if (doomed) this.#planned += 1;
    const [least, most] = lifetime;
    const count = least + Math.floor(this.#random() * (most - least));
    const runner = new RunnerProcess(url, {
      engine,
      slots,
      ...(doomed ? { crash: `${stage}:${count}` } : {}),
      env: { ...env, ...(onDocker ? { RUNNER_DOCKER: docker } : {}) },
      onLine: (line) => {
        if (onDocker && line.startsWith("published ")) this.onDocker += 1;
        this.#hear(line, stage);
      },
    });
    this.#living.add(runner);
    const child: ChildProcess = runner.child;
    if (child.pid !== undefined) this.pids.push(child.pid);
    child.on("exit", () => {
      this.#living.delete(runner);
      if (!this.#stopped) this.#hire(place);
    });
  }

  #hear(line: string, stage: string): void {
    const [what, key = ""] = line.split(" ");
    const now = performance.now();
    if (what === "crash") this.kills.push({ stage, key, at: now, recoveredMs: undefined });
    if (what !== "taken") return;
    for (const kill of this.kills)
      if (kill.key === key && kill.recoveredMs === undefined) kill.recoveredMs = now - kill.at;
  }

  /** The same on every run. */
  #random(): number {
    this.#seed = (this.#seed * 48_271) % 2_147_483_647;
    return this.#seed / 2_147_483_647;
  }
}
