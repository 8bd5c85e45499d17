import type { z } from "zod";
import type { ColumnFacts } from "../../../dataset/survey.ts";
import type { Split } from "../../../task/specification.ts";
import { DESIGN } from "../../words/inputs.ts";
import { descriptionOf } from "../../words/phrases.ts";
import type { Question } from "./objective.ts";
import type { Reading } from "./reading.ts";

export interface SplitPlan {
  strategy: z.infer<typeof Split>["strategy"];
  groups: string[];
  time: string | null;
  series: string[];
  testShare: number;
  published: z.infer<typeof Split>["published"];
  why: string;
}

/** Fewer groups than this cannot be split into a training and a hidden test part of ten. */
export const FEWEST_GROUPS = 20;

/** How rows are divided: as the question would meet them, with repeated measures kept on one side. */
export function splitFor(reading: Reading, question: Question, rows: number): SplitPlan {
  const { view } = reading;
  const testShare = Math.max(shareFor(rows), shareForEvents(question.events));
  const base = { groups: [], time: null, series: [], published: null, testShare };
  if (view.published !== null && view.published.test.length > 0) {
    return { ...base, strategy: "published", published: view.published, why: "The published split is kept." };
  }
  const panel = view.time.find((axis) => axis.series.length > 0);
  if (panel !== undefined) {
    const entities = reading.columns.get(panel.series[0] ?? "");
    const long = panel.points >= 25 && rows >= 15 * (entities?.distinct ?? rows);
    if (panel.series.length === 1 && entities !== undefined && entities.distinct >= 30 && !long) {
      return {
        ...base,
        strategy: "group",
        groups: panel.series,
        why: `All rows of one ${panel.series[0]} stay on one side: the hidden rows are of ones never seen.`,
      };
    }
    if (panel.points >= 8) {
      return {
        ...base,
        strategy: "time",
        time: panel.column,
        why: `The latest ${Math.round(testShare * 100)}% by ${panel.column} are hidden.`,
      };
    }
  }
  const unit = repeatedUnit(reading);
  const group = unit !== undefined && unit.groups >= FEWEST_GROUPS ? unit : undefined;
  if (group !== undefined)
    return {
      ...base,
      testShare: Math.max(testShare, Math.min(0.5, Math.ceil(1_050 / group.groups) / 100)),
      strategy: "group",
      groups: [group.column],
      why: `Rows that share ${group.column} stay on one side (${group.why}).`,
    };
  const dense = view.groups.some((entry) => entry.rows >= 8 && entry.groups >= 5);
  const axis =
    view.time.find((entry) => entry.points >= 8 && entry.series.length === 0 && dense) ??
    view.time.find(
      (entry) =>
        entry.series.length === 0 &&
        entry.points >= 0.8 * rows &&
        entry.points >= 200 &&
        /day|week|month|year/.test(entry.step),
    );
  if (axis !== undefined)
    return {
      ...base,
      strategy: "time",
      time: axis.column,
      why: `The latest ${Math.round(testShare * 100)}% by ${axis.column} are hidden.`,
    };
  const index = timeIndex(reading);
  if (index !== undefined && question.labels === null)
    return {
      ...base,
      strategy: "time",
      time: index.name,
      why: `The rows are in order of ${index.name}; its latest ${Math.round(testShare * 100)}% are hidden.`,
    };
  const stratified = question.labels !== null;
  return {
    ...base,
    strategy: stratified ? "stratified" : "random",
    why: `${Math.round(testShare * 100)}% of the rows are hidden, drawn at random${stratified ? " within each class" : ""}.`,
  };
}

const TIME_INDEX =
  /\btime (trend|index|step|period)\b|\b(month|week|day|quarter|year)s? (index|number|counter)\b|\btrend\b.*\b(month|week|day|quarter|year|time)\b/i;

/** A number of the month, week or day by which the rows are sorted: what came later is asked for, not what lies between. */
function timeIndex(reading: Reading): ColumnFacts | undefined {
  return reading.view.columns.find(
    (column) =>
      column.type === "integer" &&
      column.distinct >= 12 &&
      column.flags.includes("sorted") &&
      TIME_INDEX.test(`${column.name.replace(/[_.]/g, " ")} ${descriptionOf(column)}`),
  );
}

/** What is measured several times: a person, an animal, a tree … not places or firms that rows merely lie in. */
const UNIT =
  /\b(person|animal|family|household|tree|plant|nest|litter|specimen|document|video|device|query|entity|identifier that comes back)\b/;
const UNIT_NAME =
  /(^|[._\s-]|[a-z](?=[A-Z]))(id|subject|subj|subjid|usubjid|patient|participant|person|student|pupil|child|infant|animal|rat|dog|tree|plant|family|household|mother|speaker|user|specimen|contestant|respondent|case|nr|individual)$/i;

/** The column whose rows belong to one unit; the finest of several. */
export function repeatedUnit(reading: Reading): { column: string; groups: number; why: string } | undefined {
  return reading.view.groups
    .filter((entry) => {
      const facts = reading.columns.get(entry.column);
      if (
        DESIGN.has(entry.column.toLowerCase()) ||
        !UNIT.test(entry.why.split(":")[0] ?? "") ||
        entry.rows < 1.5 ||
        facts === undefined
      )
        return false;
      if (/\bwithin\b/i.test(descriptionOf(facts))) return false;
      return (
        facts.type === "string" ||
        facts.flags.includes("identifier") ||
        UNIT_NAME.test(entry.column) ||
        (/(id|num|nr|no)$/i.test(entry.column) &&
          /\b(patient|subject|person|participant|identif\w+|id)\b/i.test(descriptionOf(facts)))
      );
    })
    .sort((left, right) => right.groups - left.groups)[0];
}

/**
 * Fewer events than this among the hidden rows, and solvers are hardly told apart: an area under the ROC curve of 0.8 has a
 * standard error of 0.04 then (Hanley and McNeil 1982), so that between it and 0.5 lie not four margins.
 */
const FEWEST_EVENTS = 50;

/** The share that hides enough of the rarer of two classes; above one half there are too few of them. */
export function shareForEvents(events: number | undefined): number {
  return events === undefined ? 0 : Math.min(1, Math.ceil((FEWEST_EVENTS / events) * 100) / 100);
}

/** A fifth of large tables, more of small ones so that at least 40 rows are hidden even when some are duplicates, half at most. */
export function shareFor(rows: number): number {
  if (rows >= 1_000) return 0.2;
  if (rows >= 400) return 0.25;
  if (rows >= 200) return 0.3;
  return Math.min(0.5, Math.ceil((60 / rows) * 100) / 100);
}
