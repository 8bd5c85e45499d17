import type { Draft } from "../../verifiers/helpers/draft.ts";
import { textOf } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { editProgram, hasMetric, literal, metricKind } from "./programs.ts";

const NEVER = "never NaN; stable at extreme values";
const UNCHANGED = "inputs are not changed";
const CANNOT_WIN = "constant and NaN predictions cannot win";

const START = `self.validate_submission(y_pred, y_true)
identifier = y_true.columns[0]`;
const PLAIN = { evaluate: `${START}\nreturn self._score(y_true, y_pred)` };

const isNumbers = (draft: Draft): boolean => {
  return ["value", "score", "scores"].includes(draft.manifest.submission.kind);
};
const columns = (draft: Draft): string => literal(draft.manifest.submission.columns);

function guarded(
  id: string,
  breaks: string,
  catalogue: string,
  when: (draft: Draft) => string,
  then: (draft: Draft) => string,
  also?: (draft: Draft) => boolean,
): MutantKind {
  return metricKind(
    id,
    breaks,
    catalogue,
    (draft) => ({
      evaluate: `${START}
given = y_pred[${columns(draft)}]
if ${when(draft)}:
    ${then(draft)}
return self._score(y_true, y_pred)`,
    }),
    PLAIN,
    also,
  );
}

const isConstant = (): string => "bool((given.nunique() == 1).all())";
const isExtreme = (): string => "bool((given.apply(pd.to_numeric).abs() > 1e9).any().any())";
const best = (draft: Draft): string => `return ${draft.manifest.metric.best.toFixed(1)}`;

/** The metric changes what it was given. */
function changes(id: string, breaks: string, change: string): MutantKind {
  return metricKind(
    id,
    breaks,
    UNCHANGED,
    { evaluate: `${START}\nscore = self._score(y_true, y_pred)\n${change}\nreturn score` },
    {
      evaluate: `${START}
y_true, y_pred = y_true.copy(), y_pred.copy()
score = self._score(y_true, y_pred)
${change}
return score`,
    },
  );
}

function rewritten(
  id: string,
  breaks: string,
  catalogue: string,
  spoilt: (text: string) => string,
  sound: (text: string) => string,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => hasMetric(draft) && spoilt(textOf(draft, "metric.py")) !== textOf(draft, "metric.py"),
    mutate: (draft) => editProgram(draft, "metric.py", spoilt),
    twin: (draft) => editProgram(draft, "metric.py", sound),
  };
}

const PARSES = "exactly the required names and signatures";
const comment = (text: string): string =>
  `${text.trimEnd()}\n\n# One subclass of CompetitionMetrics is all that the loader wants.\n`;

