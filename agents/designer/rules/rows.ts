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
  return many >= 3 && many >= 0.4 * columns.length;
}

function hasManyValues(column: ColumnFacts, rows: number): boolean {
  return column.distinct >= Math.min(100, Math.max(30, 0.1 * rows));
}
