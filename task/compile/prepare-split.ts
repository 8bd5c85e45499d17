import type { Plan } from "./plan.ts";
import { isMultilabel } from "./prepare-columns.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";

/** Whether groups decide the split, or the unit of grading. */
export const isGrouped = ({ specification: { split, objective } }: Plan) =>
  split.groups.length > 0 && (split.strategy === "group" || objective === "ranking");

/** The group of each row: what is one thing in two writings, or mates of one nest, is one group. */
function wholeGroups({ specification }: Plan): string {
  const join = specification.modality === "molecules" ? "molecule_skeletons" : "join_mates";
  return `${join}(group_key(rows.loc[data.index], GROUPS))`;
}

/** What the split keeps in proportion: classes, tenths of a number, the rarest label, or events. */
function strata(plan: Plan): string {
  if (isMultilabel(plan)) return "rarest_label_classes(data[[*TARGETS.values()]])";
  if (plan.event) return 'data["event"]';
  return plan.labels || plan.specification.target.kind === "relevance"
    ? "data[TARGET]"
    : "quantile_classes(data[TARGET])";
}

/** Which rows are test rows. */
export function split(plan: Plan): string[] {
  const { split: how } = plan.specification;
  const classes = plan.labels !== null;
  const left = [
    "seen = ~is_test | class_in_train(data[TARGET], is_test)",
    "data, is_test = data[seen], is_test[seen]",
  ];
  switch (how.strategy) {
    case "random":
      return [
        "is_test = split_random(len(data), TEST_SHARE, rng)",
        ...(classes ? ["is_test &= class_in_train(data[TARGET], is_test)"] : []),
      ];
    case "stratified":
      return [`is_test = split_stratified(${strata(plan)}, TEST_SHARE, rng)`];
    case "group":
      return [
        `groups = ${wholeGroups(plan)}`,
        `is_test = split_groups(groups, ${strata(plan)}, TEST_SHARE, rng)`,
      ];
    case "time":
      return [
        "is_test = split_time(times.loc[data.index], TEST_SHARE)",
        ...(classes ? ["# a class that no earlier row has cannot be learned", ...left] : []),
        ...seriesInTrain(plan),
      ];
    case "published": {
      const published = how.published ?? { column: "", train: [], test: [] };
      return [
        `parts = rows.loc[data.index, ${pythonText(published.column)}]`,
        `is_test = split_published(parts, ${pythonLiteral(published.train)}, ${pythonLiteral(published.test)})`,
        ...(classes ? ["# a class that no train row has cannot be learned", ...left] : []),
        ...(isGrouped(plan) ? ["groups = group_key(rows.loc[data.index], GROUPS)"] : []),
      ];
    }
  }
}

/** Forecasting: a series without a past has nothing to be forecast from. */
function seriesInTrain(plan: Plan): string[] {
  const { split: how, objective } = plan.specification;
  if (how.series.length === 0) return [];
  const lines = [`series = group_key(rows.loc[data.index], ${pythonLiteral(how.series)})`];
  if (objective === "forecasting") {
    lines.push(
      "# a series without a past cannot be forecast",
      "seen = ~is_test | class_in_train(series, is_test)",
      "data, is_test = data[seen], is_test[seen]",
    );
  }
  return lines;
}
