import { METRICS, type SubmissionKind } from "../metrics/catalogue.ts";
import { safeLabels } from "../metrics/labels.ts";
import { type SubmissionTarget, submissionColumns, submissionKind } from "../metrics/submission.ts";
import type { Specification } from "../specification.ts";
import { columnName, uniqueName } from "./names.ts";

/** A column of the view and its name in the package. */
export interface PlannedColumn {
  view: string;
  name: string;
}

/** What the three compilers share: how the view's names and labels become those of the package. */
export interface Plan {
  specification: Specification;
  /** Feature columns of train, in order. */
  features: PlannedColumn[];
  /** Names of the feature columns that test has: all, or those known in advance. */
  testFeatures: string[];
  /** Target columns of train and answers; for multi-label with the view's columns. */
  targets: string[];
  multilabel: PlannedColumn[];
  /** The target in the words of the metric compiler. */
  truth: SubmissionTarget;
  /** Labels of the data beside those of the package, in order; null for numbers. */
  labels: { raw: string; name: string }[] | null;
  /** Survival: the event column, named `event` in train and answers. */
  event: PlannedColumn | null;
  /** Ranking: the query column, among the features and, as `query`, in the answers. */
  query: PlannedColumn | null;
  /** Columns of the answers that a submission lacks. */
  auxiliary: string[];
  submission: { kind: SubmissionKind; columns: string[] };
  /** Rows are written in order of time (the time is among the test features), not shuffled. */
  timeOrder: boolean;
  media: { view: string; name: string; kind: "image" | "audio" | "series" } | null;
}

/**
 * Reads a specification into names and labels of the package. Throws BadInputError when the metric cannot grade
 * such a target.
 */
export function planTask(specification: Specification): Plan {
  const { target, view } = specification;
  const taken = new Set(["id"]);
  if (target.kind === "survival") taken.add("event");

  const multilabel: PlannedColumn[] = [];
  if (target.expression.kind === "columns") {
    for (const [position, column] of target.expression.columns.entries()) {
      multilabel.push({ view: column, name: uniqueName(columnName(column, position), taken) });
    }
  }
  const targets =
    multilabel.length > 0
      ? multilabel.map(({ name }) => name)
      : [uniqueName(columnName(target.name, 0), taken)];

  const media = view.media && { view: view.media.column, name: "file", kind: view.media.kind };
  const queryColumn = specification.objective === "ranking" ? specification.split.groups[0] : undefined;
  if (media) taken.add(media.name);
  if (queryColumn !== undefined) taken.add("query");

  const columns = specification.features.map(({ column }) => column);
  if (queryColumn !== undefined && !columns.includes(queryColumn)) columns.unshift(queryColumn);
  if (media && !columns.includes(media.view)) columns.unshift(media.view);
  const features = columns.map((column, position) => {
    if (column === media?.view) return { view: column, name: media.name };
    if (column === queryColumn) return { view: column, name: "query" };
    return { view: column, name: uniqueName(columnName(column, position), taken) };
  });

  const known =
    specification.knownInAdvance && new Set([...specification.knownInAdvance, ...specification.split.series]);
  if (known && specification.split.time !== null) known.add(specification.split.time);
  const testFeatures = features
    .filter((feature) => known === null || known.has(feature.view))
    .map(({ name }) => name);
  const time = features.find((feature) => feature.view === specification.split.time);

  const raw = rawLabels(specification);
  const wanted = target.expression.kind === "threshold" && target.labels?.length === 2 ? target.labels : raw;
  const safe = wanted && safeLabels(["id", ...wanted]);
  const nameOf = (label: string, position: number) => {
    const name = wanted?.[position] ?? label;
    return { raw: label, name: name === "id" ? "(id)" : (safe?.get(name) ?? name) };
  };
  const labels = raw?.map(nameOf) ?? null;
  const { name: metricName } = specification.metric;
  const truth: SubmissionTarget = {
    name: targets[0] ?? target.name,
    kind: target.kind,
    labels: labels?.map(({ name }) => name) ?? null,
    columns: targets,
  };
  const event = target.event === null ? null : { view: target.event, name: "event" };
  const query = queryColumn === undefined ? null : { view: queryColumn, name: "query" };

  return {
    specification,
    features,
    testFeatures,
    targets,
    multilabel,
    labels,
    event,
    query,
    auxiliary: METRICS[metricName].auxiliary === null ? [] : [METRICS[metricName].auxiliary],
    truth,
    submission: { kind: submissionKind(metricName, truth), columns: submissionColumns(metricName, truth) },
    timeOrder:
      specification.split.strategy === "time" && time !== undefined && testFeatures.includes(time.name),
    media,
  };
}

/** Labels as the target expression gives them, before they are made safe; null where the target is a number. */
function rawLabels({ target }: Specification): string[] | null {
  if (target.kind !== "category" && target.kind !== "ordinal") return null;
  const { expression, labels } = target;
  if (expression.kind === "threshold") return ["no", "yes"];
  if (labels !== null) return labels;
  return expression.kind === "map" ? [...new Set(Object.values(expression.mapping))] : null;
}
