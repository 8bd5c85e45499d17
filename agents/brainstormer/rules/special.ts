import type { Candidate } from "../../roles.ts";
import { clip } from "../../words/tokens.ts";
import { mediaPlans } from "./media.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import { lookupPlans } from "./relational.ts";
import { multilabelPlans, rankingPlans, ratingPlans } from "./roles.ts";
import { forecastPlans } from "./series.ts";
import { survivalPlans } from "./survival.ts";

/** Questions that layout or roles decide rather than words: media, ratings, ranking, survival, multi-label, series. */
export function specialPlans(reading: Reading): Plan[] {
  if (reading.view.view.media !== null) return mediaPlans(reading);
  const plans = [
    ...ratingPlans(reading),
    ...rankingPlans(reading),
    ...survivalPlans(reading),
    ...multilabelPlans(reading),
  ];
  if (plans.length > 0) return plans;
  const lookups = lookupPlans(reading);
  if (lookups.length > 0) return lookups;
  return forecastPlans(reading);
}

export function candidateOf(plan: Plan, reading: Reading): Candidate {
  const held =
    plan.dropped.length === 0
      ? "No column is withheld."
      : `Withheld: ${plan.dropped.map((entry) => `${entry.column} (${entry.reason})`).join("; ")}.`;
  return {
    id: plan.id,
    title: plan.title,
    question: plan.question,
    view: reading.view.view.id,
    objective: plan.objective,
    target: plan.columns,
    metric: plan.metric.name,
    dataUse: clip(`${held} ${plan.split.why}`, 4_000),
    rationale: clip(plan.why, 2_000),
  };
}
