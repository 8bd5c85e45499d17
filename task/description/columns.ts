import type { PreparedColumn } from "../prepared-report.ts";
import { code, count, escaped, figure, percent, table } from "./markdown.ts";

/** Above this, columns of one pattern are described together. */
const MOST_ROWS = 60;

/** What a column is called, said of, and measured to be. */
export interface DescribedColumn {
  facts: PreparedColumn;
  description: string | null;
}

/** The table of columns; wide tables are grouped by name and type, so that it stays readable. */
export function columnTable(columns: readonly DescribedColumn[]): string {
  const rows = columns.length <= MOST_ROWS ? columns.map(singleRow) : groupedRows(columns);
  const described = columns.some(({ description }) => description !== null);
  return described
    ? table(["column", "type", "meaning", "values", "missing"], rows)
    : table(
        ["column", "type", "values", "missing"],
        rows.map(([name = "", type = "", , values = "", missing = ""]) => [name, type, values, missing]),
      );
}

function singleRow({ facts, description }: DescribedColumn): string[] {
  return [
    code(facts.name),
    typeWord(facts),
    description === null ? "" : escaped(description, 300),
    valuesOf(facts),
    percent(facts.missing),
  ];
}

const typeWord = (facts: PreparedColumn) => (facts.type === "datetime" ? "date or time" : facts.type);

/** A value of the data; one that looks like a file's name is no code span, as those name files of the competition. */
function shown(value: string, length: number): string {
  return /\.[A-Za-z]\w{1,5}$/.test(value) ? `“${escaped(value, length)}”` : code(value, length);
}

/** What the values are, as measured. */
export function valuesOf(facts: PreparedColumn): string {
  switch (facts.type) {
    case "empty":
      return "no values";
    case "integer":
    case "number": {
      if (facts.min === null || facts.max === null) return `${count(facts.distinct)} distinct values`;
      if (facts.distinct === 1) return `always ${figure(facts.min)}`;
      if (facts.distinct === 2 && facts.values.length === 2)
        return `${figure(facts.min)} or ${figure(facts.max)}`;
      // A few whole numbers are codes as often as amounts: each is shown.
      if (facts.type === "integer" && facts.distinct <= 6 && facts.values.length === facts.distinct)
        return [...facts.values]
          .map(([value]) => Number(value))
          .sort((a, b) => a - b)
          .map((value) => figure(value))
          .join(", ");
      const median = facts.median === null ? "" : `, median ${figure(facts.median)}`;
      return `${figure(facts.min)} to ${figure(facts.max)}${median}`;
    }
    case "datetime":
      return facts.examples.map((example) => code(example)).join(" to ");
    case "text":
      return `about ${Math.max(1, Math.round(facts.words ?? 1))} words each, e.g. ${shown(facts.examples[0] ?? "", 60)}`;
    case "string":
      return `${count(facts.distinct)} distinct, e.g. ${facts.examples
        .slice(0, 2)
        .map((value) => shown(value, 40))
        .join(", ")}`;
    case "boolean":
    case "category": {
      const first = facts.values.slice(0, 6).map(([value]) => shown(value, 40));
      const more = facts.distinct - first.length;
      return more > 0 ? `${first.join(", ")} and ${count(more)} more` : first.join(", ");
    }
  }
}

/** Columns whose names differ in their numbers alone share a row; of the others, the first are listed. */
function groupedRows(columns: readonly DescribedColumn[]): string[][] {
  const groups = new Map<string, DescribedColumn[]>();
  for (const column of columns) {
    const key = `${column.facts.type} ${column.facts.name.replace(/\d+/g, "#")}`;
    groups.set(key, [...(groups.get(key) ?? []), column]);
  }
  const single: DescribedColumn[] = [];
  const rows: string[][] = [];
  for (const group of groups.values()) {
    if (group.length < 4) single.push(...group);
    else
      rows.push(
        sharedRow(
          group,
          `${code(group[0]?.facts.name ?? "")} … ${code(group.at(-1)?.facts.name ?? "")} (${count(group.length)} columns)`,
        ),
      );
  }
  const described = [...single].sort(
    (a, b) => Number(b.description !== null) - Number(a.description !== null),
  );
  const listed = new Set(described.slice(0, MOST_ROWS));
  const rest = single.filter((column) => !listed.has(column));
  rows.unshift(...single.filter((column) => listed.has(column)).map(singleRow));
  for (const type of new Set(rest.map(({ facts }) => facts.type))) {
    const others = rest.filter(({ facts }) => facts.type === type);
    const first = others
      .slice(0, 3)
      .map(({ facts }) => code(facts.name, 40))
      .join(", ");
    rows.push(sharedRow(others, `${count(others.length)} more: ${first}${others.length > 3 ? ", …" : ""}`));
  }
  return rows;
}

function sharedRow(group: readonly DescribedColumn[], name: string): string[] {
  const facts = group.map((column) => column.facts);
  const [first] = facts;
  const lows = facts.flatMap(({ min }) => (min === null ? [] : [min]));
  const highs = facts.flatMap(({ max }) => (max === null ? [] : [max]));
  const values =
    lows.length > 0
      ? `${figure(Math.min(...lows))} to ${figure(Math.max(...highs))}`
      : `${count(Math.min(...facts.map(({ distinct }) => distinct)))} to ${count(Math.max(...facts.map(({ distinct }) => distinct)))} distinct values`;
  const missing = facts.map((column) => column.missing);
  const [least, most] = [Math.min(...missing), Math.max(...missing)];
  return [
    name,
    first ? typeWord(first) : "",
    "",
    values,
    least === most ? percent(least) : `${percent(least)} to ${percent(most)}`,
  ];
}
