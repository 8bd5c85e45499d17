import type { ColumnFacts } from "../../../dataset/survey.ts";
import { EARLIER } from "../../words/inputs.ts";
import { TARGET_NAMES } from "../../words/outcomes.ts";
import { descriptionOf, headOf, nounOfName } from "../../words/phrases.ts";
import { kebab, singular, tokens } from "../../words/tokens.ts";
import { isTransformName } from "./alike.ts";
import { namesClasses } from "./objective.ts";
import type { Reading } from "./reading.ts";
import { lexicalStrength } from "./strength.ts";

/*
 * Tables made for machine learning follow conventions that stand in for documentation: the target is called target,
 * label, class or y, and it stands last, or first. Where documentation describes columns, it is believed instead.
 */

/** What convention says for a column, as points of evidence. */
export interface Sign {
  points: number;
  sign: string;
}

/** Least probe gain for a convention to count: the target of a table made for learning can be learned. */
const LEARNABLE = 0.1;

/** How many of the columns documentation says nothing of: nearly all. */
export function isBare(reading: Reading): boolean {
  if (reading.formulas.length > 0 || reading.declared.size > 0) return false;
  const columns = reading.view.columns;
  return columns.filter((column) => descriptionOf(column) !== "").length <= 0.1 * columns.length;
}

/**
 * The column is called what tables for learning call their target, and stands where it stands there. `y` beside `x`
 * (and no numbered x) is a coordinate.
 */
