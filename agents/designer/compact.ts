import type { Specification } from "../../task/specification.ts";
import { clip } from "../model/prompt.ts";

/**
 * A specification in the words of the Designer's answer, for the next attempt: what it decided, not
 * what code filled in. Without values, what lists values of the data is left out.
 */
export function compactSpecification(specification: Specification, values: boolean): string {
  const { target, split, rows, metric } = specification;
  return JSON.stringify({
    title: specification.title,
    question: specification.question,
    background: specification.background,
    objective: specification.objective,
    target: {
      ...(values || target.expression.kind !== "map"
        ? target.expression
        : { kind: "map", column: target.expression.column }),
      name: target.name,
      unit: target.unit,
      meaning: target.meaning,
      event: target.event,
      ...(values ? { labels: target.labels } : {}),
    },
    metric,
    withheld: specification.dropped
      .map(({ column, reason }) => ({ column: clip(column, 80), text: clip(reason, 80) }))
      .slice(0, 40),
    features:
      specification.features.length <= 30
        ? specification.features.map(({ column }) => clip(column, 80))
        : `${specification.features.length} columns`,
    split: { strategy: split.strategy, groups: split.groups, time: split.time, series: split.series },
    known_in_advance: specification.knownInAdvance,
    ...(values ? { only_rows: rows.where, missing_codes: few(rows.missingCodes) } : {}),
  });
}

/** Codes as they are, or how many columns have some: most come from the survey, which the prompt holds anyway. */
function few(codes: Record<string, string[]>): Record<string, string[]> | string {
  const count = Object.keys(codes).length;
  return count <= 8 ? codes : `of ${count} columns`;
}
