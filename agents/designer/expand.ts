import { describeError } from "../../core/errors.ts";
import type { ColumnFacts, ViewSurvey } from "../../dataset/survey.ts";
import { planTask } from "../../task/compile/plan.ts";
import { METRICS } from "../../task/metrics/catalogue.ts";
import { Specification } from "../../task/specification.ts";
import { missingCodesOf } from "../brainstormer/rules/missing.ts";
import { shareFor } from "../brainstormer/rules/split.ts";
import { NameLookup } from "../model/names.ts";
import type { Checked } from "../model/structured.ts";
import type { SpecificationAnswer } from "./answer.ts";
import { kindOf, labelsOf, readExpression, sourcesOf } from "./expand-target.ts";
import { leftOut } from "./left-out.ts";
import { describe } from "./rules/features.ts";

/** Rows beyond this are sampled: more would cost every solver time and tell little more. */
const mostRows = 100_000;

/**
 * A whole specification from a model's answer: names resolved, features listed, defaults filled in. Pure: the same
 * answer and view give the same specification. The errors are written for the model.
 */
export function expandAnswer(
  answer: SpecificationAnswer,
  view: ViewSurvey,
  seed: number,
): Checked<Specification> {
  const names = new NameLookup(view);
  const expression = readExpression(answer, names);
  const event =
    answer.target.event === null ? null : (names.column(answer.target.event, "target.event") ?? null);
  const split = readSplit(answer, view, names, seed);
  const withheld = answer.withheld.flatMap(({ column, text }) => {
    const found = names.column(column, "withheld");
    return found === undefined ? [] : [{ column: found, reason: text }];
  });
  const kept = new Set(names.columns(answer.kept, "kept"));
  const known =
    answer.known_in_advance === null ? null : names.columns(answer.known_in_advance, "known_in_advance");
  const notes = new Map(
    answer.descriptions.map(({ column, text }) => [names.column(column, "descriptions"), text]),
  );
  const where = readValues(answer.only_rows, "only_rows", names);
  const codes = readValues(answer.missing_codes, "missing_codes", names);
  const errors = [...names.errors, ...objections(answer, event)];
  if (expression === undefined || errors.length > 0) return { ok: false, errors };

  const sources = sourcesOf(expression);
  const own = new Set([...sources, ...(event === null ? [] : [event])]);
  for (const { column } of withheld)
    if (own.has(column)) errors.push(`withheld: ${column} is the target's own and needs no mention`);
  const structure = new Set([...split.groups, ...split.series, ...(split.time === null ? [] : [split.time])]);
  const reasons = new Map(
    leftOut(view, sources)
      .filter(({ column }) => !kept.has(column) && !structure.has(column))
      .map(({ column, reason }) => [column, reason]),
  );
  for (const { column, reason } of withheld) reasons.set(column, reason);
  if (split.published !== null)
    reasons.set(split.published.column, "says which published part a row belongs to");
  // What a target is computed from is withheld even where it is not the target itself.
  if (expression.kind !== "column" && expression.kind !== "columns")
    for (const column of sources) reasons.set(column, "the target is made from it");
  const features = view.columns.filter(({ name }) => !own.has(name) && !reasons.has(name));
  if (features.length === 0) errors.push("no feature is left: withhold fewer columns, or give up");
  const { labels, rare } = labelsOf(answer, expression, view);
  if (
    rare &&
    labels !== null &&
    expression.kind === "column" &&
    !where.some(({ column }) => column === expression.column)
  )
    where.push({ column: expression.column, in: labels });

  const parsed = Specification.safeParse({
    version: 1,
    title: answer.title.trim(),
    question: answer.question.trim(),
    background: answer.background.trim(),
    objective: answer.objective,
    modality: view.modality,
    category: answer.category.trim().toLowerCase(),
    view: view.view,
    target: {
      expression,
      name: answer.target.name.trim() || (sources[0] ?? "target"),
      kind: kindOf(answer, expression, view),
      unit: answer.target.unit,
      labels,
      event,
      meaning: answer.target.meaning.trim(),
    },
    features: features.map((column) => ({
      column: column.name,
      description: describe(column) ?? notes.get(column.name) ?? null,
    })),
    dropped: [...reasons].map(([column, reason]) => ({ column, reason })),
    knownInAdvance: known?.filter((column) => features.some(({ name }) => name === column)) ?? null,
    rows: {
      deduplicate: view.duplicates > 0 && answer.objective !== "forecasting" && view.view.media === null,
      limit: view.rows > mostRows ? mostRows : null,
      where,
      missingCodes: missingCodes(codes, [...features, ...view.columns.filter(({ name }) => own.has(name))]),
    },
    split,
    metric: {
      name: answer.metric.name,
      parameters: Object.fromEntries(answer.metric.parameters.map(({ name, value }) => [name, value])),
    },
  });
  if (!parsed.success)
    errors.push(...parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  if (!parsed.success || errors.length > 0) return { ok: false, errors };
  try {
    planTask(parsed.data);
  } catch (error) {
    return { ok: false, errors: [describeError(error)] };
  }
  return { ok: true, value: parsed.data };
}

function readSplit(
  answer: SpecificationAnswer,
  view: ViewSurvey,
  names: NameLookup,
  seed: number,
): Specification["split"] {
  const { strategy } = answer.split;
  const groups = names.columns(answer.split.groups, "split.groups");
  const series = names.columns(answer.split.series, "split.series");
  const time = answer.split.time === null ? null : (names.column(answer.split.time, "split.time") ?? null);
  if (strategy === "group" && answer.split.groups.length === 0)
    names.errors.push("split.groups: a group split needs the columns that name a group");
  if (strategy === "time" && answer.split.time === null)
    names.errors.push("split.time: a time split needs the column of the time");
  if (strategy === "published" && view.published === null)
    names.errors.push("split.strategy: the dataset has no published split with labels");
  const byTime = strategy === "time";
  return {
    strategy,
    seed,
    testShare: shareFor(view.rows),
    groups: strategy === "group" || answer.objective === "ranking" ? groups : [],
    time: byTime ? time : null,
    series: byTime ? series : [],
    published: strategy === "published" ? view.published : null,
  };
}

/** What can be said against an answer without the data. */
function objections(
  { objective, metric, split, target, known_in_advance: known }: SpecificationAnswer,
  event: string | null,
): string[] {
  const errors: string[] = [];
  if (!METRICS[metric.name].objectives.includes(objective))
    errors.push(`metric.name: ${metric.name} does not grade ${objective}`);
  const parameters = Object.keys(METRICS[metric.name].parameters);
  for (const { name } of metric.parameters)
    if (!parameters.includes(name)) errors.push(`metric.parameters: ${metric.name} has no parameter ${name}`);
  if (objective === "survival" && event === null)
    errors.push("target.event: survival needs the column that says whether the event happened");
  if (objective === "forecasting" && split.strategy !== "time")
    errors.push("split.strategy: forecasting needs a time split");
  if (objective === "ranking" && split.groups.length !== 1)
    errors.push("split.groups: ranking needs the one column that names the query");
  if (known !== null && split.strategy !== "time")
    errors.push("known_in_advance: only for time splits; answer null");
  if ((objective === "multilabel_classification") !== (target.from === "columns"))
    errors.push("target.from: columns is for multilabel_classification, and it alone");
  return errors;
}

function readValues(
  entries: SpecificationAnswer["only_rows"],
  field: string,
  names: NameLookup,
): { column: string; in: string[] }[] {
  return entries.flatMap(({ column, values }) => {
    const found = names.column(column, field);
    return found === undefined ? [] : [{ column: found, in: values }];
  });
}

/** Codes that the survey or the documentation declares, and those that the model names. */
function missingCodes(
  named: { column: string; in: string[] }[],
  columns: readonly ColumnFacts[],
): Record<string, string[]> {
  const codes: Record<string, string[]> = {};
  for (const column of columns) {
    const own = named.filter((entry) => entry.column === column.name).flatMap((entry) => entry.in);
    const all = [...new Set([...missingCodesOf(column), ...own])].sort();
    if (all.length > 0) codes[column.name] = all;
  }
  return codes;
}
