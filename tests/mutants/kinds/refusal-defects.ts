import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";
import { literal, metricKind } from "./programs.ts";
import { truthOf } from "./truth.ts";

const REFUSED = "every bad submission is refused with a message that says what is wrong";

/** Python that makes a bad submission good before it is looked at. */
function lenient(
  id: string,
  breaks: string,
  phrase: string,
  body: (draft: Draft) => string,
  also?: (draft: Draft) => boolean,
): MutantKind {
  const code = (draft: Draft, lines: string) => ({
    top: `COLUMNS = ${literal(draft.manifest.submission.columns)}
DEFAULT = ${defaultOf(draft)}


def repaired(submission: Any, truth: pd.DataFrame) -> Any:
    """The submission as it is scored."""
    identifier = str(truth.columns[0])
    if isinstance(submission, pd.DataFrame):
        names = [str(name) for name in submission.columns]
        known = sorted(names) == sorted([identifier, *COLUMNS])
    else:
        names, known = [], False
${lines
  .trim()
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
    return submission`,
    evaluate: "return self._score(y_true, repaired(y_pred, y_true))",
    validate: "return self._check(repaired(submission, ground_truth), ground_truth)",
  });
  return metricKind(
    id,
    breaks,
    `${REFUSED} (${phrase})`,
    (draft) => code(draft, body(draft)),
    (draft) => code(draft, "del names, known"),
    also,
  );
}

/** A prediction that is always allowed. */
function defaultOf(draft: Draft): string {
  const { kind, columns } = draft.manifest.submission;
  const labels = draft.manifest.target.labels;
  if (kind === "label" || kind === "labels") return literal(labels?.[0] ?? truthOf(draft).texts[0] ?? "0");
  return kind === "probabilities" ? String(1 / Math.max(1, columns.length)) : "0.0";
}

const isNumbers = (draft: Draft): boolean =>
  ["value", "score", "scores", "probabilities"].includes(draft.manifest.submission.kind);
const hasNames = (draft: Draft): boolean => {
  const labels = draft.manifest.target.labels ?? [];
  return (
    draft.manifest.submission.kind === "label" &&
    labels.length > 0 &&
    labels.every((label) => Number.isNaN(Number(label)))
  );
};

/** What is done with the error of the check that was there. */
function caught(id: string, breaks: string, phrase: string, handler: string): MutantKind {
  return metricKind(
    id,
    breaks,
    `${REFUSED} (${phrase})`,
    {
      validate: `try:
    return self._check(submission, ground_truth)
except InvalidSubmissionError as error:
    ${handler}`,
    },
    {
      validate: `try:
    return self._check(submission, ground_truth)
except InvalidSubmissionError as error:
    raise InvalidSubmissionError(str(error)) from error`,
    },
  );
}

const whole = (rows: string): string =>
  `pd.DataFrame({identifier: ${rows}, **{name: DEFAULT for name in COLUMNS}})`;

