import type { RunEvent } from "../core/events.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { Survey } from "../dataset/survey.ts";
import type { TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { CheckRecord, Defect } from "../verifiers/defect.ts";
import type { CodingAgent, NoAgent } from "../verifiers/execution/agent/play.ts";
import type { Candidate, Design, Review } from "./roles.ts";

/**
 * The roles as the graph calls them. Whoever plays them, what comes out is checked alike; players throw only for
 * what is nobody's design (budget, endpoint, sandbox, interrupt), and say `giveUp` when they have no answer.
 */
export interface Players {
  brainstorm(input: BrainstormInput, context: PlayerContext): Promise<Ideas>;
  design(input: DesignInput, context: PlayerContext): Promise<Design | GiveUp>;
  /** What the Designer can take from a person. */
  designer: DesignerAbilities;
  refactor(input: RefactorInput, context: PlayerContext): Promise<Design | GiveUp>;
  review(input: ReviewInput, context: PlayerContext): Promise<Review | GiveUp>;
  /** Who solves tasks in the interactive environment, or why nobody does. */
  solver(context: PlayerContext): CodingAgent | NoAgent;
}

/** What a person may be promised of the Designer before its work. */
export interface DesignerAbilities {
  /** Its name, as people are told it: `rules`, or the model's. */
  name: string;
  /** Whether a remark in words can change its next design. */
  readsRemarks: boolean;
  /** Why no design could come of a candidate, as far as that is known without work; null when one may. */
  objection(candidate: Candidate, survey: Survey, seed: number): string | null;
}

/** What players work with. */
export interface PlayerContext {
  programs: ProgramRunner;
  store: ArtefactStore;
  emit(event: RunEvent): void;
  signal: AbortSignal;
}

/** The player has nothing (more) to offer, and why. */
export interface GiveUp {
  giveUp: string;
}

/** What a dataset holds: its measurements, and its raw folder for tools that look inside a sandbox. */
export interface DatasetInput {
  survey: Survey;
  /** Needed by players with tools; without it they are offered none. */
  raw?: TreeReference;
}

export interface BrainstormInput extends DatasetInput {
  /** Candidates wanted, at most. */
  count: number;
  /** Candidates proposed before; the new ones must differ from them. */
  earlier: readonly Candidate[];
  /** Those of them that were rejected, and why. */
  rejected: readonly {
    candidate: string;
    title: string;
    defects: readonly { check: string; message: string; evidence: string }[];
  }[];
}

/** New candidates, best first; when there are none, why, and what would help if it is something else than words on the columns. */
export interface Ideas {
  candidates: Candidate[];
  reason?: string;
  help?: string;
}

/** A defect of an earlier attempt at the same candidate. */
export interface EarlierDefect {
  attempt: number;
  defect: Defect;
}

export interface DesignInput extends DatasetInput {
  candidate: Candidate;
  /** Titles of the other candidates of the dataset. */
  siblings: readonly string[];
  /** Every defect of this candidate's earlier attempts. */
  history: readonly EarlierDefect[];
  /** The latest design that had them; null at the first attempt. */
  previous: Design | null;
  seed: number;
}

export interface RefactorInput extends DatasetInput {
  candidate: Candidate;
  design: Design;
  /** Defects that are open. Without any, the design is to be brought into form for the first time. */
  defects: readonly Defect[];
  history: readonly EarlierDefect[];
}

export interface ReviewInput {
  candidate: Candidate;
  design: Design;
  /** Texts of the package by path: at least `description.md` and `task.json`; `metric.py` for free code. */
  files: Readonly<Record<string, string>>;
  /** First lines of the package's tables by path, private ones included. */
  samples: Readonly<Record<string, string>>;
  /** What the assertions measured. */
  records: readonly CheckRecord[];
  /** Titles and questions of the dataset's other tasks. */
  siblings: readonly string[];
}

export function isGiveUp<Answer extends object>(answer: Answer | GiveUp): answer is GiveUp {
  return "giveUp" in answer;
}
