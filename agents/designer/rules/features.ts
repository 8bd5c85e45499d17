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
  const hidden = reading.view.columns.filter(({ name }) => dropped.some(({ column }) => column === name));
  for (const feature of features) feature.description = explained(feature.description, hidden);
  return { features, dropped };
}

/** "y2 from previous election" → "… (y2: log-odds of …)": what is said by the name of a column that solvers do not get. */
function explained(description: string | null, hidden: readonly ColumnFacts[]): string | null {
  if (description === null) return null;
  const named = hidden.filter(({ name }) => isSymbol(name) && wordsOf(description).includes(name));
  const notes = named.flatMap((column) => {
    const meaning = describe(column);
    return meaning === null ? [] : [`${column.name}: ${meaning}`];
  });
  return notes.length === 0 ? description : `${description} (${clip(notes.join("; "), 200)})`;
}

/** Whether a name can only be a column's: an ordinary word in a sentence is itself. */
const isSymbol = (name: string) => /[\d_.]/.test(name) && /^[A-Za-z]/.test(name);

const wordsOf = (text: string): string[] => text.match(/[\w.]*\w/g) ?? [];

/** The documentation's words for a column, bounded; null when it has none that tell more than the values do. */
export function describe(column: ColumnFacts): string | null {
  const text = meaningFor(column);
  // "gender." of a column `gender` tells nothing.
  if (text === null || tokens(text).join("") === tokens(column.name).join("")) return null;
  return clip(/^[^.]*\.$/.test(text) ? text.slice(0, -1) : text, 400);
}
