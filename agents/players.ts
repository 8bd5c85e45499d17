import type { RunEvent } from "../core/events.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { Survey } from "../dataset/survey.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { Manifest } from "../task/manifest.ts";
import type { CheckRecord, Defect } from "../verifiers/defect.ts";
import type { Candidate, Design, Review } from "./roles.ts";

/** A defect of an earlier attempt of the same task. */
export interface PastDefect {
  attempt: number;
  defect: Defect;
}

/** Where a role works: the dataset, and what it may use. */
export interface Workplace {
  store: ArtefactStore;
  programs: ProgramRunner;
  signal: AbortSignal;
  emit(event: RunEvent): void;
  /** For events. */
  dataset: string;
  candidate?: string;
  /** The raw folder, opened only in a sandbox. */
  raw: TreeReference;
}

/** A role that sees no way on; the task is rejected with this reason. */
export interface GiveUp {
  giveUp: string;
}

/** One way to play the four roles. Verification trusts neither. */
export interface Players {
  /** `rules`, or model names and prompt hashes by role: goes into the manifest of a task. */
  readonly author: Manifest["author"];
  brainstorm(
    input: {
      survey: Survey;
      /** Candidates wanted, at most. */
      count: number;
      /** Earlier candidates of this dataset: not to be proposed again. */
      earlier: Candidate[];
      /** Those among them whose idea turned out unsound, with why. */
      rejected: { candidate: string; reasons: string[] }[];
    },
    workplace: Workplace,
  ): Promise<{ candidates: Candidate[]; /** Why there are none or few. */ reason: string | null }>;
  design(
    input: { survey: Survey; candidate: Candidate; seed: number; previous: Design | null; history: PastDefect[] },
    workplace: Workplace,
  ): Promise<Design | GiveUp>;
  /** Called after the first compilation failed a check that blames form; returns the mended design. */
  refactor(
    input: { survey: Survey; candidate: Candidate; design: Design; history: PastDefect[] },
    workplace: Workplace,
  ): Promise<Design | GiveUp>;
  review(
    input: {
      survey: Survey;
      candidate: Candidate;
      siblings: string[];
      manifest: Manifest;
      description: string;
      prepare: string;
      metric: string;
      /** First lines of the public tables, bounded; path → text. */
      samples: Record<string, string>;
      records: CheckRecord[];
    },
    workplace: Workplace,
  ): Promise<Review>;
}
