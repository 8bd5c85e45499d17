import type { ColumnFacts } from "../../../dataset/survey.ts";
import { clauseOf } from "../../words/phrases.ts";
import type { Reading } from "./reading.ts";

/*
 * Amounts of one column are comparable only in one unit: dollars by the hour and by the year, or pounds and dollars, in
 * one column make every metric measure the unit. And a quantity must be what its description says.
 */

const PERIOD = /^(per )?(hour|day|week|fortnight|month|quarter|year|annum)(ly|s)?$|^(annual|daily)(ly)?$/i;
const CURRENCY = /^([A-Z]{3}|[$€£¥]|dollars?|euros?|pounds?|yen)$/;
const MEASURE = /^(kg|g|lbs?|pounds?|oz|km|m|miles?|feet|ft|cm|inch(es)?|celsius|fahrenheit)$/i;
const SAYS_UNIT = /\b(currency|units?|frequency|period|per|basis|salary type|pay type|wage type)\b/i;

/** The column whose levels say in which unit each row's amounts are; null when there is none. */
export function unitColumn(reading: Reading): ColumnFacts | null {
  return (
    reading.view.columns.find((column) => {
      if (column.type !== "category" || column.distinct < 2 || column.distinct > 12) return false;
      const levels = column.top.map(([level]) => level.trim()).filter((level) => level !== "");
      if (levels.length < 2) return false;
      if (levels.every((level) => PERIOD.test(level)) || levels.every((level) => MEASURE.test(level)))
        return true;
      return (
        levels.every((level) => CURRENCY.test(level)) &&
        SAYS_UNIT.test(`${column.name.replace(/[_.]/g, " ")} ${clauseOf(column)}`)
      );
    }) ?? null
  );
}

const AMOUNT = /\b(salar(y|ies)|wages?|pay|price|cost|amount|income|earn(s|ings)|weight|distance|length)\b/i;

const COUNTED = /\b(number|count) of\b/i;

/** Amounts of which more are none mix two questions. */
const MOST_ZEROS = 0.25;

/** Why the values of a column cannot be what they are said to be, or be compared; null when nothing speaks against it. */
export function incomparable(reading: Reading, column: ColumnFacts): string | null {
  const { numeric } = column;
  if (numeric === null || column.distinct <= 10) return null;
  const said = `${column.name.replace(/[_.]/g, " ")} ${clauseOf(column)}`;
  if (numeric.zero > MOST_ZEROS && numeric.max > 100 && AMOUNT.test(said) && !COUNTED.test(said))
    return `${Math.round(100 * numeric.zero)}% of its values are 0: whether there is any is another question than how much`;
  const unit = unitColumn(reading);
  if (unit !== null && AMOUNT.test(said)) return `its values have different units, as ${unit.name} tells`;
  if (
    /\b(share|proportion|fraction|probability)\b/i.test(clauseOf(column)) &&
    !/\b(percent\w*|per cent|log|odds|ratio|change|price|value)\b|%/i.test(said) &&
    numeric.max > 1 &&
    numeric.median < 5
  )
    return "its values are not the share that its description says";
  return null;
}
