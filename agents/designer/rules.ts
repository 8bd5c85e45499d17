import type { Survey } from "../../dataset/survey.ts";
import { metricsFor } from "../../task/metrics/catalogue.ts";
import { Specification } from "../../task/specification.ts";
import type { Defect } from "../../verifiers/defect.ts";
import { phraseOf, questionText, targetMeaning } from "../brainstormer/rules/candidates.ts";
import { isChoice } from "../brainstormer/rules/choices.ts";
import { codesClasses } from "../brainstormer/rules/convention.ts";
import { weigh } from "../brainstormer/rules/evidence.ts";
import { missingCodesOf } from "../brainstormer/rules/missing.ts";
import { type Question, questionFor, sharpened } from "../brainstormer/rules/objective.ts";
import { type Reading, read } from "../brainstormer/rules/reading.ts";
import { gainOf } from "../brainstormer/rules/relatives.ts";
import { splitFor } from "../brainstormer/rules/split.ts";
import { tooThin } from "../brainstormer/rules/thin.ts";
import type { Candidate, Design } from "../roles.ts";
import { fieldOf } from "../words/fields.ts";
import { unitOf } from "../words/phrases.ts";
import { honourEdits } from "./rules/edits.ts";
import { type FeaturePlan, planFeatures } from "./rules/features.ts";
import { numberedGroups } from "./rules/groups.ts";
import { repair } from "./rules/repairs.ts";
import { equalRowsAreCopies } from "./rules/rows.ts";
import { designSpecial } from "./rules/special.ts";
import { background } from "./rules/texts.ts";

/** The rules can do nothing more for this candidate. */
export interface GiveUp {
  giveUp: string;
}

/** Rows beyond this are sampled: more would cost every solver time and tell little more. */
const MOST_ROWS = 100_000;

/**
 * The specification for a candidate, with the repairs that earlier defects declare. Pure: the same candidate, survey,
 * seed and defects give the same design. `giveUp` when a defect declares no repair, or its repair leaves no task.
 */
export function design(
  candidate: Candidate,
  survey: Survey,
  options: { seed: number; defects: readonly Defect[] },
): Design | GiveUp {
  const view = survey.views.find((entry) => entry.view.id === candidate.view);
  if (view === undefined) return { giveUp: `the survey has no view ${candidate.view}` };
  const reading = read(survey, view);
  const planned =
    designSpecial(candidate, reading, options.seed) ?? tabular(candidate, reading, options.seed);
  if ("giveUp" in planned) return planned;
  const specification = honourEdits(planned, candidate);
  if ("giveUp" in specification) return specification;
  const repaired = repair(specification, options.defects);
  if ("giveUp" in repaired) return repaired;
  const fewer = repaired.features.length < specification.features.length;
  const left = repaired.features.flatMap(({ column }) => reading.columns.get(column) ?? []);
  const thin = fewer ? tooThin(reading, left, repaired.split.groups) : null;
  if (thin !== null) return { giveUp: `after the repairs ${thin}` };
  const asked = reading.columns.get(candidate.target[0] ?? "");
  // The question names features: it must stay true when repairs take some away.
  if (
    asked !== undefined &&
    !candidate.edited?.includes("question") &&
    specification.question.startsWith(`Predict ${phraseOf(reading, asked)} `) &&
    repaired.features.length !== specification.features.length
  ) {
    repaired.question = questionText(
      reading,
      candidate.target[0] ?? "",
      phraseOf(reading, asked),
      repaired.features.map((feature) => feature.column),
    );
  }
  return { kind: "specification", specification: Specification.parse(repaired) };
}

function tabular(
  candidate: Candidate,
  reading: ReturnType<typeof read>,
  seed: number,
): Specification | GiveUp {
  const { view } = reading;
  const target = candidate.target[0] ?? "";
  const column = reading.columns.get(target);
  if (column === undefined) return { giveUp: `the view has no column ${target}` };
  const codes = missingCodesOf(column);
  const rows = Math.round(view.rows * (1 - column.missing));
  const found = questionFor(column, rows, codes, codesClasses(reading, column));
  if (found === null) return { giveUp: `${target} leaves nothing to predict` };
  if (candidate.objective !== found.objective)
    return {
      giveUp: `rules read ${target} as ${found.objective.replaceAll("_", " ")}, not as ${candidate.objective.replaceAll("_", " ")}; a model can design it otherwise`,
    };
  const question = sharpened(found, gainOf(reading, column), isChoice(reading, column, found.labels));
  const evidence = view.columns.map((entry) => weigh(reading, entry));
  const split = splitFor(reading, question, rows);
  const keep = new Set([...split.groups, ...split.series, ...(split.time === null ? [] : [split.time])]);
  const plan = planFeatures(reading, [target], evidence, keep, publishedColumn(split.published?.column));
  if (plan.features.length === 0) return { giveUp: "no feature is left" };
  dropGroupNumbers(plan, split.groups, reading);
  const missingCodes: Record<string, string[]> = {};
  for (const entry of view.columns) {
    const values = missingCodesOf(entry);
    if (
      values.length > 0 &&
      (entry.name === target || plan.features.some((feature) => feature.column === entry.name))
    )
      missingCodes[entry.name] = values;
  }
  return {
    version: 1,
    title: candidate.title,
    question: questionText(
      reading,
      target,
      phraseOf(reading, column),
      plan.features.map((feature) => feature.column),
    ),
    background: background(reading),
    objective: question.objective,
    modality: view.modality,
    category: fieldOf(
      `${reading.documentation.title} ${reading.documentation.title} ${reading.documentation.prose}`,
    ),
    view: view.view,
    target: {
      expression: { kind: "column", column: target },
      name: target,
      kind: question.kind,
      unit: question.labels === null ? unitOf(column) : null,
      labels: question.labels,
      event: null,
      meaning: targetMeaning(reading, column, question.labels),
    },
    features: plan.features,
    dropped: plan.dropped,
    knownInAdvance: null,
    rows: {
      deduplicate: equalRowsAreCopies(view, [target]),
      limit: view.rows > MOST_ROWS ? MOST_ROWS : null,
      where:
        question.labels !== null && question.rare.length > 0 ? [{ column: target, in: question.labels }] : [],
      missingCodes,
    },
    split: {
      strategy: split.strategy,
      seed,
      testShare: split.testShare,
      groups: split.groups,
      time: split.time,
      series: split.series,
      published: split.published,
    },
    metric: metricOf(candidate, question),
  };
}

/** The metric that the candidate names, where it can score the question; a person may have chosen another than the rules would. */
function metricOf({ metric }: Candidate, question: Question): Specification["metric"] {
  return metric !== question.metric && metric !== "custom" && metricsFor(question.objective).includes(metric)
    ? { name: metric, parameters: {} }
    : { name: question.metric, parameters: question.parameters };
}

/** Takes the columns that only number groups from the features. */
function dropGroupNumbers(plan: FeaturePlan, groups: readonly string[], reading: Reading): void {
  const numbered = numberedGroups(reading, groups);
  plan.features = plan.features.filter(({ column }) => !numbered.some((held) => held.column === column));
  plan.dropped.push(...numbered);
}

function publishedColumn(column: string | undefined): { column: string; reason: string }[] {
  return column === undefined ? [] : [{ column, reason: "says which published part a row belongs to" }];
}
