import type { z } from "zod";
import type { ColumnFacts } from "../../../dataset/survey.ts";
import type { MetricName } from "../../../task/metrics/catalogue.ts";
import type { Objective, Target } from "../../../task/specification.ts";
import { gradesOf, orderOf } from "../../words/levels.ts";
import { descriptionOf, headOf } from "../../words/phrases.ts";
import { tokens } from "../../words/tokens.ts";
import { shareFor } from "./split.ts";

/** Objective, metric and classes for one target column, each with its reason from the measured distribution. */
export interface Question {
  objective: Objective;
  kind: z.infer<typeof Target>["kind"];
  metric: z.infer<typeof MetricName>;
  parameters: Record<string, number | string>;
  /** Classes in the order of the package, the positive one of two last; null when there are too many to list. */
  labels: string[] | null;
  /** Classes left out because they have too few rows. */
  rare: string[];
  /** Rows of the rarer of two classes. */
  events?: number;
  why: string;
}

/** Fewer rows of a class than this are too few to test it by; ordered classes lean on their neighbours. */
const TEST_ROWS_OF_CLASS = 15;
const ROWS_OF_LEVEL = 20;
const MOST_HIDDEN = 0.5;
const rowsOfClass = (rows: number) => Math.ceil(TEST_ROWS_OF_CLASS / shareFor(rows));

/** Rare classes may not hold a larger share of the rows: the question would be another one. Of many classes more may go. */
const MOST_LEFT_OUT = 0.05;
const MOST_LEFT_OUT_OF_MANY = 0.2;
const MANY_CLASSES = 20;

const COUNT = /\b(number|count|counts|no\.|how many|frequency)\b/i;
const RATING =
  /\b(rating|ratings|likert|scale|agree|satisfaction|level|quality|severity|grade|stage|ordered|ordinal|rank|how (much|often|satisfied|interested|important))\b/i;

/** Null when no classes or numbers are left to predict; `asClass` where whole numbers are known to be names of classes. */
export function questionFor(
  column: ColumnFacts,
  rows: number,
  codes: string[],
  asClass = false,
): Question | null {
  const values = column.top.filter(([value]) => !codes.includes(value));
  const distinct = column.distinct - (column.top.length - values.length);
  const isClass =
    asClass ||
    column.type === "category" ||
    column.type === "boolean" ||
    (distinct === 2 && column.type !== "number") ||
    (column.type === "number" && distinct === 2);
  const described = `${tokens(column.name).join(" ")} ${descriptionOf(column)}`;
  if (isClass) return classes(column, values, distinct, rows);
  if (column.type !== "integer" && column.type !== "number") return null;
  const numeric = column.numeric;
  if (numeric === null) return null;
  if (
    column.flags.includes("ordinal") &&
    distinct <= 12 &&
    (RATING.test(described) || column.levels !== null) &&
    !COUNT.test(headOf(column).join(" "))
  ) {
    return ordinal(column, values);
  }
  if (distinct <= 2) return null;
  if (distinct <= 6 && column.type === "integer" && namedCodes(descriptionOf(column)))
    return classes(column, values, distinct, rows);
  return regression(column, described);
}

/** From this gain of a probe on, most answers are right whatever the solver: only their probabilities tell solvers apart. */
const NEARLY_SEPARATED = 0.9;

/** Two classes coded by numbers are asked for as one probability, of which the area under the curve is the usual judge. */
export function hasNamedLabels(labels: readonly string[] | null): boolean {
  return labels !== null && (labels.length > 2 || labels.every((label) => !/^[-+]?\d/.test(label)));
}

/** The question with a metric that still tells solvers apart where classes are nearly separable, or were chosen among. */
export function sharpened(question: Question, gain: number | undefined, choice = false): Question {
  if (choice && question.objective === "multiclass_classification")
    return {
      ...question,
      metric: "log_loss",
      why: "the classes are alternatives that were chosen among: the log loss judges the probability given to each choice",
    };
  if (gain === undefined || gain < NEARLY_SEPARATED) return question;
  if (question.objective !== "multiclass_classification" && question.objective !== "binary_classification")
    return question;
  if (!hasNamedLabels(question.labels)) return question;
  return {
    ...question,
    metric: "log_loss",
    why: `a plain model already tells most classes apart: the log loss judges how sure it may be of each answer`,
  };
}

