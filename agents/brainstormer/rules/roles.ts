import { meaningOf, unitOf } from "../../words/phrases.ts";
import { kebab } from "../../words/tokens.ts";
import { titleOf } from "./candidates.ts";
import { figure } from "./objective.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";
import { type SplitPlan, shareFor } from "./split.ts";

/** Ratings that users gave to items. */
export function ratingPlans(reading: Reading): Plan[] {
  const { roles, rows } = reading.view;
  const column = reading.columns.get(roles.rating ?? "");
  if (roles.user === null || roles.item === null || column === undefined || column.numeric === null)
    return [];
  const phrase = meaningOf(column);
  return [
    {
      id: kebab(`${reading.view.view.id}-${column.name}-rating`),
      title: titleOf(
        reading,
        Math.min(plain(roles.user).length, plain(roles.item).length) < 3
          ? phrase
          : `${phrase} that a ${plain(roles.user)} gives to a ${plain(roles.item)}`,
      ),
      question: `Predict ${phrase} that each ${plain(roles.user)} gives to each ${plain(roles.item)} of the test rows, from the other ratings.`,
      score: 6,
      objective: "rating_prediction",
      columns: [column.name],
      target: {
        expression: { kind: "column", column: column.name },
        name: column.name,
        kind: "number",
        unit: unitOf(column),
        labels: null,
        event: null,
        meaning: phrase,
      },
      metric: { name: "rmse", parameters: {} },
      split: randomSplit(
        rows,
        "Ratings are hidden at random: most users and items of the test rows have other ratings in train.",
      ),
      dropped: unusable(reading, [column.name, roles.user, roles.item]),
      knownInAdvance: null,
      only: null,
      why: `Users (${roles.user}), items (${roles.item}) and ratings stand in one table. Metric: ratings from ${figure(column.numeric.min)} to ${figure(column.numeric.max)}, the root mean squared error is what recommenders are judged by.`,
    },
  ];
}

/** Relevance of documents within queries. */
export function rankingPlans(reading: Reading): Plan[] {
  const { roles, rows } = reading.view;
  const column = reading.columns.get(roles.labels[0] ?? roles.rating ?? "");
  const query = roles.query;
  if (query === null || column === undefined || column.numeric === null || column.distinct > 10) return [];
  const published = reading.view.published;
  return [
    {
      id: kebab(`${reading.view.view.id}-${column.name}-ranking`),
      title: titleOf(reading, "the order of documents within each query"),
      question: `Rank the rows of each query (${query}) so that the most relevant come first.`,
      score: 6,
      objective: "ranking",
      columns: [column.name],
      target: {
        expression: { kind: "column", column: column.name },
        name: column.name === query ? "relevance" : column.name,
        kind: "relevance",
        unit: null,
        labels: null,
        event: null,
        meaning: "the relevance of each row within its query",
      },
      metric: { name: "ndcg", parameters: { k: 10 } },
      split: {
        ...randomSplit(rows, "Whole queries are hidden."),
        strategy: "group",
        groups: [query],
        published: null,
        testShare: shareFor(reading.columns.get(query)?.distinct ?? rows),
      },
      dropped: [
        ...unusable(reading, [column.name, query]),
        ...(published === null
          ? []
          : [{ column: published.column, reason: "says which published part a row belongs to" }]),
      ],
      knownInAdvance: null,
      only: null,
      why: `Rows are grouped by query and graded for relevance (${column.distinct} grades). Metric: NDCG at 10 looks at the top of each list.`,
    },
  ];
}

