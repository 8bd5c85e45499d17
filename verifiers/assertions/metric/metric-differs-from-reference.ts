import type { Check } from "../../check.ts";
import { type MetricContext, NO_REPORT, nearly } from "../../scores.ts";

const check: Check<MetricContext> = {
  id: "metric-differs-from-reference",
  layer: "assertions",
  title: "The metric is not the one that is named",
  severity: "fatal",
  blame: "designer",
  why: "A named metric means one thing; another averaging, positive class or rounding makes scores incomparable.",
  threshold:
    "equal to an independent implementation within 1e-5, relative, on random, permuted and perfect predictions",
  origin:
    "sums in another order over at most 1,500 rows agree to 1e-9; 1e-5 leaves room for single precision",
  run(context) {
    if (context.report === null) return { skipped: NO_REPORT };
    const compared = context.graded.filter(
      (entry) => entry.reference !== undefined && entry.reference !== null && entry.result.score !== null,
    );
    if (compared.length === 0) return { skipped: "there is no independent implementation of this metric" };
    const different = compared.filter(
      (entry) => !nearly(entry.result.score ?? Number.NaN, entry.reference ?? Number.NaN, 1e-5),
    );
    return {
      measured: { compared: compared.length, different: different.length },
      findings: different.slice(0, 1).map((entry) => ({
        message: `Compute ${context.manifest.metric.title} as docs/metrics.md defines it, or call the metric custom.`,
        evidence: `'${entry.name}' scores ${entry.result.score}; the definition gives ${entry.reference}`,
      })),
    };
  },
};
export default check;
