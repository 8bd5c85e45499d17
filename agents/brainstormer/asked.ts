import { BadInputError } from "../../core/errors.ts";
import type { Survey, ViewSurvey } from "../../dataset/survey.ts";
import { type MetricName, metricsFor } from "../../task/metrics/catalogue.ts";
import type { Objective } from "../../task/specification.ts";
import type { Candidate } from "../roles.ts";
import { kebab } from "../words/tokens.ts";
import { candidateFor } from "./rules/candidates.ts";
import { codesClasses } from "./rules/convention.ts";
import { weigh } from "./rules/evidence.ts";
import { missingCodesOf } from "./rules/missing.ts";
import { questionFor } from "./rules/objective.ts";
import { type Reading, read } from "./rules/reading.ts";
import { withheldFor } from "./rules/relatives.ts";
import { candidateOf, specialPlans } from "./rules/special.ts";
import { splitFor } from "./rules/split.ts";

/** What a person asks for; null leaves it to the rules. */
export interface Asked {
  target: string;
  table: string | null;
  objective: Objective | null;
  metric: MetricName | null;
}

/**
 * The candidate that a person formulates: the rules' own for that column, with the objective and the metric that were asked for.
 * Whether the column makes a good question is not judged here. @throws BadInputError for a column, an objective or a metric that
 * there is not, saying which there are.
 */
export function candidateAsked(survey: Survey, asked: Asked): Candidate {
  const reading = read(survey, viewOf(survey, asked));
  const suggested = suggestion(reading, asked.target);
  if (suggested === null)
    throw new BadInputError(`target: ${JSON.stringify(asked.target)} leaves nothing to predict by`, {
      hint: "its values are all alike, all different, or too rare; ask for another column",
    });
  const objective = asked.objective ?? suggested.objective;
  if (objective === "other") return suggested;
  const fitting = metricsFor(objective);
  const usual = objective === suggested.objective ? suggested.metric : (fitting[0] ?? suggested.metric);
  const metric = asked.metric ?? usual;
  if (metric !== "custom" && !fitting.includes(metric))
    throw new BadInputError(`metric: ${metric} does not score ${objective.replaceAll("_", " ")}`, {
      hint: `one of: ${fitting.join(", ")}`,
    });
  if (objective === suggested.objective && metric === suggested.metric) return suggested;
  return { ...suggested, id: kebab(`${suggested.id}-${objective}-${metric}`), objective, metric };
}

function viewOf(survey: Survey, { target, table }: Asked): ViewSurvey {
  const views = survey.views.filter(({ view }) => table === null || view.id === table);
  const found = views.find(({ columns }) => columns.some(({ name }) => name === target));
  if (found !== undefined) return found;
  const known = survey.views
    .map(({ view, columns }) => `${view.id}: ${columns.map(({ name }) => name).join(", ")}`)
    .join("; ");
  throw new BadInputError(
    `target: no ${table === null ? "table" : `table ${JSON.stringify(table)}`} has a column ${JSON.stringify(target)}`,
    { hint: `the columns are ${known.slice(0, 1500)}` },
  );
}

function suggestion(reading: Reading, target: string): Candidate | null {
  const plan = specialPlans(reading).find(({ columns }) => columns.includes(target));
  if (plan !== undefined) return candidateOf(plan, reading);
  const column = reading.columns.get(target);
  if (column === undefined) return null;
  const rows = Math.round(reading.view.rows * (1 - column.missing));
  const question = questionFor(column, rows, missingCodesOf(column), codesClasses(reading, column));
  if (question === null) return null;
  const evidence = reading.view.columns.map((entry) => weigh(reading, entry));
  const withheld = withheldFor(reading, target, evidence);
  const own = { ...weigh(reading, column), signs: ["a person asks for it"] };
  return candidateFor(reading, own, question, withheld, splitFor(reading, question, rows).why);
}