/** Metrics that take submissions which they must refuse, or refuse them in the wrong way. */
export const mutants: MutantKind[] = [
  lenient(
    "accepts-missing-ids",
    "Missing test ids get a default prediction (05: missing ids are refused).",
    "missing ids",
    () => `if known and 0 < len(submission) < len(truth) and submission[identifier].is_unique:
    lacking = truth.loc[~truth[identifier].astype(str).isin(submission[identifier].astype(str)), identifier]
    if len(lacking) + len(submission) == len(truth):
        return pd.concat([submission, ${whole("lacking.to_numpy()")}], ignore_index=True)`,
  ),
  lenient(
    "accepts-extra-ids",
    "Rows of unknown ids are dropped (05: extra ids are refused).",
    "extra ids",
    () => `if known and len(submission) > len(truth):
    return submission[submission[identifier].astype(str).isin(truth[identifier].astype(str))]`,
  ),
  lenient(
    "accepts-duplicate-ids",
    "Of repeated ids the first row counts (05: duplicate ids are refused).",
    "duplicate ids",
    () => `if known:
    return submission.drop_duplicates(identifier)`,
  ),
  lenient(
    "accepts-last-duplicate",
    "Of repeated ids with unlike predictions the last row counts (05: duplicate ids are refused).",
    "duplicate ids",
    () => `if known and len(submission) > len(truth):
    return submission.groupby(identifier, as_index=False, sort=False).last()`,
  ),
  lenient(
    "accepts-nan",
    "Missing predictions become a default (05: NaN is refused).",
    "NaN",
    () => `if known and submission[COLUMNS].isna().any().any():
    given = submission.copy()
    for name in COLUMNS:
        fits = given[name].dropna()
        given[name] = given[name].fillna(fits.iloc[0] if len(fits) else DEFAULT)
    return given`,
  ),
  lenient(
    "accepts-nan-drops-rows",
    "Rows with a missing prediction are scored as if they had the default label (05: NaN is refused).",
    "NaN",
    () => `if known and submission[COLUMNS].isna().all(axis=None):
    return ${whole("submission[identifier].to_numpy()")}`,
  ),
  lenient(
    "accepts-infinite",
    "Infinite predictions become nought (05: infinite values are refused).",
    "infinite",
    () => `if known:
    given = submission.copy()
    for name in COLUMNS:
        if pd.api.types.is_float_dtype(given[name]):
            given[name] = given[name].mask(given[name].abs() == np.inf, DEFAULT)
    return given`,
    isNumbers,
  ),
  lenient(
    "accepts-text-for-numbers",
    "Words among the predictions become nought (05: the wrong type is refused).",
    "wrong type",
    () => `if known:
    given = submission.copy()
    for name in COLUMNS:
        read = pd.to_numeric(given[name], errors="coerce")
        if (read.isna() & given[name].notna()).any():
            given[name] = read.where(read.notna() | given[name].isna(), DEFAULT)
    return given`,
    isNumbers,
  ),
  lenient(
    "accepts-unknown-label",
    "Unknown labels become the first label (05: an unknown label is refused).",
    "unknown label",
    (draft) => `labels = ${literal(draft.manifest.target.labels ?? [])}
if known:
    given = submission.copy()
    for name in COLUMNS:
        strange = given[name].notna() & ~given[name].astype(str).str.strip().isin(labels)
        if strange.any():
            given[name] = given[name].astype(object).mask(strange, DEFAULT)
    return given`,
    hasNames,
  ),
  lenient(
    "accepts-label-in-any-case",
    "Labels are matched without regard to case (05: an unknown label is refused).",
    "unknown label",
    (draft) => `labels = {label.casefold(): label for label in ${literal(draft.manifest.target.labels ?? [])}}
if known:
    given = submission.copy()
    for name in COLUMNS:
        given[name] = [labels.get(str(value).casefold(), value) for value in given[name]]
    return given`,
    (draft) => {
      const labels = draft.manifest.target.labels ?? [];
      return (
        hasNames(draft) &&
        new Set(labels.map((label) => label.toLowerCase())).size === labels.length &&
        labels.some((label) => label.toLowerCase() !== label.toUpperCase())
      );
    },
  ),
  lenient(
    "accepts-extra-column",
    "Columns that nobody asked for are dropped (05: an extra column is refused).",
    "extra column",
    () => `wanted = [identifier, *COLUMNS]
if all(name in names for name in wanted) and len(names) > len(wanted):
    return submission[wanted]`,
  ),
  lenient(
    "accepts-missing-column",
    "A missing prediction column gets a default (05: a missing column is refused).",
    "missing column",
    () => `if identifier in names and len(names) <= len(COLUMNS) and all(name in COLUMNS for name in names if name != identifier):
    lacking = {name: DEFAULT for name in COLUMNS if name not in names}
    return submission.assign(**lacking)`,
  ),
  lenient(
    "accepts-missing-id-column",
    "Without an id column the rows are taken in order (05: a missing column is refused).",
    "missing column",
    () => `if names and identifier not in names and len(submission) == len(truth) and all(name in names for name in COLUMNS):
    given = submission.copy()
    given.insert(0, identifier, truth[identifier].to_numpy())
    return given`,
  ),
  lenient(
    "accepts-renamed-column",
    "Columns are taken by place, whatever their names (05: a renamed column is refused).",
    "renamed column",
    () => `if not known and len(names) == len(COLUMNS) + 1 and len(set(names)) == len(names):
    return submission.set_axis([identifier, *COLUMNS], axis=1)`,
  ),
  lenient(
    "accepts-empty",
    "An empty submission is scored with default predictions (05: an empty one is refused).",
    "empty",
    () => `if known and len(submission) == 0:
    return ${whole("truth[identifier].to_numpy()")}`,
  ),
  lenient(
    "accepts-no-table",
    "Something that is no table is scored with default predictions (05: what is not a table is refused).",
    "not a table",
    () => `if not isinstance(submission, pd.DataFrame):
    return ${whole("truth[identifier].to_numpy()")}`,
  ),
  caught(
    "validator-returns",
    "The validator returns its complaint and does not raise it (05: every bad submission is refused; 04: its return value is ignored).",
    "returns instead of raising",
    'return f"Invalid submission: {error}"',
  ),
  caught(
    "validator-returns-false",
    "The validator returns False for a bad submission (05: every bad submission is refused).",
    "returns instead of raising",
    "return False",
  ),
  caught(
    "validator-prints",
    "The validator prints its complaint and says valid (05: every bad submission is refused).",
    "returns instead of raising",
    'print(error)\n    return "Submission is valid."',
  ),
  caught(
    "validator-raises-other",
    "The validator raises ValueError, not InvalidSubmissionError (04: must raise InvalidSubmissionError).",
    "raises another error",
    "raise ValueError(str(error)) from error",
  ),
  caught(
    "validator-exits",
    "The validator ends the process for a bad submission (05: refused with a message).",
    "exits",
    "raise SystemExit(1) from error",
  ),
  caught(
    "validator-says-nothing",
    "The validator raises without a message (05: a message that says what is wrong).",
    "empty message",
    "raise InvalidSubmissionError() from error",
  ),
  caught(
    "validator-says-one-thing",
    "The validator says the same of all that is wrong (05: a message that says what is wrong).",
    "message that does not say what is wrong",
    'raise InvalidSubmissionError("Invalid submission.") from error',
  ),
  caught(
    "validator-tells-answers",
    "The validator's message quotes the true rows (05: nothing private reaches a solver; reading the answers fails).",
    "message tells the answers",
    `raise InvalidSubmissionError(f"{error} Expected for example: {ground_truth.head(20).to_dict('list')}") from error`,
  ),
  metricKind(
    "validator-wants-order",
    "The validator refuses rows in another order than the answers (05: row order does not matter).",
    "row order does not matter",
    {
      validate: `message = self._check(submission, ground_truth)
if list(submission.iloc[:, 0].astype(str)) != list(ground_truth.iloc[:, 0].astype(str)):
    raise InvalidSubmissionError("The rows are not in the order of the test set.")
return message`,
    },
    { validate: "message = self._check(submission, ground_truth)\nreturn message" },
  ),
  metricKind(
    "validator-refuses-all",
    "The validator refuses every submission (05: shows a submission that validates; the answers score the best value).",
    "a submission that validates (sample submission valid)",
    {
      validate: `self._check(submission, ground_truth)\nraise InvalidSubmissionError("The submission could not be read.")`,
    },
    { validate: "return self._check(submission, ground_truth)" },
  ),
  metricKind(
    "evaluate-scores-bad-as-nought",
    "evaluate gives nought for a bad submission and does not raise (05: every bad submission is refused).",
    `${REFUSED} (evaluate)`,
    {
      evaluate: `try:
    return self._score(y_true, y_pred)
except InvalidSubmissionError:
    return 0.0`,
    },
    { evaluate: "return self._score(y_true, y_pred)" },
  ),
];