export function isNamedTarget(reading: Reading, column: ColumnFacts): boolean {
  const name = column.name.trim().toLowerCase();
  const { columns } = reading.view;
  const plain = columns.map((other) => other.name.trim().toLowerCase());
  if (!atEnd(reading, column) && !/^(target|label)$/.test(name))
    return /^y_?1$/.test(name) && numberedX(plain) >= 3;
  const numbered = new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[._ ]?\\d+$`);
  if (plain.some((other) => numbered.test(other))) return false;
  if (name === "y" && isExport(reading) && isBare(reading) && column.distinct > 10) return false;
  if (name === "y") return !plain.includes("x") || columns.length <= 2;
  if (/^y_?\d$/.test(name)) return numberedX(plain) >= 3;
  return (
    TARGET_NAMES.has(name) ||
    /^(target|label|class|outcome)[ _.](variable|value|class|name|column)$/.test(name)
  );
}

function numberedX(names: readonly string[]): number {
  return names.filter((name) => /^(x|v|f|feature|feat|attr|var)[._ ]?\d+$/.test(name)).length;
}

/** Signs for the column; none where it is described or the table is not one of cases. */
export function conventional(reading: Reading, column: ColumnFacts): Sign[] {
  const signs: Sign[] = [];
  const later = /^(y|target|output|label)[._ ]?([2-9])$/i.exec(column.name);
  if (
    later &&
    reading.view.columns.some(
      (other) =>
        other !== column &&
        other.name.replace(/1$/, "") === column.name.replace(/[2-9]$/, "") &&
        other.name.endsWith("1"),
    )
  )
    return [];
  const gain = reading.probes.get(column.name)?.gain ?? 0.5;
  const bare = isBare(reading);
  if (isNamedTarget(reading, column)) {
    const y =
      /^y/i.test(column.name) &&
      numberedX(reading.view.columns.map((other) => other.name.toLowerCase())) >= 3;
    if (y) signs.push({ points: 3.25, sign: "the other columns are named x" });
    else if (bare)
      signs.push({
        points: /^(result|output|response)$/i.test(column.name) ? 1.5 : 2.5,
        sign: "tables for learning call their target so",
      });
  }
  if (gain >= LEARNABLE && isClass(column) && isLast(reading, column) && aloneInProse(reading, column))
    signs.push({ points: 3.25, sign: "it stands last, and the documentation names this column alone" });
  if (!bare || gain < LEARNABLE || descriptionOf(column) !== "") return signs;
  const phrase = tokens(column.name).join(" ");
  if (column.distinct <= 10 && ENDS.test(phrase))
    signs.push({ points: 1.5, sign: "its name says how a case ended" });
  if (column.distinct === 2 && /^(is|has|did|was|will) ?\w/.test(phrase) && isLast(reading, column))
    signs.push({ points: 1, sign: "its name is a yes or no" });
  if (namesDataset(reading, column))
    signs.push({ points: gain >= 0.3 ? 3 : 1.5, sign: "the dataset is named for its classes" });
  if (isLastOfNumbered(reading, column))
    signs.push({ points: 3.5, sign: "it is the last of a numbered series, and stands last" });
  else if (isLast(reading, column)) signs.push(...lastColumn(reading, column, gain));
  return signs;
}

/** How loans, orders, accounts … end. */
const ENDS =
  /\b(loan|customer|account|payment|employment|application|claim|order|booking|reservation|enrol+ment|deal|ticket|shipment|delivery|subscription|contract|case|trial) (status|result|outcome)\b|\bstatus (loan|group)\b/;

/** The table's last column, when it is a class or a number of many values that the other columns predict. */
function lastColumn(reading: Reading, column: ColumnFacts, gain: number): Sign[] {
  if (EARLIER.test(tokens(column.name).join(" "))) return [];
  const copies = reading.probes.get(column.name)?.copies ?? [];
  if (
    copies.length > 0 ||
    reading.view.columns.some((other) => other !== column && isTransformName(other.name, column.name))
  )
    return [];
  const classes = isClass(column);
  const many = (column.type === "number" || column.type === "integer") && column.distinct > 10;
  if (!classes && !many) return [];
  const signs: Sign[] = [
    { points: 1.5, sign: "it stands last, where tables for learning have their target" },
  ];
  const others = cases(reading).filter((other) => other !== column);
  if (isExport(reading) || others.length < 5 || gain < (classes ? 0.25 : 0.4)) return signs;
  const rival = others.some((other) => strengthOf(other) >= 2 || isNamedTarget(reading, other));
  const measured = others.filter((other) => other.numeric !== null && other.type !== "datetime");
  if (!rival && (classes || measured.length >= 0.6 * others.length))
    signs.push({ points: 1.5, sign: "no other column claims to be the target" });
  return signs;
}

function isClass(column: ColumnFacts): boolean {
  return (
    column.distinct >= 2 &&
    column.distinct <= 30 &&
    (column.type === "category" || column.type === "boolean" || column.distinct === 2)
  );
}

/** The columns that describe a case: no counters, constants, dates. */
function cases(reading: Reading): ColumnFacts[] {
  const part = reading.view.published?.column;
  return reading.view.columns.filter(
    (column) =>
      column.name !== part &&
      column.type !== "constant" &&
      column.type !== "empty" &&
      !column.flags.includes("row_number") &&
      !(column.flags.includes("identifier") && column.type !== "number"),
  );
}

function isLast(reading: Reading, column: ColumnFacts): boolean {
  return cases(reading).at(-1) === column;
}

function atEnd(reading: Reading, column: ColumnFacts): boolean {
  return isLast(reading, column) || cases(reading)[0] === column;
}

/** Data frames written out with their row names were not made with a target in mind. */
function isExport(reading: Reading): boolean {
  return /^(rownames|row\.names)$/i.test(reading.view.columns[0]?.name ?? "");
}

/** Prose names this column, as it is written in the header, and hardly another: the table was made around it. */
function aloneInProse(reading: Reading, column: ColumnFacts): boolean {
  const words = new Set(reading.documentation.raw.split(/[^\w.]+/));
  const coded = (name: string) => /[a-z]_[a-z]|[a-z][A-Z]/.test(name) && words.has(name);
  return coded(column.name) && reading.view.columns.filter((other) => coded(other.name)).length <= 2;
}

/** G1, G2, G3: the last one of two to four, when it is the table's last column as well. */
function isLastOfNumbered(reading: Reading, column: ColumnFacts): boolean {
  const own = /^([A-Za-z][A-Za-z_. ]*?)[_. ]?(\d)$/.exec(column.name);
  if (own === null || !isLast(reading, column) || column.distinct < 5) return false;
  const numbers = reading.view.columns
    .map((other) => /^([A-Za-z][A-Za-z_. ]*?)[_. ]?(\d)$/.exec(other.name))
    .filter((found) => found?.[1] === own[1])
    .map((found) => Number(found?.[2]));
  return numbers.length >= 2 && numbers.length <= 4 && Math.max(...numbers) === Number(own[2]);
}

/** `wine.csv` with a first or last column Wine of few classes. */
export function namesDataset(reading: Reading, column: ColumnFacts): boolean {
  if (!isClass(column) && !(column.type === "integer" && column.distinct <= 10)) return false;
  if (!atEnd(reading, column)) return false;
  const name = singular(kebab(column.name));
  const files = reading.view.view.recipes[reading.view.view.base]?.paths ?? [];
  const titles = [
    reading.survey.dataset.name,
    ...files.slice(0, 1).map((path) => path.replace(/^.*\/|\.\w+$/g, "")),
  ];
  return name.length > 3 && titles.some((title) => singular(kebab(title)) === name);
}

/** Strength of a column's own word, as an outcome. */
export function strengthOf(column: ColumnFacts): number {
  const name = tokens(column.name).map(singular);
  const strength = lexicalStrength(column, name, headOf(column).map(singular)).strength;
  return strength > 0 ? strength : TARGET_NAMES.has(singular(nounOfName(column.name) ?? "")) ? 2 : 0;
}

/** Whole numbers that are names of classes: by the column's name, or because dataset and column have one name. */
export function codesClasses(reading: Reading, column: ColumnFacts): boolean {
  return namesClasses(column) || (column.distinct <= 10 && isBare(reading) && namesDataset(reading, column));
}
