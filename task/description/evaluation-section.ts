import type { Plan } from "../compile/plan.ts";
import { METRICS, metricParameters } from "../metrics/catalogue.ts";
import type { PreparedReport } from "../prepared-report.ts";
import { code, count, escaped, list } from "./markdown.ts";

/** The metric: its name, direction, formula, best value, and what is particular to this task. */
export function evaluationSection(plan: Plan): string[] {
  const { name, parameters } = plan.specification.metric;
  const facts = METRICS[name];
  const direction = facts.higherIsBetter ? "higher is better" : "lower is better";
  const scores = [
    `Submissions are scored with the ${facts.title} (${code(name)}): ${direction}, and a perfect submission scores ${facts.best}.`,
    ...(facts.noSkill === null ? [] : [`Predictions without skill score about ${facts.noSkill}.`]),
  ];
  return [scores.join(" "), facts.formula, details(plan, metricParameters(name, parameters))];
}

/** What the general formula leaves open. */
function details(plan: Plan, parameters: Record<string, number | string>): string {
  const { name } = plan.specification.metric;
  const labels = plan.labels?.map((label) => code(label.name, 60)) ?? [];
  const positive = labels.at(-1) ?? "";
  const sentences: string[] = [];
  if (["f1", "roc_auc"].includes(name) || (name === "average_precision" && plan.labels))
    sentences.push(`The positive class is ${positive}.`);
  if (name === "quadratic_weighted_kappa")
    sentences.push(`The labels count as 0, 1, 2 … in the order ${list(labels)}.`);
  if ("k" in parameters)
    sentences.push(
      `Here k is ${parameters.k}; each query is ranked by the submitted score, and queries count equally.`,
    );
  if ("quantile" in parameters)
    sentences.push(
      `Here q is ${parameters.quantile}: what is asked is the ${parameters.quantile} quantile of the target.`,
    );
  if (name === "mase")
    sentences.push(
      "The scale of a row is the mean absolute step between successive values of its series in train.",
    );
  if (name === "concordance_index")
    sentences.push("A pair is comparable when the event is known to have happened first in one of the two.");
  if (plan.multilabel.length > 0) sentences.push("Cells whose truth is not known are left out.");
  return sentences.join(" ");
}

/** What a submission holds, with an example that is valid in form. */
export function submissionSection(plan: Plan, report: PreparedReport): string[] {
  const { kind, columns } = plan.submission;
  const { target } = plan.specification;
  const name = code(columns[0] ?? target.name);
  const labels = plan.labels?.map((label) => code(label.name, 60)) ?? [];
  const shown =
    labels.length > 12 ? `one of the ${count(labels.length)} labels listed above` : list(labels, "or");
  const unit = target.unit === null ? "" : ` in ${escaped(target.unit, 60)}`;
  const one = columns.length === 1 ? name : "each target column";
  const content = {
    label: `${one} holds the predicted label: ${shown}`,
    score: `${one} holds a score, ${scoreText(plan)}`,
    value: `${one} holds the prediction${unit}, a number`,
    probabilities:
      "each label has a column of its own with its predicted probability; those of a row sum to 1",
    labels: `${one} holds the prediction, 1 or 0`,
    scores: `${one} holds a score, any number, higher where the label is more likely`,
  }[kind];
  const first =
    columns.length > 6
      ? [...columns.slice(0, 4).map((column) => code(column)), "…", code(columns.at(-1) ?? "")].join(", ")
      : list(columns.map((column) => code(column)));
  const header = `\`id\`${columns.length > 6 ? `, ${first}` : columns.length > 1 ? `, ${first}` : ` and ${first}`}`;
  const intro = `A CSV file with the columns ${header}, and one row for each \`id\` of \`test.csv\`, in any order. ${content.charAt(0).toUpperCase()}${content.slice(1)}. Missing values are refused.`;
  const example = report.tables.find(({ path }) => path === "public/sample_submission.csv")?.head ?? [];
  const fits =
    columns.length <= 60 &&
    example.length > 0 &&
    example.every((line) => line.length < 2000 && !/[`\p{Cc}]/u.test(line));
  if (!fits) return [intro, "`sample_submission.csv` shows the form."];
  return [intro, ["For example (random predictions):", "", "```", ...example.slice(0, 4), "```"].join("\n")];
}

function scoreText(plan: Plan): string {
  switch (plan.specification.target.kind) {
    case "survival":
      return "any number, higher where the event is expected earlier";
    case "relevance":
      return "any number, higher for rows that should stand higher in the ranking of their query";
    default:
      return `any number, higher where ${code(plan.labels?.at(-1)?.name ?? "1", 60)} is more likely`;
  }
}
