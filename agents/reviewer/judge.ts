import type { Blame, CheckRecord, Defect } from "../../verifiers/defect.ts";
import type { Review } from "../roles.ts";
import { quotationsOf } from "./quotes.ts";

/** Lowest score of one item, and lowest mean, with which a task passes (design of the rubric: 0 to 5 each). */
const LOWEST = 3;
export const LOWEST_MEAN = 4;

/** Who can mend what a rubric item measures. */
const blameOf: Record<Review["scores"][number]["item"], Blame> = {
  clarity: "designer",
  completeness: "designer",
  metric: "designer",
  realism: "brainstormer",
  no_shortcut: "designer",
  sufficiency: "brainstormer",
  distinctness: "brainstormer",
  harmless: "brainstormer",
};

/**
 * What a review means. An objection counts only when its quotation stands in the package or in what the checks
 * measured; the Reviewer never overrules a failed assertion, because it is not asked before those pass.
 */
export function judgeReview(
  review: Review,
  seen: {
    files: Readonly<Record<string, string>>;
    samples: Readonly<Record<string, string>>;
    records: readonly CheckRecord[];
  },
): CheckRecord {
  const isQuoted = quotationsOf(
    [
      ...Object.values(seen.files),
      ...Object.values(seen.samples),
      ...seen.records.map((record) => evidenceText(record)),
    ],
    3,
  );
  const proven = review.objections.filter(({ quote }) => isQuoted(quote));
  const mean = meanOf(review.scores);
  const low = review.scores.filter(isLow);
  const defects: Defect[] = [
    ...proven.map(({ severity, blame, message, quote }) =>
      defect("review-objection", severity, blame, message, `quoted: ${quote}`),
    ),
    ...low.map(({ item, score, reason }) =>
      defect(
        `review-${item.replaceAll("_", "-")}-low`,
        "major",
        blameOf[item],
        reason,
        `${item} scored ${score} of 5; at least ${LOWEST} is needed`,
      ),
    ),
  ];
  if (low.length === 0 && mean !== null && mean < LOWEST_MEAN) {
    const worst = [...review.scores].sort((a, b) => (a.score ?? 5) - (b.score ?? 5))[0];
    if (worst)
      defects.push(
        defect(
          "review-mean-low",
          "major",
          blameOf[worst.item],
          worst.reason,
          `the mean score is ${mean.toFixed(2)}; at least ${LOWEST_MEAN} is needed`,
        ),
      );
  }
  return {
    check: "review-rubric",
    layer: "review",
    verdict: defects.some(({ severity }) => severity !== "minor") ? "defect" : "pass",
    measured: {
      mean,
      scores: Object.fromEntries(review.scores.map(({ item, score }) => [item, score])),
      unprovenObjections: review.objections.length - proven.length + (review.discarded?.objections ?? 0),
      unprovenScores: review.discarded?.scores ?? 0,
    },
    defects,
  };
}

/** Whether the scores by themselves send a task back. */
export function scoresFail(scores: Review["scores"]): boolean {
  return scores.some(isLow) || (meanOf(scores) ?? LOWEST_MEAN) < LOWEST_MEAN;
}

function isLow({ score }: Review["scores"][number]): boolean {
  return score !== null && score < LOWEST;
}

/** Mean of what was assessed, null where nothing was. */
function meanOf(scores: Review["scores"]): number | null {
  const assessed = scores.flatMap(({ score }) => (score === null ? [] : [score]));
  return assessed.length === 0 ? null : assessed.reduce((sum, score) => sum + score, 0) / assessed.length;
}

function defect(
  check: string,
  severity: Defect["severity"],
  blame: Blame,
  message: string,
  evidence: string,
): Defect {
  return { check, layer: "review", severity, blame, message, evidence, repair: null };
}

function evidenceText({ check, measured, defects }: CheckRecord): string {
  return [
    check,
    JSON.stringify(measured),
    ...defects.flatMap(({ message, evidence }) => [message, evidence]),
  ].join("\n");
}
