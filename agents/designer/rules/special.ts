import type { Reading } from "../../brainstormer/rules/reading.ts";
import type { Specification } from "../../../task/specification.ts";
import type { Candidate } from "../../roles.ts";

/** Specification of a candidate that layout or roles made (media, ratings, ranking, survival, series); null when it is none. */
export function designSpecial(_candidate: Candidate, _reading: Reading, _seed: number): Specification | { giveUp: string } | null {
  return null;
}
