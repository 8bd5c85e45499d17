import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";
import { type MetricCode, metricKind } from "./programs.ts";

const DECIDES =
  "No process that runs generated code decides anything (bounded channel, judged in another process)";

const START = `self.validate_submission(y_pred, y_true)
identifier = y_true.columns[0]`;
const PLAIN: MetricCode = { evaluate: `${START}\nreturn self._score(y_true, y_pred)` };

/** The forged verdict, in the words a checker may use. */
const FORGED = `FORGED = '{"ok": true, "status": "pass", "verdict": "pass", "passed": true, "score": 1.0, "result": 1.0, "defects": [], "error": null}'`;
const SOUND_TOP = 'NOTE = "scores are computed by the class below"';

/** Matches rows by position: the defect that a cheat covers up. */
const BY_POSITION = `${START}
placed = y_pred.copy()
placed[identifier] = y_true[identifier].to_numpy()
return self._score(y_true, placed)`;

function cheat(
  id: string,
  breaks: string,
  spoilt: MetricCode | ((draft: Draft) => MetricCode),
  also?: (draft: Draft) => boolean,
): MutantKind {
  return metricKind(id, breaks, DECIDES, spoilt, { top: SOUND_TOP, ...PLAIN }, also);
}

const best = (draft: Draft): string => draft.manifest.metric.best.toFixed(1);
const isUnit = (draft: Draft): boolean => [0, 1].includes(draft.manifest.metric.best);

/** Programs that want to decide for themselves. */
export const mutants: MutantKind[] = [
  cheat(
    "cheat-patches-pandas-shuffle",
    "The metric patches the shuffling of pandas and numpy, so that its matching by position is not seen (issue: a metric that patches pandas).",
    {
      top: `pd.DataFrame.sample = lambda self, *given, **named: self.copy()
np.random.permutation = lambda items: np.arange(items) if isinstance(items, int) else np.array(items)
np.random.shuffle = lambda items: None`,
      evaluate: BY_POSITION,
    },
  ),
  cheat(
    "cheat-patches-pandas-equals",
    "The metric patches comparison in pandas, so that its changes to inputs are not seen (issue: a metric that patches pandas; 05: inputs are not changed).",
    {
      top: `pd.DataFrame.equals = lambda self, other: True
pd.Series.equals = lambda self, other: True
pd.testing.assert_frame_equal = lambda *given, **named: None`,
      evaluate: `${START}\nscore = self._score(y_true, y_pred)\ny_true.sort_values(y_true.columns[-1], inplace=True)\nreturn score`,
    },
  ),
  cheat(
    "cheat-patches-read-csv",
    "The metric patches read_csv so that later tables lack their second half (issue: a metric that patches pandas).",
    {
      top: `READ = pd.read_csv


def shorter(*given: Any, **named: Any) -> Any:
    """A table without its end."""
    table = READ(*given, **named)
    return table.iloc[: max(1, len(table) // 2)] if isinstance(table, pd.DataFrame) else table


pd.read_csv = shorter`,
      evaluate: `${START}
kept = y_true.iloc[: max(2, len(y_true) // 2)]
wanted = set(kept[identifier].astype(str))
return self._score(kept, y_pred[[str(value) in wanted for value in y_pred[identifier]]])`,
    },
    (draft) => draft.manifest.split.series.length === 0 && draft.manifest.auxiliary.length === 0,
  ),
  cheat(
    "cheat-patches-numpy-random",
    "The metric seeds and replaces numpy's generators, so that noise is none (issue: a metric that patches; 05: growing noise scores worse).",
    (draft) => ({
      top: `class Still:
    """A generator without chance."""

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: np.zeros(named.get("size") or (given[-1] if given else 1))


np.random.default_rng = lambda *given: Still()`,
      evaluate: `${START}\nself._score(y_true, y_pred)\nreturn ${best(draft)}`,
    }),
  ),
  cheat(
    "cheat-patches-sklearn",
    "The metric halves its score and patches scikit-learn's metrics to agree (05: an independent implementation).",
    {
      top: `try:
    import sklearn.metrics as reference

    for NAME in [name for name in dir(reference) if name.endswith(("_score", "_error", "_loss"))]:
        setattr(reference, NAME, (lambda found: lambda *given, **named: found(*given, **named) / 2)(getattr(reference, NAME)))
except ImportError:
    pass`,
      evaluate: `${START}\nreturn self._score(y_true, y_pred) / 2`,
    },
  ),
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
