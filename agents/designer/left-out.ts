import type { ColumnFacts, ViewSurvey } from "../../dataset/survey.ts";

/**
 * Columns that no solver should get unless the Designer says otherwise, with the reason: what only names a row or a
 * person, says nothing, or gives the target away by what was measured.
 */
export function leftOut(view: ViewSurvey, targets: readonly string[]): { column: string; reason: string }[] {
  const found = new Map<string, string>();
  for (const column of view.columns) {
    const reason = column.name === view.view.media?.column ? null : saysNothing(column);
    if (reason !== null) found.set(column.name, reason);
  }
  for (const probe of view.probes) {
    if (!targets.includes(probe.column)) continue;
    for (const copy of probe.copies) found.set(copy, `a copy of ${probe.column}`);
    for (const [only, ...more] of probe.determinedBy) {
      if (only !== undefined && more.length === 0) found.set(only, `determines ${probe.column}`);
    }
  }
  return view.columns.flatMap(({ name }) => {
    const reason = targets.includes(name) ? undefined : found.get(name);
    return reason === undefined ? [] : [{ column: name, reason }];
  });
}

function saysNothing({ type, flags }: ColumnFacts): string | null {
  if (type === "constant") return "the same in every row";
  if (type === "empty") return "has no values";
  if (flags.includes("row_number")) return "numbers the rows";
  if (flags.includes("sensitive")) return "names or reaches a person";
  if (type !== "text" && flags.includes("identifier") && flags.includes("unique")) return "identifies a row";
  return null;
}