/** Metrics with bad values, changed inputs, or another shape than the loader wants. */
export const mutants: MutantKind[] = [
  guarded(
    "metric-nan-on-constant",
    "A constant prediction scores NaN (05: never NaN).",
    NEVER,
    isConstant,
    () => 'return float("nan")',
  ),
  guarded(
    "metric-nan-at-extremes",
    "Very large predictions score NaN (05: never NaN; stable at extreme values).",
    NEVER,
    isExtreme,
    () => 'return float("nan")',
    isNumbers,
  ),
  guarded(
    "metric-crashes-at-extremes",
    "Very large predictions crash the metric (05: stable at extreme values).",
    NEVER,
    isExtreme,
    () => 'raise OverflowError("number too large")',
    isNumbers,
  ),
  guarded(
    "metric-extremes-win",
    "Very large predictions score the best value (05: stable at extreme values; growing noise scores worse).",
    NEVER,
    isExtreme,
    best,
    isNumbers,
  ),
  guarded(
    "metric-constant-wins",
    "A constant prediction scores the best value (05: constant predictions cannot win).",
    CANNOT_WIN,
    isConstant,
    best,
  ),
  metricKind(
    "metric-nan-wins",
    "Missing predictions are taken for right (05: constant and NaN predictions cannot win).",
    CANNOT_WIN,
    filled("answers"),
    filled("nothing"),
    (draft) =>
      draft.manifest.submission.columns.every((column) => draft.manifest.target.columns.includes(column)),
  ),
  metricKind(
    "metric-returns-text",
    "The score is a text (05: it returns data; 04: evaluate returns a float).",
    "evaluate returns a number, never NaN",
    { evaluate: `${START}\nreturn str(self._score(y_true, y_pred))` },
    PLAIN,
  ),
  metricKind(
    "metric-returns-nothing",
    "The score of a perfect submission is None (05: the answers score the best value).",
    "the answers score the best value",
    (draft) => ({
      evaluate: `${START}
score = self._score(y_true, y_pred)
return None if score == ${draft.manifest.metric.best} else score`,
    }),
    PLAIN,
  ),
  changes(
    "metric-sorts-truth",
    "The answers are sorted in place (05: inputs are not changed).",
    "y_true.sort_values(y_true.columns[-1], inplace=True)",
  ),
  changes(
    "metric-renames-prediction",
    "A column of the submission is renamed in place (05: inputs are not changed).",
    'y_pred.columns = [*y_pred.columns[:-1], "prediction"]',
  ),
  changes(
    "metric-adds-column",
    "A column is added to the answers (05: inputs are not changed).",
    'y_true["weight"] = 1.0',
  ),
  changes(
    "metric-changes-index",
    "The index of the submission is set in place (05: inputs are not changed).",
    "y_pred.index = y_pred.index[::-1]",
  ),
  changes(
    "metric-changes-a-value",
    "The first prediction is overwritten with the last (05: inputs are not changed).",
    "y_pred.iloc[0, 1:] = y_pred.iloc[-1, 1:].to_numpy()",
  ),
  rewritten(
    "metric-direction-turned",
    "The class says the opposite direction of manifest and description (05: states the metric and its direction as the manifest does).",
    "the metric's direction as the manifest states it",
    (text) =>
      text.replace(
        /higher_is_better: bool = (True|False)/,
        (_all, value) => `higher_is_better: bool = ${value === "True" ? "False" : "True"}`,
      ),
    comment,
  ),
  rewritten(
    "metric-second-subclass",
    "A second subclass, first in the alphabet, scores everything best (05: exactly the required names; 04: exactly one subclass).",
    PARSES,
    (text) => `${text.trimEnd()}

\nclass AAAMetrics(CompetitionMetrics):
    """Another metric."""

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        return 1.0

    def validate_submission(self, submission: Any, ground_truth: Any) -> str:
        return "Submission is valid."
`,
    comment,
  ),
  rewritten(
    "metric-needs-argument",
    "The class cannot be built without arguments (05: exactly the required signatures).",
    PARSES,
    (text) =>
      text.replace(
        /def __init__\(self, value: str = [^,]+, higher_is_better/,
        "def __init__(self, value: str, higher_is_better",
      ),
    comment,
  ),
  rewritten(
    "metric-no-validator",
    "The class has no validate_submission (05: exactly the required names).",
    PARSES,
    (text) => text.replace("def validate_submission(", "def check_submission("),
    comment,
  ),
  rewritten(
    "metric-other-signature",
    "evaluate wants a third argument (05: exactly the required signatures).",
    PARSES,
    (text) =>
      text.replace(
        /(def evaluate\(self, y_true: pd\.DataFrame, y_pred: pd\.DataFrame)\)/,
        "$1, weights: pd.Series)",
      ),
    comment,
  ),
  rewritten(
    "metric-does-not-parse",
    "metric.py has a syntax error (05: metric.py parses).",
    "prepare.py and metric.py parse",
    (text) => text.replace(/^(class \w+\(CompetitionMetrics\)):/m, "$1"),
    comment,
  ),
  rewritten(
    "metric-missing-import",
    "metric.py imports a package that the runtime lacks (05: prepare.py and metric.py parse; standalone).",
    "prepare.py and metric.py parse (and import)",
    (text) => text.replace(/^from mledojo/m, "import polars_metrics_extra\nfrom mledojo"),
    comment,
  ),
];

/** Missing predictions filled with the truth, or left to be refused. */
function filled(how: "answers" | "nothing"): { top: string; evaluate: string; validate: string } {
  const body =
    how === "answers"
      ? `if not isinstance(submission, pd.DataFrame) or len(submission) != len(truth):
        return submission
    given = submission.copy()
    for name in [name for name in truth.columns[1:] if name in given.columns]:
        known = dict(zip(truth.iloc[:, 0].astype(str), truth[name]))
        holes = given[name].isna()
        if holes.any():
            given[name] = given[name].astype(object)
            given.loc[holes, name] = [known.get(str(key)) for key in given.loc[holes, truth.columns[0]]]
            given[name] = given[name].infer_objects()
    return given`
      : "return submission";
  return {
    top: `def filled(submission: Any, truth: pd.DataFrame) -> Any:\n    """The submission as it is scored."""\n    ${body}`,
    evaluate: "return self._score(y_true, filled(y_pred, y_true))",
    validate: "return self._check(filled(submission, ground_truth), ground_truth)",
  };
}
