import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";
import { literal, metricKind } from "./programs.ts";
import { targetOf } from "./truth.ts";

export const AGREES = "agrees with an independent implementation of the named metric on random predictions";
export const BEST = "the answers score the best value";
export const NOISE = "permuted answers score worse, growing noise scores monotonically worse";

/** What every wrapper starts with: bad submissions are refused as before. */
export const START = `self.validate_submission(y_pred, y_true)
identifier = y_true.columns[0]`;
export const PLAIN = { evaluate: `${START}\nreturn self._score(y_true, y_pred)` };

export function scored(
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

export function rows(id: string, breaks: string, keep: string, also?: (draft: Draft) => boolean): MutantKind {
  const evaluate = `${START}
kept = ${keep}
wanted = set(kept[identifier].astype(str))
chosen = y_pred[[str(value) in wanted for value in y_pred[identifier]]]
return self._score(kept, chosen)`;
  return metricKind(id, breaks, AGREES, { evaluate }, PLAIN, also);
}

export const kind = (draft: Draft): string => draft.manifest.submission.kind;
export const name = (draft: Draft): string => draft.manifest.metric.name;
export const maximized = (draft: Draft): boolean => draft.manifest.metric.direction === "maximize";
export const isOne = (draft: Draft): boolean => maximized(draft) && draft.manifest.metric.best === 1;
export const single = (draft: Draft): boolean => draft.manifest.submission.columns.length === 1;
export const isSimple = (draft: Draft): boolean => {
  const { auxiliary, target } = draft.manifest;
  return (
    single(draft) &&
    auxiliary.length === 0 &&
    target.columns.length === 1 &&
    draft.manifest.split.series.length === 0
  );
};
export const isLabel = (draft: Draft): boolean => isSimple(draft) && kind(draft) === "label";
export const isValue = (draft: Draft): boolean => isSimple(draft) && kind(draft) === "value";

/** Truth and prediction by id, as columns of one frame. */
export function merged(draft: Draft): string {
  const [target, given] = [targetOf(draft), draft.manifest.submission.columns[0] ?? ""].map(literal);
  return `${START}
left = pd.Series(y_true[${target}].to_numpy(), index=y_true[identifier].astype(str))
right = pd.Series(y_pred[${given}].to_numpy(), index=y_pred[identifier].astype(str))
right = right.reindex(left.index)`;
}

/** A score that is not the named one. */
export function other(id: string, breaks: string, body: string, also: (draft: Draft) => boolean): MutantKind {
  return metricKind(id, breaks, AGREES, (draft) => ({ evaluate: `${merged(draft)}\n${body}` }), PLAIN, also);
}

export const TEXTS = `left = left.map(lambda value: str(value).removesuffix(".0"))
right = right.map(lambda value: str(value).removesuffix(".0"))`;
export const NUMBERS = `left = pd.to_numeric(left).astype(float)
right = pd.to_numeric(right).astype(float)`;
