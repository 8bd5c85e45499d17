import type { ArtefactStore } from "../core/store.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { Step } from "../task/environment/actions.ts";
import type { CodingAgent, NoAgent } from "./execution/agent/play.ts";

/** What verification works with. Its programs run in a sandbox; an infrastructure failure throws and is never a verdict. */
export interface VerificationServices {
  store: ArtefactStore;
  programs: ProgramRunner;
}

/** Progress of a verification, for live views. */
export type VerificationEvent =
  | {
      kind: "stage_started";
      stage: "package" | "preparation" | "inspect" | "metric" | "solve" | "ladder" | "agent";
    }
  | { kind: "check_finished"; check: string; verdict: string }
  /** Seconds of one job's parts: by check where a check has a part of its own, else by what several checks judge. */
  | { kind: "job_measured"; seconds: Record<string, number> };

export interface VerificationOptions {
  /** Run only these checks (by id); structure is measured in any case, as the others stand on it. */
  only?: string[];
  /** Checks that are left out, and why: the reason stands in their records. */
  skip?: Record<string, string>;
  /** Faults of submissions that a format of others lets pass, e.g. `extra-column`. */
  tolerated?: string[];
  /** Who solves the task in the interactive environment, where the ladder found nothing that sends it back. */
  agent?: CodingAgent | NoAgent;
  /** Told of each of its actions. */
  onStep?: (step: Step) => void;
  signal?: AbortSignal;
  onEvent?: (event: VerificationEvent) => void;
}
