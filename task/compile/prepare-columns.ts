import type { Plan, PlannedColumn } from "./plan.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";

/** Whether all columns are called in the package as in the data. */
export const keepsNames = (columns: readonly PlannedColumn[]) =>
  columns.every(({ view, name }) => view === name);

export const isMultilabel = (plan: Plan) => plan.multilabel.length > 0;
const targetColumns = (plan: Plan) =>
  `[${[isMultilabel(plan) ? "*TARGETS.values()" : "TARGET", ...(plan.event ? ['"event"'] : [])].join(", ")}]`;

/** Whether rows without a value in any feature fall away; a forecast's rows and those of files have their time or file. */
export const dropsEmptyRows = ({ specification: { split }, features, media }: Plan) =>
  features.length > 0 && media === null && split.strategy !== "time";

/** Features and target, under the names of the package; rows without a target fall away. */
export function makeColumns(plan: Plan): string[] {
  const { specification } = plan;
  const columns = keepsNames(plan.features)
    ? "{name: plain(rows[name]) for name in FEATURES}"
    : "{name: plain(rows[column]) for column, name in FEATURES.items()}";
  const lines = [`data = pd.DataFrame(${columns}, index=rows.index)`];
  const { split } = specification;
  const time = plan.features.find(({ view }) => view === split.time);
  if (split.strategy === "time" && time) {
    lines.push(`data[${pythonText(time.name)}] = dates_as_iso(rows[${pythonText(time.view)}], times)`);
  }
  if (isMultilabel(plan)) {
    lines.push(
      "for column, name in TARGETS.items():",
      '    data[name] = as_flag(rows[column]).astype("Int64")',
      "data = data[data[[*TARGETS.values()]].notna().any(axis=1)]",
    );
  } else {
    lines.push(`data[TARGET] = ${targetExpression(plan)}`);
    if (plan.event) lines.push(`data["event"] = plain(as_flag(rows[${pythonText(plan.event.view)}]))`);
    lines.push(`data = with_target(data, ${targetColumns(plan)})`);
  }
  if (dropsEmptyRows(plan)) {
    lines.push(`data = drop_empty(data, ${keepsNames(plan.features) ? "FEATURES" : "[*FEATURES.values()]"})`);
  }
  if (specification.rows.deduplicate) {
    if (plan.media) {
      lines.push(
        `data = data[~pd.DataFrame({**data, "file": file_digests(raw, data["file"])}).duplicated()]`,
      );
    } else {
      lines.push("data = drop_repeated(data)");
    }
  }
  if (plan.labels) lines.push("require_labels(data[TARGET], list(LABELS.values()))");
  return lines;
}

/** The Python expression of the target column. */
function targetExpression({ specification: { target }, labels }: Plan): string {
  const column = (name: string) => `rows[${pythonText(name)}]`;
  const { expression } = target;
  switch (expression.kind) {
    case "column":
      return labels
        ? `relabel(${column(expression.column)}, LABELS)`
        : `plain(as_number(${column(expression.column)}))`;
    case "map": {
      const merged = pythonLiteral(expression.mapping, 4, 60);
      return labels
        ? `relabel(${column(expression.column)}, ${merged}).map(LABELS)`
        : `plain(as_number(relabel(${column(expression.column)}, ${merged})))`;
    }
    case "threshold": {
      const number = `as_number(${column(expression.column)})`;
      const flag = `(${number} > ${expression.above})`;
      return labels
        ? `${flag}.map({True: LABELS["yes"], False: LABELS["no"]}).where(${number}.notna())`
        : `${flag}.astype(int).where(${number}.notna())`;
    }
    case "difference":
      return `plain((as_number(${column(expression.left)}) - as_number(${column(expression.right)})).round(9))`;
    case "ratio":
      return `plain(as_number(${column(expression.left)}) / as_number(${column(expression.right)}).replace(0, np.nan))`;
    case "columns":
      throw new Error("a multi-label target has no single expression");
  }
}
