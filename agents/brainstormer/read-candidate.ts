import type { Survey } from "../../dataset/survey.ts";
import { METRICS } from "../../task/metrics/catalogue.ts";
import { findView, NameLookup } from "../model/names.ts";
import { clip } from "../model/prompt.ts";
import type { Checked } from "../model/structured.ts";
import type { Candidate } from "../roles.ts";
import { kebab } from "../words/tokens.ts";

/** What an author writes of a candidate; its id is made by code. */
export type ProposedCandidate = Omit<Candidate, "id" | "edited">;

/**
 * A candidate that fits the survey, whoever wrote it, or what is wrong with it. `field` names in errors where it stands,
 * e.g. `candidates.0`.
 */
export function readCandidate(
  survey: Survey,
  proposed: ProposedCandidate,
  field: string,
): Checked<Candidate> {
  const view = findView(survey, proposed.view);
  if (view === undefined) {
    const ids = survey.views.map((entry) => entry.view.id).join(", ");
    return {
      ok: false,
      errors: [
        `${field}.view: there is no view ${JSON.stringify(clip(proposed.view, 60))}; there are: ${ids}`,
      ],
    };
  }
  const { dataUse, title, question, objective, metric, rationale } = proposed;
  const lookup = new NameLookup(view);
  const target = lookup.columns(proposed.target, `${field}.target`);
  const errors = [...lookup.errors];
  if (proposed.target.length === 0) errors.push(`${field}.target: name at least one column`);
  if (title.trim().length < 8 || title.length > 120) errors.push(`${field}.title: 8 to 120 characters`);
  if (question.trim().length < 20) errors.push(`${field}.question: at least 20 characters`);
  if (objective !== "other" && metric !== "custom" && !METRICS[metric].objectives.includes(objective))
    errors.push(`${field}.metric: ${metric} does not grade ${objective}`);
  if (errors.length > 0) return { ok: false, errors };
  const kind = objective.replace(/_classification$/, "");
  const id = kebab(`${view.view.id}-${target.slice(0, 2).join("-")}-${kind}`);
  return {
    ok: true,
    value: {
      id,
      view: view.view.id,
      target,
      objective,
      metric,
      title: title.trim(),
      question: question.trim(),
      dataUse,
      rationale,
    },
  };
}

/** Whether one of the others asks the same. */
export function isKnown(candidate: Candidate, others: readonly Candidate[]): boolean {
  const key = ({ view, target, objective }: Candidate) =>
    JSON.stringify([view, [...target].sort(), objective]);
  return others.some((other) => other.id === candidate.id || key(other) === key(candidate));
}
