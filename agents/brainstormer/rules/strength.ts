import type { ColumnFacts } from "../../../dataset/survey.ts";
import { outcomeStrength } from "../../words/outcomes.ts";
import { clauseOf, nounOfName } from "../../words/phrases.ts";
import { singular, tokens } from "../../words/tokens.ts";

/** Quantities that people predict whatever their single words are. */
const PHRASES =
  /\b(body ?(mass|weight)|birth ?weight|life expectancy|body ?fat|sound pressure level|house value|median value|heating load|cooling load|power output|compressive strength|miles per gallon|fuel (economy|consumption))\b/i;

/** Strength of the outcome word that name or description is about; other words of a phrase count less than its noun. */
export function lexicalStrength(
  column: ColumnFacts,
  name: string[],
  head: string[],
): { strength: number; word: string } {
  if (PHRASES.test(`${tokens(column.name).join(" ")}; ${clauseOf(column)}`))
    return { strength: 3, word: column.name };
  const noun = singular(nounOfName(column.name) ?? "");
  const byNoun = outcomeStrength(noun);
  const byOther = Math.max(0, ...name.filter((word) => word !== noun).map(outcomeStrength)) * 0.6;
  const last = head.filter((word) => !/^\d+$/.test(word)).at(-1) ?? "";
  const opening = singular(tokens(clauseOf(column).split(/\b(?:of|for|in|per|at)\b/i)[0] ?? "").at(-1) ?? "");
  const byHead = Math.max(outcomeStrength(last), outcomeStrength(opening)) * 0.9;
  const byWords = Math.max(0, ...head.slice(0, -1).map(outcomeStrength)) * 0.6;
  const described = Math.max(byHead, byWords);
  const named = Math.max(byNoun, byOther);
  // Where a description says what a column is, its name alone counts for less.
  const strength =
    head.length > 0 && described === 0
      ? named * (named >= 3 ? 0.9 : 0.7)
      : Math.max(named, described) + (named > 0 && described > 0 ? 0.25 : 0);
  return { strength, word: named >= described ? column.name : clauseOf(column) };
}
