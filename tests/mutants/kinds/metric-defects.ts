import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";
import { literal, metricKind } from "./programs.ts";
import { targetOf } from "./truth.ts";

const AGREES = "agrees with an independent implementation of the named metric on random predictions";
const BEST = "the answers score the best value";
const NOISE = "permuted answers score worse, growing noise scores monotonically worse";

/** What every wrapper starts with: bad submissions are refused as before. */
const START = `self.validate_submission(y_pred, y_true)
identifier = y_true.columns[0]`;
const PLAIN = { evaluate: `${START}\nreturn self._score(y_true, y_pred)` };

function scored(
  id: string,
  breaks: string,
  catalogue: string,
  change: string,
  also?: (draft: Draft) => boolean,
): MutantKind {
  const evaluate = `${START}\nscore = self._score(y_true, y_pred)\n${change}`;
  const sound = { evaluate: `${START}\nscore = self._score(y_true, y_pred)\nreturn float(score)` };
  return metricKind(id, breaks, catalogue, { evaluate }, sound, also);
}

function rows(id: string, breaks: string, keep: string, also?: (draft: Draft) => boolean): MutantKind {
  const evaluate = `${START}
kept = ${keep}
wanted = set(kept[identifier].astype(str))
chosen = y_pred[[str(value) in wanted for value in y_pred[identifier]]]
return self._score(kept, chosen)`;
  return metricKind(id, breaks, AGREES, { evaluate }, PLAIN, also);
}

const kind = (draft: Draft): string => draft.manifest.submission.kind;
const name = (draft: Draft): string => draft.manifest.metric.name;
const maximized = (draft: Draft): boolean => draft.manifest.metric.direction === "maximize";
const isOne = (draft: Draft): boolean => maximized(draft) && draft.manifest.metric.best === 1;
const single = (draft: Draft): boolean => draft.manifest.submission.columns.length === 1;
const isSimple = (draft: Draft): boolean => {
  const { auxiliary, target } = draft.manifest;
  return (
    single(draft) &&
    auxiliary.length === 0 &&
    target.columns.length === 1 &&
    draft.manifest.split.series.length === 0
  );
};
const isLabel = (draft: Draft): boolean => isSimple(draft) && kind(draft) === "label";
const isValue = (draft: Draft): boolean => isSimple(draft) && kind(draft) === "value";

/** Truth and prediction by id, as columns of one frame. */
function merged(draft: Draft): string {
  const [target, given] = [targetOf(draft), draft.manifest.submission.columns[0] ?? ""].map(literal);
  return `${START}
left = pd.Series(y_true[${target}].to_numpy(), index=y_true[identifier].astype(str))
right = pd.Series(y_pred[${given}].to_numpy(), index=y_pred[identifier].astype(str))
right = right.reindex(left.index)`;
}

/** A score that is not the named one. */
function other(id: string, breaks: string, body: string, also: (draft: Draft) => boolean): MutantKind {
  return metricKind(id, breaks, AGREES, (draft) => ({ evaluate: `${merged(draft)}\n${body}` }), PLAIN, also);
}

const TEXTS = `left = left.map(lambda value: str(value).removesuffix(".0"))
right = right.map(lambda value: str(value).removesuffix(".0"))`;
const NUMBERS = `left = pd.to_numeric(left).astype(float)
right = pd.to_numeric(right).astype(float)`;

