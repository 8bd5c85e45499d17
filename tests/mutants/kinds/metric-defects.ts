import type { MutantKind } from "./kind.ts";
import {
  AGREES,
  isLabel,
  isOne,
  isSimple,
  isValue,
  maximized,
  NUMBERS,
  name,
  other,
  PLAIN,
  START,
  scored,
  single,
  TEXTS,
} from "./metric-defects-kit.ts";
import { metricKind } from "./programs.ts";
import { targetOf } from "./truth.ts";

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
];
