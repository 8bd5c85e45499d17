import type { ArtefactStore } from "../core/store.ts";
import type { ProgramRunner } from "../sandbox/program.ts";

/** What verification works with. Its programs run in a sandbox; an infrastructure failure throws and is never a verdict. */
export interface VerificationServices {
  store: ArtefactStore;
  programs: ProgramRunner;
}

/** Progress of a verification, for live views. */
export type VerificationEvent =
  | { kind: "stage_started"; stage: "package" | "preparation" | "inspect" | "metric" | "solve" | "ladder" }
  | { kind: "check_finished"; check: string; verdict: string };

export interface VerificationOptions {
  /** Run only these checks (by id); structure is measured in any case, as the others stand on it. */
  only?: string[];
  /** Checks that are left out, and why: the reason stands in their records. */
  skip?: Record<string, string>;
  signal?: AbortSignal;
  onEvent?: (event: VerificationEvent) => void;
}
