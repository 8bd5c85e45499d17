import type { Specification } from "../../../task/specification.ts";
import type { Defect } from "../../../verifiers/defect.ts";

/**
 * Applies exactly the repairs that the defects declare, in their order; minor defects ask for nothing. Gives up on a
 * defect without a repair (a saturated score gets the log loss once), on a repair that the same check asks for again (it did not help), and when no feature is left.
 */
export function repair(
  specification: Specification,
  defects: readonly Defect[],
): Specification | { giveUp: string } {
  let current = specification;
  const applied = new Set<string>();
  for (const defect of defects) {
    if (defect.severity === "minor") continue;
    const said = `${defect.check}: ${defect.message}`;
    if (defect.check === "ladder-saturated" && defect.repair === null && ranksClasses(current)) {
      current = { ...current, metric: { name: "log_loss", parameters: {} } };
      continue;
    }
    if (defect.repair === null) return { giveUp: `no rule mends ${said}` };
    const key = `${defect.check} ${JSON.stringify(defect.repair)}`;
    if (applied.has(key)) return { giveUp: `the repair was made and did not help: ${said}` };
    applied.add(key);
    switch (defect.repair.kind) {
      case "drop_features": {
        const named = new Set(defect.repair.columns);
        const columns = new Set([
          ...defect.repair.columns,
          ...defect.repair.columns.flatMap((column) => alternatives(current, column)),
        ]);
        const gone = current.features.filter((feature) => columns.has(feature.column));
        if (gone.length === 0 && current.dropped.some((entry) => columns.has(entry.column))) break;
        if (gone.length === 0) return { giveUp: `none of the columns to drop is a feature: ${said}` };
        current = {
          ...current,
          features: current.features.filter((feature) => !columns.has(feature.column)),
          dropped: [
            ...current.dropped,
            ...gone.map(({ column }) => ({
              column,
              reason: named.has(column)
                ? defect.message
                : "tells of one alternative what is withheld of another",
            })),
          ],
        };
        if (current.features.length === 0)
          return { giveUp: `without ${[...columns].join(", ")} no feature is left (${said})` };
        break;
      }
      case "group_split":
        current = {
          ...current,
          split: {
            ...current.split,
            strategy: "group",
            groups: defect.repair.columns,
            time: null,
            series: [],
          },
        };
        break;
      case "deduplicate":
        current = { ...current, rows: { ...current.rows, deduplicate: true } };
        break;
      case "random_split": {
        const labelled = current.target.labels !== null;
        current = {
          ...current,
          split: {
            ...current.split,
            strategy: labelled ? "stratified" : "random",
            groups: [],
            time: null,
            series: [],
            published: null,
          },
        };
        break;
      }
    }
  }
  return current;
}

/** `price.sun` and `price.moon` where one of sun and moon is chosen: the same of each alternative, which goes or stays as a whole. */
function alternatives({ target, features }: Specification, column: string): string[] {
  const labels = target.labels ?? [];
  const label = labels.find((name) => column.endsWith(name) && /[._ -]$/.test(column.slice(0, -name.length)));
  if (label === undefined) return [];
  const stem = column.slice(0, -label.length);
  const siblings = new Set(labels.map((name) => stem + name));
  return features.flatMap((feature) => (siblings.has(feature.column) ? [feature.column] : []));
}

/** Classes that are ranked or told nearly without error can still be judged by how sure an answer may be: once. */
function ranksClasses(specification: Specification): boolean {
  return (
    (specification.objective === "binary_classification" ||
      specification.objective === "multiclass_classification") &&
    specification.target.labels !== null &&
    specification.metric.name !== "log_loss"
  );
}
