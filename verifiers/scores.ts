import type { GradeReport, GradeResult } from "../task/grade.ts";
import type { Manifest } from "../task/manifest.ts";
import type { TestSubmission } from "./inspect.ts";

/** One test submission with what the task's metric made of it. */
export interface Graded extends TestSubmission {
  result: GradeResult;
}

/** What the metric checks judge: data from the grading job, and what a sound metric would have done. */
export interface MetricContext {
  manifest: Manifest;
  /** Null when the grading process gave no report; `problem` says why. */
  report: GradeReport | null;
  problem: string | null;
  graded: Graded[];
}

/** Those of one expectation. */
export function expected(context: MetricContext, ...expectations: TestSubmission["expect"][]): Graded[] {
  return context.graded.filter((entry) => expectations.includes(entry.expect));
}

/** Scores of those that were scored, as `[name, score]`. */
export function scored(entries: Graded[]): { name: string; score: number }[] {
  return entries.flatMap(({ name, result }) =>
    result.status === "scored" && result.score !== null ? [{ name, score: result.score }] : [],
  );
}

/** A score turned so that higher is better, by the manifest's direction. */
export function gain(manifest: Manifest, score: number): number {
  return manifest.metric.direction === "maximize" ? score : -score;
}

/** Equal up to rounding: scores come through CSV files and other orders of summation. */
export function nearly(left: number, right: number, tolerance = 1e-6): boolean {
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
}

/** Mean score of the permuted answers, null where none was scored. */
export function permutedScore(context: MetricContext): number | null {
  const scores = scored(expected(context, "permuted")).map((entry) => entry.score);
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

export const NO_REPORT = "the grading process gave no scores";