/** Headerless or named as classes: few whole numbers are codes, not amounts. */
export function namesClasses(column: ColumnFacts): boolean {
  return (
    column.type === "integer" &&
    ((/^(column_?\d+|unnamed_?\d*|label|class|category|species|type)$/i.test(column.name) &&
      column.distinct <= 30) ||
      (/^target$/i.test(column.name) && column.distinct <= 10))
  );
}

function namedCodes(description: string): boolean {
  return (description.match(/(^|[\s(,;])\d\s*(=|:|-|–)\s*[A-Za-z]/g)?.length ?? 0) >= 2;
}

function classes(
  column: ColumnFacts,
  values: [string, number][],
  distinct: number,
  rows: number,
): Question | null {
  const ordered = column.levels !== null || orderOf(values.map(([value]) => value)) !== null;
  // Of two classes, more rows are hidden until there are enough of the rarer one.
  const ofTwo = Math.ceil(TEST_ROWS_OF_CLASS / MOST_HIDDEN);
  const fewest =
    distinct === 2 ? Math.min(ofTwo, rowsOfClass(rows)) : ordered ? ROWS_OF_LEVEL : rowsOfClass(rows);
  const enough = values.filter(([, count]) => count >= fewest);
  const listed = values.length >= distinct;
  if (!listed) {
    const frequent = enough.reduce((sum, [, count]) => sum + count, 0);
    if (distinct <= 80 && enough.length >= 2 && frequent >= 0.9 * rows) {
      const labels = enough.map(([value]) => value).sort();
      return {
        objective: "multiclass_classification",
        kind: "category",
        metric: "macro_f1",
        parameters: {},
        labels,
        rare: ["all other classes"],
        why: `${labels.length} classes of unequal size: macro-averaged F1 makes each class count alike`,
      };
    }
    if (rows / distinct < rowsOfClass(rows) || distinct > 200) return null;
    return {
      objective: "multiclass_classification",
      kind: "category",
      metric: "macro_f1",
      parameters: {},
      labels: null,
      rare: [],
      why: `${distinct} classes of unequal size: macro-averaged F1 makes each class count alike`,
    };
  }
  if (enough.length < 2) return null;
  const rare = values.filter(([, count]) => count < fewest).map(([value]) => value);
  const kept = enough.reduce((sum, [, count]) => sum + count, 0);
  const lost = values.reduce((sum, [, count]) => sum + count, 0) - kept;
  if (lost / (kept + lost) > (distinct >= MANY_CLASSES ? MOST_LEFT_OUT_OF_MANY : MOST_LEFT_OUT)) return null;
  const levels =
    enough.length > 2
      ? (column.levels ??
        orderOf(enough.map(([value]) => value)) ??
        (/grade/i.test(`${column.name} ${descriptionOf(column)}`)
          ? gradesOf(enough.map(([value]) => value))
          : null))
      : null;
  if (levels !== null) {
    const order = levels.filter((level) => enough.some(([value]) => value === level));
    if (order.length === enough.length) {
      return {
        objective: "ordinal_classification",
        kind: "ordinal",
        metric: "quadratic_weighted_kappa",
        parameters: {},
        labels: order,
        rare,
        why: "the classes are ordered: quadratic weighted kappa punishes a far miss more than a near one",
      };
    }
  }
  if (enough.length === 2) return binary(enough);
  const labels = enough.map(([value]) => value).sort();
  const largest = (enough[0]?.[1] ?? 0) / kept;
  const smallest = (enough.at(-1)?.[1] ?? 0) / kept;
  const balanced = largest < 2.5 * smallest;
  return {
    objective: "multiclass_classification",
    kind: "category",
    metric: balanced ? "accuracy" : "macro_f1",
    parameters: {},
    labels,
    rare,
    why: balanced
      ? `${labels.length} classes of similar size (${percent(smallest)} to ${percent(largest)}): accuracy says it all`
      : `${labels.length} classes from ${percent(smallest)} to ${percent(largest)} of the rows: macro-averaged F1 makes each class count alike`,
  };
}

const POSITIVE =
  /^(1|1\.0|yes|y|true|t|pos(itive)?|m(alignant)?|spam|died|dead|default|success|win|won|w|present|event|case|abnormal|good|high|pass(ed)?|accept(ed)?|approved?|allow(ed)?|granted|fail(ed)?|positive|bad|sick|disease|relapse|recurrence|churn(ed)?|aye|yea|for|smoker|low)$/i;
const NEGATIVE =
  /^(0|0\.0|no|n|false|f|neg(ative)?|none|ham|alive|survived|absent|control|normal|lose|lost|l|not?[ _-].*|non[ _-]?.*|against|nay|b(enign)?)$/i;

function binary(values: [string, number][]): Question {
  const [first, second] = values as [[string, number], [string, number]];
  const total = first[1] + second[1];
  let positive = second;
  if (
    (POSITIVE.test(first[0]) && !POSITIVE.test(second[0])) ||
    (NEGATIVE.test(second[0]) && !NEGATIVE.test(first[0]))
  )
    positive = first;
  const negative = positive === first ? second : first;
  const share = positive[1] / total;
  const scarce = share < 0.1;
  return {
    objective: "binary_classification",
    kind: "category",
    metric: scarce ? "average_precision" : "roc_auc",
    parameters: {},
    labels: [negative[0], positive[0]],
    rare: [],
    events: Math.min(first[1], second[1]),
    why: scarce
      ? `only ${percent(share)} of the rows are positive: average precision looks at how well they are found`
      : `${percent(share)} of the rows are positive: the area under the ROC curve judges the ranking without a threshold`,
  };
}

function ordinal(column: ColumnFacts, values: [string, number][]): Question | null {
  const enough = values.filter(([, count]) => count >= ROWS_OF_LEVEL);
  if (enough.length < 3) return null;
  const kept = enough.reduce((sum, [, count]) => sum + count, 0);
  const all = values.reduce((sum, [, count]) => sum + count, 0);
  if (1 - kept / all > MOST_LEFT_OUT) return null;
  const rank = new Map((column.levels ?? []).map((level, index) => [level, index]));
  const labels = enough
    .map(([value]) => value)
    .sort((a, b) => (rank.size > 0 ? (rank.get(a) ?? 0) - (rank.get(b) ?? 0) : Number(a) - Number(b)));
  return {
    objective: "ordinal_classification",
    kind: "ordinal",
    metric: "quadratic_weighted_kappa",
    parameters: {},
    labels,
    rare: values.filter(([, count]) => count < ROWS_OF_LEVEL).map(([value]) => value),
    why: `${labels.length} ordered levels: quadratic weighted kappa punishes a far miss more than a near one`,
  };
}

function regression(column: ColumnFacts, described: string): Question | null {
  const numeric = column.numeric;
  if (numeric === null) return null;
  const base = { objective: "regression" as const, parameters: {}, labels: null, rare: [] };
  const count =
    numeric.whole === 1 &&
    numeric.min >= 0 &&
    (COUNT.test(described) || (numeric.zero > 0.05 && numeric.skew > 1 && numeric.max < 100_000));
  if (count && column.distinct > 4) {
    const wide = numeric.skew > 2;
    return wide
      ? {
          ...base,
          kind: "count",
          metric: "rmsle",
          why: `counts from ${figure(numeric.min)} to ${figure(numeric.max)} with a long tail: the root mean squared logarithmic error keeps a few large ones from deciding`,
        }
      : {
          ...base,
          kind: "count",
          metric: "mae",
          why: `counts from ${figure(numeric.min)} to ${figure(numeric.max)}: the mean absolute error reads in the same unit`,
        };
  }
  const longTail = numeric.max > 4 * numeric.median;
  if (
    numeric.min > 0 &&
    numeric.max > 5 &&
    ((numeric.skew > 1.2 && longTail && numeric.max / numeric.min > 20) || (numeric.skew > 2 && longTail))
  ) {
    return {
      ...base,
      kind: "number",
      metric: "rmsle",
      why: `positive values from ${figure(numeric.min)} to ${figure(numeric.max)}, strongly skewed: errors count in proportion`,
    };
  }
  if (numeric.atMaximum > 0.03) {
    return {
      ...base,
      kind: "number",
      metric: "mae",
      why: `${percent(numeric.atMaximum)} of the values sit at the maximum of ${figure(numeric.max)}, as if capped: the mean absolute error is not ruled by them`,
    };
  }
  if (Math.abs(numeric.skew) > 1.5) {
    return {
      ...base,
      kind: "number",
      metric: "mae",
      why: `skewed (${numeric.skew.toFixed(1)}), with a few extreme values: the mean absolute error is not ruled by them`,
    };
  }
  return {
    ...base,
    kind: "number",
    metric: "rmse",
    why: `values around ${figure(numeric.mean)} with deviation ${figure(numeric.deviation)}, no long tail: the root mean squared error suits them`,
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

export function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value.toLocaleString("en-US");
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
