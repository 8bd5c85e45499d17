import { z } from "zod";
import type { Survey } from "../../dataset/survey.ts";
import { EditedField } from "../../task/manifest.ts";
import type { Checked } from "../model/structured.ts";
import { Candidate } from "../roles.ts";
import { isKnown, type ProposedCandidate, readCandidate } from "./read-candidate.ts";

/** What a person changes of a candidate; fields that are not named stay as they are. */
export const CandidateChanges = Candidate.omit({ id: true, edited: true })
  .extend({
    title: z.string().max(120),
    question: z.string().max(1000),
    view: z.string().max(200),
    target: z.array(z.string().max(500)).min(1).max(500),
    dataUse: z.string().max(4000),
    rationale: z.string().max(2000),
  })
  .partial();
export type CandidateChanges = z.infer<typeof CandidateChanges>;

/**
 * The candidate with a person's changes, held to what a model's answer is held to: it fits the survey and differs from
 * the other candidates. It says which fields were changed; without a real change it is the candidate as it was.
 * `field` names in errors where the changes stand.
 */
export function editCandidate(
  survey: Survey,
  candidate: Candidate,
  changes: CandidateChanges,
  others: readonly Candidate[],
  field: string,
): Checked<Candidate> {
  const { id, edited: _earlier, ...proposed } = candidate;
  const wanted: ProposedCandidate = { ...proposed, ...defined(changes) };
  const edited = EditedField.options.filter(
    (name) => JSON.stringify(wanted[name]) !== JSON.stringify(proposed[name]),
  );
  if (edited.length === 0) return { ok: true, value: candidate };
  const read = readCandidate(survey, wanted, field);
  if (!read.ok) return read;
  const asksAnother = (["view", "target", "objective"] as const).some((name) => edited.includes(name));
  const value = { ...read.value, id: asksAnother ? read.value.id : id, edited };
  const stale = (["title", "question"] as const).filter(
    (name) => edited.includes("target") && !edited.includes(name),
  );
  if (stale.length > 0)
    return { ok: false, errors: stale.map((name) => `${field}.${name}: it still asks for the old target`) };
  if (isKnown(value, others))
    return { ok: false, errors: [`${field}: another candidate asks for this target already`] };
  return { ok: true, value };
}

/** Without fields that are there but undefined, which would delete what they stand for. */
function defined(changes: CandidateChanges): Partial<ProposedCandidate> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
