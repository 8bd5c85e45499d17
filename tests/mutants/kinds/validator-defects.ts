import type { MutantKind } from "./kind.ts";
import { metricKind } from "./programs.ts";
import { caught, REFUSED } from "./refusal-defects-kit.ts";

/** Metrics that take submissions which they must refuse, or refuse them in the wrong way. */
export const mutants: MutantKind[] = [
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
