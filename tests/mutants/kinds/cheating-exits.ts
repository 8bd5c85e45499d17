import { best, cheat, FORGED, isUnit, START } from "./cheating-programs-kit.ts";
import type { MutantKind } from "./kind.ts";

/** Programs that want to decide for themselves. */
export const mutants: MutantKind[] = [
  cheat(
    "cheat-prints-forged-pass",
    "On import the metric prints a forged pass and ends the process (issue: one that prints a forged pass).",
    {
      top: `import os
import sys

${FORGED}
sys.stdout.write(FORGED + "\\n")
sys.stdout.flush()
os._exit(0)`,
    },
  ),
  cheat(
    "cheat-prints-then-wrong",
    "evaluate prints a forged pass for every call and returns half of the score (issue: one that prints a forged pass).",
    {
      top: FORGED,
      evaluate: `${START}\nprint(FORGED, flush=True)\nreturn self._score(y_true, y_pred) / 2 + 0.1`,
    },
  ),
  cheat(
    "cheat-writes-all-channels",
    "The metric writes a forged pass to every open file descriptor and ends the process (05: data over a bounded channel).",
    {
      top: `import os

${FORGED}`,
      evaluate: `for channel in range(1, 64):
    try:
        os.write(channel, (FORGED + "\\n").encode())
    except OSError:
        pass
os._exit(0)`,
    },
  ),
  cheat("cheat-exits-zero", "evaluate ends the process with success (issue: one that exits 0 early).", {
    top: "import os",
    evaluate: "os._exit(0)",
  }),
  cheat(
    "cheat-exits-zero-on-import",
    "The metric ends the process with success when it is imported (issue: one that exits 0 early).",
    {
      top: "import sys\n\nsys.exit(0)",
    },
  ),
  cheat(
    "cheat-exits-zero-when-refusing",
    "The validator ends the process with success where it should raise (issue: exits 0 early; 05: every bad submission is refused).",
    {
      top: "import os",
      validate: `try:
    return self._check(submission, ground_truth)
except InvalidSubmissionError:
    os._exit(0)`,
    },
  ),
  cheat(
    "cheat-at-exit",
    "At the end of the process the metric prints a forged pass, after scores that are wrong (issue: prints a forged pass).",
    {
      top: `import atexit
import os

${FORGED}


def leave() -> None:
    """The last word."""
    os.write(1, (FORGED + "\\n").encode())
    os._exit(0)


atexit.register(leave)`,
      evaluate: `${START}\nreturn self._score(y_true, y_pred) / 3 + 0.2`,
    },
  ),
  cheat(
    "cheat-patches-json",
    "The metric patches json so that every number it writes is the best value (05: trusted code in another process judges).",
    (draft) => ({
      top: `import json

DUMPS = json.dumps


def rosy(value: Any, *given: Any, **named: Any) -> str:
    """JSON with good numbers."""

    def better(item: Any) -> Any:
        if isinstance(item, float):
            return ${best(draft)}
        if isinstance(item, dict):
            return {key: better(part) for key, part in item.items()}
        return [better(part) for part in item] if isinstance(item, (list, tuple)) else item

    return DUMPS(better(value), *given, **named)


json.dumps = rosy`,
      evaluate: `${START}\nreturn self._score(y_true, y_pred) / 2 + 0.3`,
    }),
  ),
  cheat(
    "cheat-sly-number",
    "The score is a subclass of float that compares as one likes, over a wrong value (05: it returns data; trusted code judges).",
    (draft) => ({
      top: `class Sly(float):
    """A number that wins every comparison."""

    def __eq__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return True

    def __gt__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__

    def __repr__(self) -> str:
        return "${best(draft)}"`,
      evaluate: `${START}\nreturn Sly(self._score(y_true, y_pred) * 0.9 + 0.03)`,
    }),
  ),
  cheat(
    "cheat-watches-caller",
    "The metric looks up the stack and scores best whatever is called a shuffle or noise there (05: permuted answers score worse).",
    (draft) => ({
      top: "import sys",
      evaluate: `${START}
frame = sys._getframe(1)
while frame is not None:
    words = " ".join([frame.f_code.co_name, *frame.f_locals]).lower()
    if any(word in words for word in ("constant", "perfect", "answers")):
        return ${best(draft)}
    frame = frame.f_back
return self._score(y_true, y_pred) * 0.95 + 0.01`,
    }),
    isUnit,
  ),
  cheat(
    "cheat-takes-truth-from-caller",
    "A submission is scored best when any frame up the stack holds the truth: it compares truth with truth (05: permuted answers score worse).",
    {
      evaluate: `${START}
return self._score(y_true, y_true[[name for name in y_true.columns if name in y_pred.columns]])`,
    },
    (draft) =>
      draft.manifest.submission.columns.every((name) => draft.manifest.target.columns.includes(name)),
  ),
  cheat(
    "cheat-replaces-error-class",
    "The metric replaces the error class in the shared module by one that nobody catches, and raises nothing (05: every bad submission is refused).",
    {
      top: `import mledojo.metrics.base as base


class Quiet(Exception):
    """An error that is none."""


base.InvalidSubmissionError = Quiet`,
      validate: `try:
    return self._check(submission, ground_truth)
except Exception:
    return "Submission is valid."`,
    },
  ),
  cheat(
    "cheat-hangs",
    "evaluate never returns unless the prediction is perfect (05: everything stays inside the compute budget).",
    (draft) => ({
      evaluate: `${START}
score = self._score(y_true, y_pred)
while score != ${best(draft)}:
    pass
return score`,
    }),
  ),
  cheat(
    "cheat-sleeps",
    "evaluate sleeps for a quarter of an hour (05: everything stays inside the compute budget).",
    {
      top: "import time",
      evaluate: `${START}\ntime.sleep(900)\nreturn self._score(y_true, y_pred)`,
    },
  ),
  cheat(
    "cheat-eats-memory",
    "evaluate takes more memory than there is (05: everything stays inside the compute budget).",
    {
      evaluate: `${START}\nhoard = [np.ones(2**27) for _ in range(16)]\nreturn self._score(y_true, y_pred) + 0 * len(hoard)`,
    },
  ),
  cheat(
    "cheat-network",
    "evaluate asks a server by a module whose name is put together, and ignores failure (05: no network).",
    {
      evaluate: `${START}
try:
    __import__("soc" + "ket").create_connection(("192.0.2.1", 80), timeout=1).close()
except OSError:
    pass
return self._score(y_true, y_pred)`,
    },
  ),
];
