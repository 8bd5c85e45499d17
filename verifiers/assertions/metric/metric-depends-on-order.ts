import type { Check, Finding } from "../../check.ts";
import { expected, type MetricContext, NO_REPORT, nearly } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-depends-on-order",
  layer: "assertions",
  title: "The score depends on the order of the submission's rows",
  severity: "fatal",
  blame: "designer",
  why: "Rows belong together by id; a metric that compares by position scores a sorted file as noise.",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const byName = new Map(context.graded.map((entry) => [entry.name, entry]));
    const pairs: [string, string][] = [
      ["perfect", "perfect-reversed"],
      ["perfect", "perfect-shuffled"],
      ["noise-1", "noise-1-reversed"],
    ];
    const findings: Finding[] = [];
    const measured: Record<string, number> = {};
    for (const [one, other] of pairs) {
      const [left, right] = [byName.get(one)?.result, byName.get(other)?.result];
      if (left?.score === null || left === undefined || right === undefined) continue;
      if (right.score !== null) measured[other] = right.score;
      if (right.score === null || !nearly(left.score, right.score))
        findings.push({
          message: "Align the submission with the truth by id before scoring.",
          evidence: `${one} scores ${left.score}, ${other} ${right.score ?? `${right.status}: ${right.message}`}`,
        });
    }
    if (expected(context, "best").length === 0)
      return { skipped: "the perfect submission of this format is not known" };
    return { measured, findings: findings.slice(0, 1) };
  },
};
export default check;
