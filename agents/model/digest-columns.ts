import type { ColumnFacts } from "../../dataset/survey.ts";
import { clip } from "./prompt.ts";

/** How much is told of each column; the least that fits the bound is chosen from the end. */
interface Detail {
  values: number;
  width: number;
  description: number;
}

const details: Detail[] = [
  { values: 8, width: 40, description: 200 },
  { values: 5, width: 24, description: 100 },
  { values: 3, width: 16, description: 40 },
  { values: 2, width: 10, description: 0 },
  { values: 0, width: 0, description: 0 },
];

/**
 * One line per column, in the richest detail that fits into `characters`. Runs of numbered columns of one kind
 * (`V1` … `V784`) are one line. Columns beyond the bound are counted, never dropped in silence.
 */
export function columnLines(
  columns: readonly ColumnFacts[],
  options: { values: boolean; characters: number },
): string[] {
  const runs = runsOf(columns);
  for (const detail of details) {
    const lines = runs.map((run) => runLine(run, detail, options.values));
    if (total(lines) <= options.characters) return lines;
    if (detail === details.at(-1)) return cutTo(lines, runs, options.characters);
  }
  return [];
}

/** Consecutive columns named alike but for a number, of one type; a run of fewer than 6 is not one. */
function runsOf(columns: readonly ColumnFacts[]): ColumnFacts[][] {
  const runs: ColumnFacts[][] = [];
  for (const column of columns) {
    const run = runs.at(-1);
    const first = run?.[0];
    const stem = stemOf(column.name);
    const joins =
      first !== undefined &&
      stem !== null &&
      stem === stemOf(first.name) &&
      plain(column) &&
      plain(first) &&
      sameKind(first, column);
    if (run !== undefined && joins) run.push(column);
    else runs.push([column]);
  }
  return runs.flatMap((run) => (run.length >= 6 ? [run] : run.map((column) => [column])));
}

function stemOf(name: string): string | null {
  return /\d/.test(name) ? name.replace(/\d+/g, "#") : null;
}

function sameKind(a: ColumnFacts, b: ColumnFacts): boolean {
  const numbers = ["integer", "number", "boolean"];
  return a.type === b.type || (numbers.includes(a.type) && numbers.includes(b.type));
}

/** Nothing is known of the column that a summary would hide. */
function plain(column: ColumnFacts): boolean {
  return (
    column.description === null && !column.flags.some((flag) => flag !== "ordinal" && flag !== "missing_code")
  );
}

function runLine(run: readonly ColumnFacts[], detail: Detail, values: boolean): string {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return "";
  if (run.length === 1) return columnLine(first, detail, values);
  const parts = [`${clip(first.name, 60)} … ${clip(last.name, 60)} (${run.length} columns)`, first.type];
  const lows = run.flatMap(({ numeric }) => (numeric === null ? [] : [numeric.min]));
  const highs = run.flatMap(({ numeric }) => (numeric === null ? [] : [numeric.max]));
  if (values && lows.length > 0) parts.push(`${figure(Math.min(...lows))}..${figure(Math.max(...highs))}`);
  return parts.join(" | ");
}

function columnLine(column: ColumnFacts, detail: Detail, values: boolean): string {
  const parts = [
    clip(column.name, 200),
    column.type,
    column.missing === 0 ? "" : column.missing < 0.01 ? "<1%" : `${Math.round(column.missing * 100)}%`,
    String(column.distinct),
    detail.values === 0 ? "" : valuesOf(column, detail, values),
    detail.values === 0 ? "" : column.flags.join(" "),
    // A description is text of the dataset, as its values are.
    values && column.description !== null && detail.description > 0
      ? clip(column.description, detail.description)
      : "",
  ];
  while (parts.at(-1) === "") parts.pop();
  return parts.join(" | ");
}

function valuesOf(column: ColumnFacts, detail: Detail, values: boolean): string {
  const { numeric } = column;
  const dated = column.type === "datetime" || column.flags.includes("time_like");
  if (dated && column.range !== null)
    return values ? `${clip(column.range[0], 24)} .. ${clip(column.range[1], 24)}` : "";
  if (numeric !== null && column.distinct > 12 && column.type !== "datetime") {
    const range = values ? `${figure(numeric.min)}..${figure(numeric.max)}, ` : "";
    if (column.flags.includes("identifier") || column.flags.includes("row_number")) return range.slice(0, -2);
    const zero = numeric.zero >= 0.05 ? `, ${Math.round(numeric.zero * 100)}% zero` : "";
    const capped = numeric.atMaximum >= 0.02 ? `, ${Math.round(numeric.atMaximum * 100)}% at maximum` : "";
    return `${range}mean ${figure(numeric.mean)}, sd ${figure(numeric.deviation)}, skew ${figure(numeric.skew, 2)}${zero}${capped}`;
  }
  if (!values) return sharesOnly(column);
  if (column.range !== null) return `${clip(column.range[0], 24)} .. ${clip(column.range[1], 24)}`;
  if (column.type === "text") {
    const words = column.words === null ? "" : `${figure(column.words)} words, `;
    return `${words}e.g. "${clip(column.examples[0] ?? "", detail.width * 2)}"`;
  }
  if (column.flags.includes("unique") || column.distinct > 200)
    return `e.g. ${column.examples
      .slice(0, 2)
      .map((value) => clip(value, detail.width))
      .join(", ")}`;
  if (column.levels !== null) {
    const counts = new Map(column.top);
    const levels = column.levels.slice(0, 12).map((level) => {
      const count = counts.get(level);
      return count === undefined ? clip(level, detail.width) : `${clip(level, detail.width)} (${count})`;
    });
    return levels.join(" < ");
  }
  const shown = column.top
    .slice(0, detail.values)
    .map(([value, count]) => `${named(column, value, detail.width)} (${count})`);
  return `${shown.join(", ")}${column.distinct > shown.length ? ", …" : ""}`;
}

/** A value, and what the documentation says that it means. */
function named({ labels }: ColumnFacts, value: string, width: number): string {
  const label = labels?.[value];
  const shown = clip(value, width) || '""';
  return label === undefined || label === value ? shown : `${shown} = ${clip(label, width)}`;
}

/** How the rows spread over the values, without the values. */
function sharesOnly(column: ColumnFacts): string {
  if (column.words !== null && column.type === "text") return `${figure(column.words)} words`;
  const counts = column.top.slice(0, 6).map(([, count]) => count);
  return counts.length === 0 || column.distinct > 200
    ? ""
    : `counts ${counts.join(", ")}${column.distinct > counts.length ? ", …" : ""}`;
}

function cutTo(lines: string[], runs: ColumnFacts[][], characters: number): string[] {
  const kept: string[] = [];
  let left = characters;
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const missing = runs.slice(kept.length).reduce((sum, run) => sum + run.length, 0);
  return [...kept, `… and ${missing} more columns`];
}

function total(lines: string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function figure(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
