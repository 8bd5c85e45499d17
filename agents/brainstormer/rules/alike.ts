import type { ColumnFacts } from "../../../dataset/survey.ts";
import { TRANSFORM_PREFIXES, TRANSFORM_SUFFIXES } from "../../words/inputs.ts";
import { outcomeStrength } from "../../words/outcomes.ts";
import { descriptionOf, headOf, nounOfName } from "../../words/phrases.ts";
import { singular, tokens } from "../../words/tokens.ts";

/* What names and descriptions tell of two columns being one quantity: transforms, series, parts of one result. */

/** The stem that two numbered columns share (G of G1 and G3), or null. */
export function numberedSibling(left: string, right: string): string | null {
  const parts = (name: string) => /^([A-Za-z][A-Za-z_. ]*?)[_. ]?\d$/.exec(name)?.[1] ?? null;
  const stem = parts(left);
  return stem !== null && stem === parts(right) ? stem : null;
}

/** `lwage` of wage, `wage_sq`, `logPrice` of Price; short names must match whole. */
export function isTransformName(base: string, other: string): boolean {
  const flat = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const root = flat(base);
  if (root.length < 2 || flat(other) === root) return flat(other) === root && base !== other;
  const lower = flat(other);
  const starts = ["", ...TRANSFORM_PREFIXES].filter((prefix) => lower.startsWith(prefix + root));
  // After a digit another digit makes another number, not a transform: column_1 and column_12.
  const ends = TRANSFORM_SUFFIXES.filter((suffix) => !(/\d$/.test(root) && /^\d/.test(suffix)));
  return starts.some((prefix) =>
    ["", ...ends].some((suffix) => prefix + suffix !== "" && lower === prefix + root + suffix),
  );
}

/** The other column's description names this one as a quantity: "log(wage)", "change in wage", "wage^2", "1 if wage > 10". */
export function mentions(other: ColumnFacts, name: string): boolean {
  if (name.length < 3) return false;
  const text = descriptionOf(other);
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const common = /^[a-z]+$/.test(name);
  if (!new RegExp(`(^|[^\\w.])${escaped}([^\\w.]|\\.\\s|\\.?$)`).test(text)) return false;
  if (!common) return true;
  return new RegExp(
    `(log|ln|sqrt|exp|change in|difference in|growth (in|of)|square of|squared|ratio of)\\s*\\(?\\s*(the )?${escaped}|${escaped}\\s*([\\^*/<>=+]|>=|squared|- ?\\w)|[*/+<>=-]\\s*${escaped}`,
    "i",
  ).test(text);
}

/** Share the head noun and most words of their names or descriptions. */
export function sameQuantity(left: ColumnFacts, right: ColumnFacts): boolean {
  const a = new Set(
    [...tokens(left.name), ...headOf(left)]
      .map(singular)
      .filter((word) => word.length > 2 && !/^\d+$/.test(word)),
  );
  const b = [...tokens(right.name), ...headOf(right)]
    .map(singular)
    .filter((word) => word.length > 2 && !/^\d+$/.test(word));
  return b.some((word) => a.has(word));
}

/** Parts of one result: the same outcome noun in both, as `dem_result` and `rep_result`, `written score` and `total score`. */
export function sameFamily(left: ColumnFacts, right: ColumnFacts): boolean {
  const nouns = (column: ColumnFacts) =>
    [singular(nounOfName(column.name) ?? ""), headOf(column).map(singular).at(-1) ?? ""].filter(
      (word) => outcomeStrength(word) >= 2 && !LOOSE.has(word),
    );
  const a = new Set(nouns(left));
  return nouns(right).some((word) => a.has(word));
}

/** Nouns that many unlike things have. */
const LOOSE = new Set(
  "type kind level rate count class income duration length weight value temperature concentration time status quality grade stage".split(
    " ",
  ),
);