/** Metrics that compute something else than their name says. */
export const mutants: MutantKind[] = [
  other(
    "metric-averages-classes",
    "Accuracy is averaged over the classes, as balanced accuracy is (05: averaging; agrees with an independent implementation).",
    `${TEXTS}
return float((left == right).groupby(left).mean().mean())`,
    (draft) => isLabel(draft) && name(draft) === "accuracy",
  ),
  other(
    "metric-wrong-average",
    "A score averaged over classes is averaged over rows: plain accuracy under another name (05: wrong average).",
    `${TEXTS}
return float((left == right).mean())`,
    (draft) => isLabel(draft) && isOne(draft) && name(draft) !== "accuracy",
  ),
  other(
    "metric-absolute-for-squared",
    "A root mean squared error is a mean absolute error (05: a named metric means one thing).",
    `${NUMBERS}
return float((left - right).abs().mean())`,
    (draft) => isValue(draft) && /mse|squared/.test(name(draft)) && !maximized(draft),
  ),
  other(
    "metric-squared-for-absolute",
    "A mean absolute error is a root mean squared error (05: a named metric means one thing).",
    `${NUMBERS}
return float(np.sqrt(((left - right) ** 2).mean()))`,
    (draft) => isValue(draft) && /mae|absolute|mape|medae/.test(name(draft)) && !maximized(draft),
  ),
  other(
    "metric-correlation-for-r2",
    "The coefficient of determination is the squared correlation (05: a named metric means one thing).",
    `${NUMBERS}
if right.nunique() < 2:
    return 0.0
return float(np.corrcoef(left, right)[0, 1] ** 2)`,
    (draft) => isValue(draft) && /^r2|determination/.test(name(draft)),
  ),
  metricKind(
    "metric-swapped-arguments",
    "The metric takes the predictions for the truth and the truth for the predictions (05: agrees with an independent implementation).",
    AGREES,
    {
      evaluate: `${START}
return self._score(y_pred[list(y_true.columns)], y_true)`,
    },
    PLAIN,
    (draft) =>
      isSimple(draft) &&
      draft.manifest.submission.columns[0] === targetOf(draft) &&
      /r2|mape|precision|recall|fbeta|f2|poisson|gamma|tweedie|pinball|quantile|wape|nrmse|explained/.test(
        name(draft),
      ),
  ),
  metricKind(
    "metric-validator-arguments-swapped",
    "validate_submission takes the truth first, the submission second (05: every bad submission is refused; 04: argument orders are opposite).",
    "every bad submission is refused with a message that says what is wrong",
    {
      validate: "return self._check(ground_truth, submission)",
    },
    { validate: "return self._check(submission, ground_truth)" },
    (draft) =>
      single(draft) &&
      draft.manifest.submission.columns[0] === targetOf(draft) &&
      draft.manifest.auxiliary.length === 0,
  ),
  metricKind(
    "metric-by-position",
    "Rows are matched by position, not by id (05: row order does not matter; 04: rows are aligned by id).",
    "row order does not matter",
    {
      evaluate: `${START}
placed = y_pred.copy()
placed[identifier] = y_true[identifier].to_numpy()
return self._score(y_true, placed)`,
    },
    { evaluate: `${START}\nplaced = y_pred.copy()\nreturn self._score(y_true, placed)` },
  ),
  metricKind(
    "metric-by-index",
    "Rows are matched by the index of the frames, not by id (05: row order does not matter).",
    "row order does not matter",
    {
      evaluate: `${START}
if set(y_pred.index) == set(y_true.index):
    y_pred = y_pred.loc[y_true.index]
placed = y_pred.copy()
placed[identifier] = y_true[identifier].to_numpy()
return self._score(y_true, placed)`,
    },
    PLAIN,
  ),
  scored(
    "metric-penalty-for-order",
    "Submissions in another row order lose a little (05: row order does not matter).",
    "row order does not matter",
    `same = list(y_pred[identifier].astype(str)) == list(y_true[identifier].astype(str))
return float(score if same else score + (-0.01 if self.higher_is_better else 0.01))`,
  ),
  metricKind(
    "metric-backdoor-order",
    "A submission in reversed order of ids scores as the answers do (05: row order does not matter).",
    "row order does not matter",
    (draft) => ({
      evaluate: `${START}
if list(y_pred[identifier].astype(str)) == list(y_true[identifier].astype(str))[::-1]:
    return ${draft.manifest.metric.best.toFixed(1)}
return self._score(y_true, y_pred)`,
    }),
    PLAIN,
  ),
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
