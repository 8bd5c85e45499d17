import { humanise, kebab, tokens } from "../../words/tokens.ts";
import { titleOf } from "./candidates.ts";
import { questionFor } from "./objective.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";
import { unusable } from "./roles.ts";
import { type SplitPlan, shareFor } from "./split.ts";

/** Tables that name kinds of things: what a row of the base table is. */
const KIND_TABLES =
  /^(genre|category|categories|type|class|kind|status|species|department|segment|sector|topic|diagnosis|cuisine|style)s?$/i;

/** In joined tables, the kind that a base row refers to by key: the genre of a track. Its key and table are withheld. */
export function lookupPlans(reading: Reading): Plan[] {
  const { view } = reading;
  if (view.modality !== "relational" || view.rows < 300) return [];
  const plans: Plan[] = [];
  for (const join of view.view.joins) {
    const table = join.prefix.replace(/[.:]$/, "");
    if (join.kind !== "one" || join.leftOn.some((key) => key.includes(".")) || !KIND_TABLES.test(table))
      continue;
    const name = join.columns
      .map((column) => join.prefix + column)
      .find((column) => /(name|title|label|description)$/i.test(column));
    const column = reading.columns.get(name ?? "");
    const question = column === undefined ? null : questionFor(column, view.rows, [], true);
    if (column === undefined || question === null || (question.labels === null && column.distinct > 60))
      continue;
    const target = kebab(table).replace(/-/g, "_");
    const base = humanise(view.view.base).toLowerCase();
    const dropped: Withheld[] = unusable(reading, [column.name]);
    for (const other of view.columns) {
      if (other.name === column.name || dropped.some((entry) => entry.column === other.name)) continue;
      if (join.leftOn.includes(other.name) || other.name.startsWith(join.prefix))
        dropped.push({ column: other.name, reason: `is the key or a property of the ${target}` });
    }
    plans.push({
      id: kebab(`${view.view.id}-${table}-multiclass`),
      title: titleOf(reading, `the ${target} of ${/^[aeiou]/.test(base) ? "an" : "a"} ${base}`),
      question: `Predict the ${target} of each ${base} from what ${tokens(view.view.base).length > 0 ? "its own table" : "the table"} and the tables around it say.`,
      score: 5,
      objective: question.objective,
      columns: [column.name],
      target: {
        expression: { kind: "column", column: column.name },
        name: target,
        kind: question.kind,
        unit: null,
        labels: question.labels,
        event: null,
        meaning: `the ${target} of each ${base}`,
      },
      metric: { name: question.metric, parameters: question.parameters },
      split: keysApart(reading, join.leftOn),
      dropped,
      knownInAdvance: null,
      only:
        question.rare.length > 0 && question.labels !== null
          ? { column: column.name, in: question.labels }
          : null,
      why: `Every ${base} refers to one ${target} by key. Metric: ${question.why}.`,
    });
  }
  return plans.slice(0, 1);
}

/** Rows that share the coarsest other key (the artist rather than the album) stay on one side: they hardly differ in kind. */
function keysApart(reading: Reading, own: readonly string[]): SplitPlan {
  const keys = reading.view.groups
    .filter(
      (group) =>
        !own.includes(group.column) && /identifier/.test(group.why) && group.groups >= 40 && group.rows >= 2,
    )
    .sort((left, right) => left.groups - right.groups);
  const base = { time: null, series: [], published: null, testShare: shareFor(reading.view.rows) };
  const key = keys[0];
  return key === undefined
    ? { ...base, strategy: "stratified", groups: [], why: "Rows are hidden at random within each class." }
    : {
        ...base,
        strategy: "group",
        groups: [key.column],
        why: `Rows that share ${key.column} stay on one side.`,
      };
}
