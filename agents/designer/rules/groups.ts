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
    return [{ column: name, reason: `names groups: ${named(meaningOf(facts))}${each}` }];
  });
}

/** What the groups are, without the word for their number: "unique identifier for each interviewer" → interviewer. */
function named(meaning: string): string {
  const plain = meaning
    .replace(
      /^(?:the |an? )?(?:unique |anonymi[sz]ed )?(?:identifiers?|ids?|identification|number|code)(?: number)? (?:for|of) (?:(?:each|every|the|an?) )?(?=\w)/i,
      "",
    )
    .replace(/\s+(?:identifiers?|ids?|identification)(?: (?:number|code)s?)?$/i, "")
    .replace(/^the /, "");
  return plain.length >= 3 ? plain : meaning.replace(/^the /, "");
}
