import type { z } from "zod";
import type { ColumnFacts, ViewSurvey } from "../../dataset/survey.ts";
import type { Target } from "../../task/specification.ts";
import { missingCodesOf } from "../brainstormer/rules/missing.ts";
import { questionFor } from "../brainstormer/rules/objective.ts";
import type { NameLookup } from "../model/names.ts";
import type { SpecificationAnswer } from "./answer.ts";

type Expression = z.infer<typeof Target>["expression"];
type Labels = { labels: string[] | null; rare: boolean };

/** The columns that a target is computed from. */
export function sourcesOf(expression: Expression): string[] {
  if (expression.kind === "columns") return expression.columns;
  if (expression.kind === "difference" || expression.kind === "ratio")
    return [expression.left, expression.right];
  return [expression.column];
}

/** The target's expression; undefined, with errors in `names`, when columns or their number are wrong. */
export function readExpression({ target }: SpecificationAnswer, names: NameLookup): Expression | undefined {
  const columns = names.columns(target.columns, "target.columns");
  const [first, second] = columns;
  const two = target.from === "difference" || target.from === "ratio";
  if (columns.length !== target.columns.length) return undefined;
  const wanted = two ? 2 : 1;
  if (target.from === "columns" ? columns.length < 2 : columns.length !== wanted) {
    names.errors.push(
      `target.columns: ${target.from} takes ${target.from === "columns" ? "two or more columns" : wanted === 1 ? "one column" : "two columns"}`,
    );
    return undefined;
  }
  if (first === undefined) return undefined;
  switch (target.from) {
    case "column":
      return { kind: "column", column: first };
    case "columns":
      return { kind: "columns", columns };
    case "map":
      if (target.values.length < 2)
        names.errors.push("target.values: map needs the values and what they become");
      return {
        kind: "map",
        column: first,
        mapping: Object.fromEntries(target.values.map(({ from, to }) => [from, to])),
      };
    case "threshold":
      if (target.above === null) names.errors.push("target.above: threshold needs a number");
      return { kind: "threshold", column: first, above: target.above ?? 0 };
    default:
      return { kind: target.from, left: first, right: second ?? first };
  }
}

/** What kind of target the objective makes of the expression. */
export function kindOf(
  { objective }: SpecificationAnswer,
  expression: Expression,
  view: ViewSurvey,
): z.infer<typeof Target>["kind"] {
  if (objective === "binary_classification" || objective === "multiclass_classification") return "category";
  if (objective === "ordinal_classification") return "ordinal";
  if (objective === "multilabel_classification") return "multilabel";
  if (objective === "ranking") return "relevance";
  if (objective === "survival") return "survival";
  const column = expression.kind === "column" ? factsOf(view, expression.column) : undefined;
  const question =
    column === undefined || objective !== "regression" ? null : questionFor(column, view.rows, []);
  return question?.kind === "count" ? "count" : "number";
}

/** Classes as the model lists them, or those of the survey; `rare` when rows of other classes have to go. */
export function labelsOf(
  { objective, target }: SpecificationAnswer,
  expression: Expression,
  view: ViewSurvey,
): Labels {
  if (!["binary_classification", "multiclass_classification", "ordinal_classification"].includes(objective))
    return { labels: null, rare: false };
  if (expression.kind === "threshold") return { labels: ["no", "yes"], rare: false };
  if (expression.kind === "map") {
    return { labels: target.labels ?? [...new Set(Object.values(expression.mapping))], rare: false };
  }
  if (expression.kind !== "column") return { labels: target.labels, rare: false };
  const column = factsOf(view, expression.column);
  if (target.labels !== null && target.labels.length > 0) {
    return { labels: target.labels, rare: column === undefined || column.distinct > target.labels.length };
  }
  const codes = column === undefined ? [] : missingCodesOf(column);
  const question =
    column === undefined ? null : questionFor(column, Math.round(view.rows * (1 - column.missing)), codes);
  if (question?.labels) return { labels: question.labels, rare: question.rare.length > 0 };
  const listed = column !== undefined && column.top.length >= column.distinct;
  return {
    labels: listed
      ? column.top
          .map(([value]) => value)
          .filter((value) => !codes.includes(value))
          .sort()
      : null,
    rare: codes.length > 0,
  };
}

function factsOf(view: ViewSurvey, name: string): ColumnFacts | undefined {
  return view.columns.find((column) => column.name === name);
}
