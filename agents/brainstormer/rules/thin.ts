import type { ColumnFacts } from "../../../dataset/survey.ts";
import { descriptionOf } from "../../words/phrases.ts";
import type { Reading } from "./reading.ts";

/*
 * A competition needs something to work with: few columns of few values are a table of means, which every solver finds.
 */

/** Columns below which only numbers of many values are enough, and below which nothing is. */
const FEW_COLUMNS = 5;
const FEWEST_COLUMNS = 4;

/** Bits that the columns of a table could tell of a row at most, with 32 values a column. */
const FEWEST_BITS = 10;
const BITS_OF_FEW_COLUMNS = 16;
const MOST_VALUES = 32;

/** Kinds of data whose rows have nothing but their columns. */
const WITHOUT_CONTENT = new Set(["tabular", "time_series", "relational", "survival"]);

/** Why what is left to predict from is too little for solvers to differ, or null. `groups` name the units of a grouped split. */
export function tooThin(
  reading: Reading,
  left: readonly ColumnFacts[],
  groups: readonly string[],
): string | null {
  if (
    left.some((column) => column.type === "text" || column.type === "list" || column.type === "path") ||
    !WITHOUT_CONTENT.has(reading.view.modality)
  )
    return null;
  const real = left.filter((column) => !groups.includes(column.name) && !namesUnit(reading, column, groups));
  const bits = real.reduce(
    (sum, column) => sum + Math.log2(Math.max(1, Math.min(column.distinct, MOST_VALUES))),
    0,
  );
  const many = real.length >= FEW_COLUMNS || (real.length >= FEWEST_COLUMNS && bits >= BITS_OF_FEW_COLUMNS);
  if (many && bits >= FEWEST_BITS) return null;
  return `only ${real.length} other columns tell of a row (${real.map((column) => column.name).join(", ")}): a table of means would say as much as any model`;
}

/** Another name of the unit: about as many texts as there are units (`iso2c` beside `country`, where "NA" was read as a gap). */
function namesUnit(reading: Reading, column: ColumnFacts, groups: readonly string[]): boolean {
  if (column.type !== "string" && column.type !== "category") return false;
  return groups.some((name) => {
    const unit = reading.columns.get(name);
    return (
      unit !== undefined &&
      unit.distinct >= 12 &&
      Math.abs(unit.distinct - column.distinct) <= 0.05 * unit.distinct
    );
  });
}

/** A wide table with this many columns of codes that nothing explains is a riddle; the share of explained columns that redeems it. */
const WIDE = 40;
const MOST_RIDDLES = 8;
const SHARE_EXPLAINED = 0.2;

/** Why the columns cannot be understood: many hold codes (marital 2 to 8) of which nothing says what they mean; or null. */
export function unexplained(reading: Reading, left: readonly ColumnFacts[]): string | null {
  if (reading.documentation.raw.trim() === "" || left.length < WIDE) return null;
  const alike = new Map<string, number>();
  const stem = (column: ColumnFacts) => column.name.replace(/\d+/g, "#");
  for (const column of left) alike.set(stem(column), (alike.get(stem(column)) ?? 0) + 1);
  const explained = left.filter((column) => descriptionOf(column) !== "" || column.labels !== undefined);
  const riddles = left.filter(
    (column) =>
      column.type === "integer" &&
      column.distinct >= 3 &&
      column.distinct <= 10 &&
      // Numbered columns are measurements of one kind, not answers of a form.
      (alike.get(stem(column)) ?? 0) < MOST_RIDDLES &&
      !explained.includes(column),
  );
  if (riddles.length < MOST_RIDDLES || explained.length >= SHARE_EXPLAINED * left.length) return null;
  return `nothing says what the codes of ${riddles.length} other columns mean (${riddles
    .slice(0, 3)
    .map((column) => column.name)
    .join(", ")} …)`;
}
