import type { MutantKind } from "./kind.ts";
import { literal } from "./programs.ts";
import { hasNames, isNumbers, lenient, whole } from "./refusal-defects-kit.ts";

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
];
