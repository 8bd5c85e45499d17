import type { Candidate } from "../../roles.ts";
import type { RejectedIdea } from "../rules.ts";
import type { Reading } from "./reading.ts";

/** Candidates where layout or roles decide rather than words: media, ratings, ranking, survival, series. Null: none of these. */
export function specialCandidates(_reading: Reading): { scored: { candidate: Candidate; score: number }[]; rejected: RejectedIdea[] } | null {
  return null;
}
