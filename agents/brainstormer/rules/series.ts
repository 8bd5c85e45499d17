import type { ColumnFacts } from "../../../dataset/survey.ts";
import { outcomeStrength } from "../../words/outcomes.ts";
import { descriptionOf, headOf, meaningOf, nounOfName, unitOf } from "../../words/phrases.ts";
import { kebab, singular } from "../../words/tokens.ts";
import { titleOf } from "./candidates.ts";
import { isBare } from "./convention.ts";
import { figure } from "./objective.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import { withheldFor } from "./relatives.ts";

/** What nobody can forecast from its own past: prices and rates of markets. */
const MARKET =
  /\b(stock|index|exchange rate|interest rate|closing|return|returns|bond|yield curve|forward rate|price of (gold|oil)|treasury|dollar)\b/i;
const CALENDAR =
  /^(year|month|day|week|weekday|dayofweek|day_of_week|hour|quarter|date|time|holiday|is_?holiday|season|dow|doy|minute)s?$/i;

/**
 * Later values of a series from earlier ones. Only for tables whose rows are one series, or parallel ones, at regular
 * times; what is measured at the same moment is in train only.
 */
export function forecastPlans(reading: Reading): Plan[] {
  const { view } = reading;
  const axis = view.time.find((entry) => entry.regular && entry.points >= 120);
  if (axis === undefined) return [];
  const targets = view.columns
    .filter(
      (column) => isMeasured(column) && !axis.series.includes(column.name) && column.name !== axis.column,
    )
    .map((column) => ({ column, score: worth(reading, column) }))
    .sort((left, right) => right.score - left.score);
  const numbers = targets.length;
  const plans: Plan[] = [];
  for (const { column, score } of targets.slice(0, 1)) {
    if (/\b(19|20)\d\d\b/.test(column.name)) continue;
    const enough = score >= 2 || numbers <= 2;
    if (!enough) continue;
    const text = `${column.name} ${descriptionOf(column)} ${reading.documentation.title}`;
    if (MARKET.test(text)) continue;
    const phrase = meaningOf(column);
    const known = view.columns
      .filter(
        (other) =>
          other.name === axis.column || axis.series.includes(other.name) || CALENDAR.test(other.name),
      )
      .map((other) => other.name);
    const ahead = horizonOf(axis.step, axis.points, view.rows);
    if (ahead === null) return [];
    const testShare = Math.max(0.05, Math.ceil((ahead / axis.points) * 1_000) / 1_000);
    const evidence = withheldFor(reading, column.name, []).filter((held) => !known.includes(held.column));
    plans.push({
      id: kebab(`${view.view.id}-${column.name}-forecast`),
      title: titleOf(reading, phrase).replace(/^Predict /, "Forecast "),
      question: `Forecast ${phrase} in steps of ${axis.step}${axis.series.length > 0 ? `, for each series (${axis.series.join(", ")}),` : ""} from what came before: the last times are hidden.`,
      score: 4 + score / 4,
      objective: "forecasting",
      columns: [column.name],
      target: {
        expression: { kind: "column", column: column.name },
        name: column.name,
        kind: "number",
        unit: unitOf(column),
        labels: null,
        event: null,
        meaning: phrase,
      },
      metric: axis.series.length > 0 ? { name: "mase", parameters: {} } : { name: "mae", parameters: {} },
      split: {
        strategy: "time",
        groups: [],
        time: axis.column,
        series: axis.series,
        published: null,
        testShare,
        why: `The last ${Math.round(testShare * 100)}% of times are hidden.`,
      },
      dropped: evidence,
      knownInAdvance: known,
      only: null,
      why: `${figure(axis.points)} times in steps of ${axis.step}, from ${axis.from} to ${axis.to}${axis.series.length > 0 ? `, in parallel series` : ""}. Metric: ${axis.series.length > 0 ? "the series differ in size: each error is scaled by what a naive forecast of its series errs" : "the mean absolute error reads in the unit of the series"}.`,
    });
  }
  return plans;
}