/** Several marks on each row; in a plain table only where names or gaps say that they are labels, not traits. */
export function multilabelPlans(reading: Reading): Plan[] {
  // Assays of molecules belong together whatever their names' families are.
  const assays =
    reading.view.modality === "molecules"
      ? reading.view.columns.filter((column) => column.type === "boolean").map((column) => column.name)
      : [];
  const multilabel = assays.length >= 2 ? assays : reading.view.roles.multilabel;
  const columns = multilabel
    .map((name) => reading.columns.get(name))
    .filter((column) => column !== undefined);
  const usable = columns.filter(
    (column) =>
      Math.min(...column.top.map(([, count]) => count), Number.POSITIVE_INFINITY) >= 20 &&
      column.distinct === 2,
  );
  if (usable.length < 2 || usable.length > 50) return [];
  if (
    !declaresLabels(
      reading,
      usable.map((column) => column.name),
    )
  )
    return [];
  const gaps = usable.some((column) => column.missing > 0.01);
  const shares = usable.map((column) => column.numeric?.mean ?? 0.5);
  const scarce = shares.filter((share) => share < 0.2).length > usable.length / 2;
  const names = usable.map((column) => column.name);
  const metric = gaps || scarce ? "roc_auc_macro" : "micro_f1";
  return [
    {
      id: kebab(`${reading.view.view.id}-${names.length}-labels`),
      title: titleOf(reading, `${names.length} labels at once`),
      question: `For each row predict ${names.length} labels at once: ${names.slice(0, 8).join(", ")}${names.length > 8 ? " and others" : ""}.`,
      score: 6,
      objective: "multilabel_classification",
      columns: names,
      target: {
        expression: { kind: "columns", columns: names },
        name: "labels",
        kind: "multilabel",
        unit: null,
        labels: null,
        event: null,
        meaning: `${names.length} labels`,
      },
      metric: { name: metric, parameters: {} },
      split: moleculeSplit(reading) ?? randomSplit(reading.view.rows, "Rows are hidden at random."),
      dropped: [
        ...unusable(reading, names),
        ...multilabel
          .filter((name) => !names.includes(name))
          .map((column) => ({ column, reason: "is a label of the same set with too few rows" })),
      ],
      knownInAdvance: null,
      only: null,
      why: `${names.length} columns of yes and no belong together${gaps ? ", with gaps" : ""}. Metric: ${metric === "roc_auc_macro" ? "labels are scarce or have gaps, the area under the ROC curve of each label counts alike" : "micro-averaged F1 counts every label of every row"}.`,
    },
  ];
}

/** The layout or the table's shape says "labels": all else is text, a file or a molecule; or their names say so. */
function declaresLabels(reading: Reading, names: string[]): boolean {
  const others = reading.view.columns.filter(
    (column) =>
      !names.includes(column.name) &&
      (!column.flags.includes("identifier") || isStructure(column.name)) &&
      !column.flags.includes("row_number"),
  );
  const inputs = others.filter(
    (column) => column.type === "text" || column.type === "path" || column.type === "string",
  );
  if (
    reading.view.modality === "molecules" ||
    reading.view.modality === "text" ||
    reading.view.view.media !== null
  )
    return inputs.length > 0 || reading.view.view.media !== null;
  if (inputs.length > 0 && inputs.length >= others.length - 1) return true;
  return names.every((name) => /^(label|target|tag|class|y)[._ ]?\w*/i.test(name));
}

/** Salts and mirror images of a molecule behave as it does: they are hidden together. */
function moleculeSplit(reading: Reading): SplitPlan | null {
  const smiles = reading.view.columns.find((column) => /smiles/i.test(column.name));
  if (reading.view.modality !== "molecules" || smiles === undefined) return null;
  return {
    ...randomSplit(reading.view.rows, "Molecules are hidden at random, with their salts and stereoisomers."),
    strategy: "group",
    groups: [smiles.name],
  };
}

/** Notations of molecules and sequences differ in every row and are the very thing to learn from. */
export function isStructure(name: string): boolean {
  return /smiles|inchi(?!_?key)|selfies|sequence|formula/i.test(name);
}

/** Columns of no use whatever the question: empty, constant, row numbers, identifiers, personal data. */
export function unusable(reading: Reading, kept: readonly string[]): Withheld[] {
  const dropped: Withheld[] = [];
  for (const column of reading.view.columns) {
    if (kept.includes(column.name)) continue;
    const flags = new Set(column.flags);
    if (column.type === "empty" || column.type === "constant")
      dropped.push({ column: column.name, reason: "holds one value or none" });
    else if (flags.has("row_number")) dropped.push({ column: column.name, reason: "numbers the rows" });
    else if (flags.has("sensitive")) dropped.push({ column: column.name, reason: "holds personal data" });
    else if (flags.has("identifier") && !isStructure(column.name))
      dropped.push({ column: column.name, reason: "identifies a row" });
  }
  return dropped;
}

/** Rows hidden at random. */
export function randomSplit(rows: number, why: string): SplitPlan {
  return {
    strategy: "random",
    groups: [],
    time: null,
    series: [],
    published: null,
    testShare: shareFor(rows),
    why,
  };
}

function plain(name: string): string {
  const word = name
    .replace(/[_\s]*(id|Id|ID|code|no|nr)$/, "")
    .replace(/[._]+/g, " ")
    .trim();
  return word.length > 1 ? word.toLowerCase() : name;
}
