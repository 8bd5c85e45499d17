import type { MutantKind } from "./kind.ts";
import {
  AGREES,
  BEST,
  isLabel,
  isOne,
  isSimple,
  isValue,
  kind,
  NOISE,
  NUMBERS,
  name,
  other,
  PLAIN,
  rows,
  START,
  scored,
} from "./metric-defects-kit.ts";
import { literal, metricKind } from "./programs.ts";
import { targetOf } from "./truth.ts";

/** Metrics that compute something else than their name says. */
export const mutants: MutantKind[] = [
  rows(
    "metric-ignores-half",
    "Only the first half of the answers is scored (05: ignored rows; agrees with an independent implementation).",
    "y_true.iloc[: max(2, len(y_true) // 2)]",
    isSimple,
  ),
  rows(
    "metric-ignores-every-tenth",
    "Every tenth row of the answers is left out (05: ignored rows; agrees with an independent implementation).",
    "y_true.iloc[[row for row in range(len(y_true)) if row % 10 != 7]]",
    isSimple,
  ),
  rows(
    "metric-ignores-last-row",
    "The last row of the answers is left out (05: ignored rows; agrees with an independent implementation).",
    "y_true.iloc[:-1]",
    isSimple,
  ),
  metricKind(
    "metric-ignores-rare-label",
    "Rows of the rarest label are left out (05: absent classes; agrees with an independent implementation).",
    AGREES,
    (draft) => ({
      evaluate: `${START}
labels = y_true[${literal(targetOf(draft))}].astype(str)
rarest = labels.value_counts().index[-1]
kept = y_true[labels != rarest]
wanted = set(kept[identifier].astype(str))
return self._score(kept, y_pred[[str(value) in wanted for value in y_pred[identifier]]])`,
    }),
    PLAIN,
    (draft) => isLabel(draft) && (draft.manifest.target.labels?.length ?? 0) > 2,
  ),
  other(
    "metric-trims-errors",
    "The worst twentieth of the errors is left out (05: ignored rows; agrees with an independent implementation).",
    `${NUMBERS}
error = (left - right).abs()
wanted = set(error.sort_values(kind="stable").index[: max(2, int(0.95 * len(error)))])
kept = y_true[[str(value) in wanted for value in y_true[identifier]]]
chosen = y_pred[[str(value) in wanted for value in y_pred[identifier]]]
return self._score(kept, chosen)`,
    isValue,
  ),
  metricKind(
    "metric-averages-batches",
    "The score is the mean of the scores of a small and a large batch (05: averaging; agrees with an independent implementation).",
    AGREES,
    {
      evaluate: `${START}
cut = max(3, len(y_true) // 10)
scores = []
for part in (y_true.iloc[:cut], y_true.iloc[cut:]):
    wanted = set(part[identifier].astype(str))
    scores.append(self._score(part, y_pred[[str(value) in wanted for value in y_pred[identifier]]]))
return float(np.mean(scores))`,
    },
    PLAIN,
    (draft) => isLabel(draft) || isValue(draft),
  ),
  metricKind(
    "metric-hardens-scores",
    "Scores are cut to nought and one at a half before they are ranked (05: ties; agrees with an independent implementation).",
    AGREES,
    (draft) => ({
      evaluate: `${START}
given = y_pred.copy()
for column in ${literal(draft.manifest.submission.columns)}:
    given[column] = (pd.to_numeric(given[column]) >= 0.5).astype(float)
return self._score(y_true, given)`,
    }),
    PLAIN,
    (draft) => kind(draft) === "score" && /auc|average_precision/.test(name(draft)),
  ),
  scored(
    "metric-wrong-log-base",
    "The logarithmic loss is in bits, not in nats (05: a named metric means one thing).",
    AGREES,
    "return float(score / np.log(2))",
    (draft) => /log_?loss|cross_?entropy/.test(name(draft)),
  ),
  scored(
    "metric-times-hundred",
    "The score is in per cent, or a hundredfold (05: agrees with an independent implementation).",
    AGREES,
    "return float(100 * score)",
  ),
  scored(
    "metric-slightly-off",
    "The score is one per cent too small (05: agrees with an independent implementation).",
    AGREES,
    "return float(0.99 * score)",
  ),
  scored(
    "metric-best-not-reached",
    "The answers themselves score a little worse than the best value (05: the answers score the best value).",
    BEST,
    "return float(score + (-0.02 if self.higher_is_better else 0.02))",
  ),
  scored(
    "metric-negated",
    "The score has the wrong sign (05: growing noise scores monotonically worse).",
    NOISE,
    "return float(-score)",
  ),
  scored(
    "metric-folded",
    "A score below a half is turned over, so that bad predictions gain (05: noise scores monotonically worse).",
    NOISE,
    "return float(max(score, 1 - score))",
    isOne,
  ),
  scored(
    "metric-saturates",
    "From a certain badness on all predictions score alike (05: growing noise scores monotonically worse).",
    NOISE,
    "return float(max(score, 0.97))",
    isOne,
  ),
  scored(
    "metric-coarse",
    "The score is rounded to halves (05: levels that do not separate; noise scores monotonically worse).",
    NOISE,
    "return float(round(2 * score) / 2)",
    isOne,
  ),
  scored(
    "metric-constant",
    "Every submission scores the best value (05: permuted answers score worse).",
    NOISE,
    "return float(1.0 if self.higher_is_better else 0.0)",
    (draft) => [0, 1].includes(draft.manifest.metric.best),
  ),
  scored(
    "metric-random",
    "The score has random noise that differs from call to call (05: agrees with an independent implementation; deterministic).",
    "no unseeded randomness (metric)",
    "return float(score + (-1 if self.higher_is_better else 1) * abs(np.random.normal(0, 1e-3)))",
  ),
  metricKind(
    "metric-keeps-state",
    "From its fourth call on the metric gives its first score again (05: growing noise scores worse; a call depends on no other).",
    NOISE,
    {
      top: "SEEN: list[float] = []",
      evaluate: `${START}
SEEN.append(self._score(y_true, y_pred))
return SEEN[-1] if len(SEEN) < 4 else SEEN[0]`,
    },
    { top: "SEEN: list[float] = []", evaluate: `${START}\nreturn self._score(y_true, y_pred)` },
  ),
];
