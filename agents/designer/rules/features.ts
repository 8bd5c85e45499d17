import type { ColumnFacts } from "../../../dataset/survey.ts";
import type { Evidence } from "../../brainstormer/rules/evidence.ts";
import type { Reading } from "../../brainstormer/rules/reading.ts";
import { type Withheld, withheldFor } from "../../brainstormer/rules/relatives.ts";
import { meaningFor } from "../../words/meanings.ts";
import { clip, tokens } from "../../words/tokens.ts";

export interface FeaturePlan {
  features: { column: string; description: string | null }[];
  dropped: { column: string; reason: string }[];
}

/** The columns solvers get, in the table's order, and those withheld with the reason; `extra` are drops that repairs ask for. */
export function planFeatures(
  reading: Reading,
  targets: readonly string[],
  evidence: Evidence[],
  keep: ReadonlySet<string>,
  extra: Withheld[],
): FeaturePlan {
  const reasons = new Map<string, string>();
  for (const target of targets)
    for (const held of withheldFor(reading, target, evidence))
      if (!keep.has(held.column)) reasons.set(held.column, reasons.get(held.column) ?? held.reason);
  for (const held of extra) reasons.set(held.column, held.reason);
  const features: FeaturePlan["features"] = [];
  const dropped: FeaturePlan["dropped"] = [];
  for (const column of reading.view.columns) {
    if (targets.includes(column.name)) continue;
    const reason = reasons.get(column.name);
    if (reason !== undefined) dropped.push({ column: column.name, reason });
    else features.push({ column: column.name, description: describe(column) });
  }
  return { features, dropped };
}

/** The documentation's words for a column, bounded; null when it has none that tell more than the values do. */
export function describe(column: ColumnFacts): string | null {
  const text = meaningFor(column);
  // "gender." of a column `gender` tells nothing.
  if (text === null || tokens(text).join("") === tokens(column.name).join("")) return null;
  return clip(/^[^.]*\.$/.test(text) ? text.slice(0, -1) : text, 400);
}
