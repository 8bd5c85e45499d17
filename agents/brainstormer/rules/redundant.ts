import type { ColumnFacts } from "../../../dataset/survey.ts";
import { clauseOf, descriptionOf } from "../../words/phrases.ts";
import { tokens } from "../../words/tokens.ts";
import { isTransformName } from "./alike.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";

/** Features that say nothing another feature does not: transforms, a code beside its name, dummies of a column that is there. */
export function redundantFeatures(
  reading: Reading,
  target: string,
  withheld: readonly Withheld[],
): Withheld[] {
  const gone = new Set([target, ...withheld.map((held) => held.column)]);
  const columns = reading.view.columns.filter((column) => !gone.has(column.name));
  if (columns.length < 4 || columns.length > 400) return [];
  const found = new Map<string, string>();
  for (const column of columns) {
    const dummy = dummyOf(reading, column, columns);
    if (dummy !== null) found.set(column.name, `is made from ${dummy}, which is there`);
  }
  for (const base of columns) {
    if (found.has(base.name)) continue;
    for (const other of columns) {
      if (other === base || found.has(other.name)) continue;
      if (isDerived(reading, base, other))
        found.set(other.name, `is ${base.name} in another form, which is there`);
      else if (sameNaming(base, other)) {
        const drop = isCodeName(other) || !isCodeName(base) ? other : base;
        found.set(drop.name, `names the same as ${drop === other ? base.name : other.name}, which is there`);
        if (drop === base) break;
      }
    }
  }
  return columns
    .filter((column) => found.has(column.name))
    .map((column) => ({ column: column.name, reason: found.get(column.name) ?? "" }));
}

/** `lnox` of nox, `expersq` of exper: by name and by what description or measurement says. */
function isDerived(reading: Reading, base: ColumnFacts, other: ColumnFacts): boolean {
  if (base.numeric === null || other.numeric === null || other.distinct <= 2) return false;
  if (base.name.length < 3 || !isTransformName(base.name, other.name)) return false;
  if (/(_1|_2|lag\d?)$/i.test(other.name) || /\b(lag|previous|last year)/i.test(descriptionOf(other)))
    return false;
  const copies = reading.probes.get(base.name)?.copies ?? [];
  const back = reading.probes.get(other.name)?.copies ?? [];
  const computed = reading.probes.get(other.name)?.determinedBy ?? [];
  return (
    copies.includes(other.name) ||
    back.includes(base.name) ||
    computed.some((names) => names.length === 1 && names[0] === base.name) ||
    /^\s*(the )?(natural )?(log|ln|square|squared|sqrt)\b|\^2|\bsquared\b/i.test(
      clauseOf(other) || descriptionOf(other),
    ) ||
    /^(ln|log|l)/i.test(other.name) ||
    /(sq|squared|2)$/i.test(other.name)
  );
}

const isText = (column: ColumnFacts) => column.type === "category" || column.type === "string";

function isCodeName(column: ColumnFacts): boolean {
  return (
    /(code|abbr\w*|iso\d?\w?|fips|id|no|nr|num|number)$/i.test(column.name) || /^iso\d/i.test(column.name)
  );
}

/** Two columns with one set of groups under related names: `state` and `statecode`, `county` and `county.name`. */
function sameNaming(left: ColumnFacts, right: ColumnFacts): boolean {
  if (left.distinct < 5 || Math.abs(left.distinct - right.distinct) > (left.distinct >= 50 ? 2 : 0))
    return false;
  if (!(isText(left) || isText(right)) || left.type === "number" || right.type === "number") return false;
  const counts = (column: ColumnFacts) =>
    column.top
      .map(([, count]) => count)
      .slice(0, 20)
      .join();
  if (counts(left) !== counts(right)) return false;
  const a = left.name.toLowerCase();
  const b = right.name.toLowerCase();
  const related = a.startsWith(b) || b.startsWith(a) || isCodeName(left) || isCodeName(right);
  const varied = new Set(left.top.map(([, count]) => count)).size >= 4;
  return related || varied;
}

/** A 0/1 column that a column of few values decides: `d81` beside year, `c1` … `c22` beside city. */
function dummyOf(reading: Reading, column: ColumnFacts, columns: readonly ColumnFacts[]): string | null {
  if (column.distinct !== 2 || !/^(0|1)(\.0)?$/.test(column.top[0]?.[0] ?? "")) return null;
  const source = (name: string) => {
    const facts = columns.find((other) => other.name === name);
    return facts !== undefined &&
      facts !== column &&
      facts.distinct > 2 &&
      facts.distinct <= 60 &&
      (facts.type === "category" ||
        facts.type === "string" ||
        facts.flags.includes("time_like") ||
        facts.type === "integer")
      ? facts
      : undefined;
  };
  for (const names of reading.probes.get(column.name)?.determinedBy ?? [])
    if (names.length === 1 && names[0] !== undefined) {
      const facts = source(names[0]);
      if (facts !== undefined && (facts.type !== "integer" || facts.flags.includes("time_like")))
        return facts.name;
    }
  const year = /^(?:d|y|yr|year|dy|t)_?((?:19|20)?\d\d)$/i.exec(column.name)?.[1];
  const axis = columns.find((other) => tokens(other.name).includes("year") && other.distinct > 2);
  if (year !== undefined && axis?.numeric != null) {
    const values = axis.top.map(([value]) => value.replace(/\.0$/, "").slice(-year.length));
    if (values.includes(year) || axis.numeric.max >= 1_900) return axis.name;
  }
  const stem = /^([A-Za-z]+)_?(\d+)$/.exec(column.name)?.[1];
  if (stem !== undefined) {
    const set = columns.filter(
      (other) => other.distinct === 2 && /^([A-Za-z]+)_?(\d+)$/.exec(other.name)?.[1] === stem,
    );
    const whole = columns.find(
      (other) =>
        set.length >= 4 &&
        (other.distinct === set.length || other.distinct === set.length + 1) &&
        other.distinct <= 60 &&
        other.name.toLowerCase().startsWith(stem.toLowerCase()) &&
        !set.includes(other),
    );
    if (whole !== undefined) return whole.name;
  }
  return null;
}
