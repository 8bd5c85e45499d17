import type { ColumnFacts, ViewSurvey } from "../../../dataset/survey.ts";

/**
 * Equal rows are taken to be one row written twice only where chance cannot make them: there is text, or enough columns
 * have so many values that two things would not agree in all of them. Few-valued tables keep their repeated rows: two
 * homes of one county and floor are two homes.
 */
export function equalRowsAreCopies(view: ViewSurvey, target: readonly string[]): boolean {
  if (view.duplicates === 0) return false;
  const columns = view.columns.filter(
    (column) => column.type !== "constant" && column.type !== "empty" && !column.flags.includes("row_number"),
  );
  if (columns.some((column) => column.type === "text" && !target.includes(column.name))) return true;
  if (
    columns.some(
      (column) =>
        column.flags.includes("identifier") &&
        column.distinct >= 0.5 * view.rows &&
        !target.includes(column.name),
    )
  )
    return true;
  const many = columns.filter((column) => hasManyValues(column, view.rows)).length;
  return (many >= 3 && many >= 0.4 * columns.length) || !chanceMakes(view.duplicates, columns, view.rows);
}

function hasManyValues(column: ColumnFacts, rows: number): boolean {
  return column.distinct >= Math.min(100, Math.max(30, 0.1 * rows));
}

/** Columns go together: of the bits that they would tell each for itself, this share is taken as told. */
const TOLD = 0.6;

/** Whether so many equal pairs are to be expected of rows that have nothing to do with each other. */
function chanceMakes(duplicates: number, columns: readonly ColumnFacts[], rows: number): boolean {
  const bits = columns.reduce((sum, column) => sum + collisionBits(column, rows), 0);
  return (rows * rows) / 2 / 2 ** (TOLD * bits) >= 0.1 * duplicates;
}

/** -log2 of the chance that two rows agree in a column (its collision entropy); of unlisted values as if they were equally many. */
function collisionBits(column: ColumnFacts, rows: number): number {
  const listed = column.top.reduce((sum, [, count]) => sum + count, 0);
  const agree = column.top.reduce((sum, [, count]) => sum + (count / rows) ** 2, 0);
  const rest = Math.max(0, rows * (1 - column.missing) - listed) / rows;
  const others = Math.max(1, column.distinct - column.top.length);
  return -Math.log2(Math.min(1, Math.max(agree + rest ** 2 / others + column.missing ** 2, 1 / rows)));
}
