import { BY_POSITION, best, cheat, START } from "./cheating-programs-kit.ts";
import type { MutantKind } from "./kind.ts";

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
];
