import type { Specification } from "../../../task/specification.ts";
import type { Plan } from "../../brainstormer/rules/plan.ts";
import type { Reading } from "../../brainstormer/rules/reading.ts";
import { specialPlans } from "../../brainstormer/rules/special.ts";
import type { Candidate } from "../../roles.ts";
import { fieldOf } from "../../words/fields.ts";
import { describe } from "./features.ts";
import { equalRowsAreCopies } from "./rows.ts";
import { background } from "./texts.ts";

/** Specification of a candidate that layout or roles made (media, ratings, ranking, survival, series); null when it is none. */
export function designSpecial(candidate: Candidate, reading: Reading, seed: number): Specification | null {
  const plan = specialPlans(reading).find((entry) => entry.id === candidate.id);
  return plan === undefined ? null : specify(plan, reading, seed);
}

function specify(plan: Plan, reading: Reading, seed: number): Specification {
  const { view } = reading;
  const gone = new Set([...plan.columns, ...plan.dropped.map((entry) => entry.column)]);
  const dropped = plan.dropped.filter((entry) => !plan.split.groups.includes(entry.column));
  for (const entry of plan.split.groups) gone.delete(entry);
  return {
    version: 1,
    title: plan.title,
    question: plan.question,
    background: background(reading, plan.only !== null),
    objective: plan.objective,
    modality: view.modality,
    category: fieldOf(
      `${reading.documentation.title} ${reading.documentation.title} ${reading.documentation.prose}`,
    ),
    view: view.view,
    target: plan.target,
    features: view.columns
      .filter((column) => !gone.has(column.name))
      .map((column) => ({ column: column.name, description: describe(column) })),
    dropped,
    knownInAdvance: plan.knownInAdvance,
    rows: {
      deduplicate:
        plan.objective !== "forecasting" &&
        plan.objective !== "survival" &&
        view.view.media === null &&
        (plan.objective !== "multilabel_classification" || view.modality !== "tabular"
          ? view.duplicates > 0
          : equalRowsAreCopies(view, plan.columns)),
      limit: view.rows > 100_000 ? 100_000 : null,
      where: plan.only === null ? [] : [plan.only],
      missingCodes: {},
    },
    split: {
      strategy: plan.split.strategy,
      seed,
      testShare: plan.split.testShare,
      groups: plan.split.groups,
      time: plan.split.time,
      series: plan.split.series,
      published: plan.split.published,
    },
    metric: plan.metric,
  };
}
