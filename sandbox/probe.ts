import { type BubblewrapMachine, type BubblewrapProbe, probeBubblewrap } from "./bubblewrap/probe.ts";
import { type DockerProbe, probeDocker } from "./docker/probe.ts";
import type { EngineName } from "./open-sandbox.ts";

/** Something that stands in the way, and the command that mends it. */
export interface SandboxProblem {
  problem: string;
  /** A command for a shell; undefined where none helps. */
  command: string | undefined;
  /** Whether jobs can be run nevertheless. */
  severity: "fatal" | "weaker";
}

/** What one engine can do. */
export interface EngineProbe {
  /** Whether a real job was run just now and ended well. */
  available: boolean;
  /** Version of the engine, e.g. 0.8.0. */
  version: string | undefined;
  /** Version of the Python inside, where it is known. */
  python: string | undefined;
  /** Limits that hold for a job as a whole; the others hold per process. */
  limits: Array<"time" | "disk" | "output" | "memory" | "processes" | "cpu">;
  problems: SandboxProblem[];
}

/** What the sandboxes of this machine can do, and which of them would run jobs. */
export interface SandboxProbe {
  /** The engine that jobs get; null: none. */
  engine: "docker" | "bubblewrap" | null;
  available: boolean;
  limits: EngineProbe["limits"];
  /** What stands in the way of the engine that is chosen; of both, when none can be used. */
  problems: SandboxProblem[];
  docker: DockerProbe;
  bubblewrap: BubblewrapProbe;
}

/** Finds out, by trying, whether and how well jobs can be run here. Never throws for what it finds. */
export async function probeSandbox(
  asked: {
    engine?: EngineName;
    docker?: { host?: string | undefined; runtime?: string | undefined };
    machine?: Partial<BubblewrapMachine>;
  } = {},
): Promise<SandboxProbe> {
  const docker = await probeDocker(asked.docker);
  const bubblewrap = await probeBubblewrap(asked.machine);
  const candidates = { docker, bubblewrap };
  const order =
    asked.engine === undefined || asked.engine === "auto"
      ? (["docker", "bubblewrap"] as const)
      : [asked.engine];
  const engine = order.find((name) => candidates[name].available) ?? null;
  return {
    engine,
    available: engine !== null,
    limits: engine === null ? [] : candidates[engine].limits,
    problems:
      engine === null ? order.flatMap((name) => candidates[name].problems) : candidates[engine].problems,
    docker,
    bubblewrap,
  };
}
