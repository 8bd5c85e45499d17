import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";
import { literal, metricKind } from "./programs.ts";
import { truthOf } from "./truth.ts";

export const REFUSED = "every bad submission is refused with a message that says what is wrong";

/** Python that makes a bad submission good before it is looked at. */
export function lenient(
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
export function defaultOf(draft: Draft): string {
  const { kind, columns } = draft.manifest.submission;
  const labels = draft.manifest.target.labels;
  if (kind === "label" || kind === "labels") return literal(labels?.[0] ?? truthOf(draft).texts[0] ?? "0");
  return kind === "probabilities" ? String(1 / Math.max(1, columns.length)) : "0.0";
}

export const isNumbers = (draft: Draft): boolean =>
  ["value", "score", "scores", "probabilities"].includes(draft.manifest.submission.kind);
export const hasNames = (draft: Draft): boolean => {
  const labels = draft.manifest.target.labels ?? [];
  return (
    draft.manifest.submission.kind === "label" &&
    labels.length > 0 &&
    labels.every((label) => Number.isNaN(Number(label)))
  );
};

/** What is done with the error of the check that was there. */
export function caught(id: string, breaks: string, phrase: string, handler: string): MutantKind {
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

export const whole = (rows: string): string =>
  `pd.DataFrame({identifier: ${rows}, **{name: DEFAULT for name in COLUMNS}})`;