/** How many steps are asked for: what people plan ahead for at that step, at least 48 hidden values; null beyond a third of the series. */
function horizonOf(step: string, points: number, rows: number): number | null {
  const [count, unit] = [Number.parseInt(step, 10) || 1, step];
  const usual = /year|quarter/.test(unit)
    ? null
    : /month/.test(unit)
      ? 24
      : /week/.test(unit)
        ? 52
        : /day/.test(unit)
          ? 60
          : /hour/.test(unit)
            ? Math.round((24 * 14) / count)
            : /minute/.test(unit)
              ? Math.round((60 * 24 * 14) / count)
              : null;
  if (usual === null) return null;
  const parallel = Math.max(1, Math.round(rows / points));
  const steps = Math.max(usual, Math.ceil(48 / parallel), Math.ceil(points * 0.05));
  return steps <= points / 3 ? steps : null;
}

/** The rows are moments of one series: what is measured together cannot serve to predict. */
export function isSeries(reading: Reading): boolean {
  const { view, documentation } = reading;
  if (view.time.some((axis) => axis.series.length > 0)) return false;
  if (view.time.some((axis) => axis.regular && axis.points >= 0.9 * view.rows)) return true;
  const text = `${documentation.title} ${documentation.abstract.join(" ")} ${documentation.sections.get("format") ?? ""}`;
  const said =
    /\b(monthly|daily|weekly|quarterly|annual|yearly|hourly) (observations|time series|closing prices|data|averages)\b|\b(multivariate|multiple|univariate) time series\b|\bobject of class [^a-z]{0,3}m?ts\b|\btime series\b|\bice core\b/i.test(
      text,
    );
  const ordered = view.probes.filter((probe) => probe.kind === "regression" && probe.orderGain > 0.7).length;
  const numbers = view.probes.filter((probe) => probe.kind === "regression").length;
  if (said && view.groups.length === 0 && ordered >= 0.4 * numbers) return true;
  return lagged(reading) >= 2 && view.groups.length === 0;
}

/** Columns that hold the previous row's value of another: `price_1` beside price. */
function lagged(reading: Reading): number {
  return reading.view.columns.filter(
    (column) =>
      /(_1|_2|\.lag|lag1?)$/i.test(column.name) &&
      reading.columns.has(column.name.replace(/(_1|_2|\.lag|lag1?)$/i, "")),
  ).length;
}

function isMeasured(column: ColumnFacts): boolean {
  if (column.type !== "number" && column.type !== "integer") return false;
  if (column.distinct < 20 || column.missing > 0.1) return false;
  return (
    !column.flags.some(
      (flag) =>
        flag === "row_number" ||
        flag === "identifier" ||
        flag === "time_like" ||
        flag === "place_like" ||
        flag === "weight",
    ) && !CALENDAR.test(column.name)
  );
}

function worth(reading: Reading, column: ColumnFacts): number {
  const name = outcomeStrength(singular(nounOfName(column.name) ?? ""));
  const head = outcomeStrength(singular(headOf(column).at(-1) ?? ""));
  const documented = reading.formulas.some(
    (formula) => formula.use !== "layout" && formula.left.includes(column.name),
  )
    ? 2
    : 0;
  const named = new RegExp(`\\b${column.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\b`, "i").test(
    reading.documentation.title,
  )
    ? 2
    : 0;
  const last = isBare(reading) && reading.view.columns.at(-1) === column && !rivals(reading, column) ? 2 : 0;
  return Math.max(name, head) + documented + named + last;
}

/** Another column of the series has a word that people predict. */
function rivals(reading: Reading, column: ColumnFacts): boolean {
  return reading.view.columns.some(
    (other) =>
      other !== column && isMeasured(other) && outcomeStrength(singular(nounOfName(other.name) ?? "")) >= 2,
  );
}
