import type { ColumnFacts } from "../../../dataset/survey.ts";
import { tokens } from "../../words/tokens.ts";
import type { Reading } from "./reading.ts";

/**
 * The classes are alternatives that somebody chose among, each with columns of its own (`price.nabisco`, `disp.nabisco`):
 * discrete choice, which is judged by the probability of what was chosen.
 */
export function isChoice(reading: Reading, column: ColumnFacts, labels: readonly string[] | null): boolean {
  if (labels === null || labels.length < 2 || labels.length > 12) return false;
  return labels.every((label) => {
    const words = tokens(label);
    const own = reading.view.columns.filter(
      (other) =>
        other.name !== column.name &&
        tokens(other.name).length > words.length &&
        words.every((word) => tokens(other.name).includes(word)),
    );
    return words.length > 0 && own.length >= 2;
  });
}
