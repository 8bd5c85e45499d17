import type { Reading } from "../../brainstormer/rules/reading.ts";
import { meaningOf } from "../../words/phrases.ts";

/**
 * Group columns that only number their groups, each with the reason that the description quotes: numbers of groups that the
 * test does not share tell nothing, and solvers would take them for features.
 */
export function numberedGroups(
  reading: Reading,
  groups: readonly string[],
): { column: string; reason: string }[] {
  return groups.flatMap((name) => {
    const facts = reading.columns.get(name);
    if (facts?.type !== "integer") return [];
    const rows = reading.view.groups.find((group) => group.column === name)?.rows ?? 1;
    const each = rows >= 2 ? `, usually ${Math.round(rows)} rows each` : "";
    return [{ column: name, reason: `names groups: ${meaningOf(facts).replace(/^the /, "")}${each}` }];
  });
}
