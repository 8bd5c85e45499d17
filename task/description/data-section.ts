import type { DescriptionFacts } from "../compile/compile-description.ts";
import type { Plan } from "../compile/plan.ts";
import type { PreparedTable } from "../prepared-report.ts";
import { columnTable, type DescribedColumn, valuesOf } from "./columns.ts";
import { code, count, counted, escaped, figure, list, percent, table } from "./markdown.ts";

/** The files, the target, the columns, and how train and test were separated. */
export function dataSection(plan: Plan, facts: DescriptionFacts): string[] {
  const train = tableOf(facts, "train.csv");
  const test = tableOf(facts, "test.csv");
  return [
    "### Files",
    filesList(plan, facts, train, test),
    "### Target",
    targetText(plan, train),
    "### Columns",
    columnsText(plan, train),
    "### Train and test",
    splitText(plan, train, test),
  ];
}

function tableOf({ report }: DescriptionFacts, name: string): PreparedTable {
  const found = report.tables.find((one) => one.path === `public/${name}`);
  const none = { bytes: 0, problem: null, rows: 0, width: 0, columns: [], grid: [], head: [] };
  return found ?? { path: `public/${name}`, ...none };
}

function filesList(plan: Plan, facts: DescriptionFacts, train: PreparedTable, test: PreparedTable): string {
  const targets =
    plan.targets.length > 3
      ? `the ${count(plan.targets.length)} target columns`
      : list(plan.targets.map((name) => code(name)));
  const event = plan.event ? " and `event`" : "";
  const fewer = plan.testFeatures.length < plan.features.length;
  const lines = [
    `- \`train.csv\`: ${counted(train.rows, "row")}, ${counted(train.width, "column")}: \`id\`, the features, and ${targets}${event}.`,
    `- \`test.csv\`: ${counted(test.rows, "row")}, ${counted(test.width, "column")}: \`id\` and ${fewer ? "the features that are known in advance" : "the same features"}.`,
    `- \`sample_submission.csv\`: a submission in the right form with random predictions, ${counted(test.rows, "row")}.`,
  ];
  const folders = facts.report.folders.filter((one) => one.folder.startsWith("public/"));
  for (const { folder, extension, files, example, note } of folders.sort((a, b) =>
    a.folder < b.folder ? 1 : -1,
  )) {
    const name = folder.replace(/^public\//, "");
    const kind =
      plan.media?.kind === "series"
        ? "one series"
        : plan.media?.kind === "audio"
          ? "one recording"
          : plan.media
            ? "one picture"
            : "one file";
    const shown = example.replace(/^public\//, "");
    const what = note === null ? "" : ` ${escaped(note, 600)}.`;
    lines.push(
      `- \`${name}/\`: ${count(files)} ${extension} ${files === 1 ? "file" : "files"}, ${kind} for each row of \`${name}.csv\` (its column \`file\`), e.g. \`${shown}\`.${what}`,
    );
  }
  if (facts.attribution) lines.push("- `attribution.txt`: source and licence of the data.");
  lines.push("- `description.md`: this page.");
  return lines.join("\n");
}

/** Whether a phrase names its unit already: "the follow-up time in days". */
function says(meaning: string, unit: string): boolean {
  const words = (text: string) =>
    ` ${text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}%$€£/]+/gu, " ")
      .trim()} `;
  return words(meaning).includes(words(unit));
}

/** What is to be predicted, with its distribution in train. */
function targetText(plan: Plan, train: PreparedTable): string {
  const { target } = plan.specification;
  const meaning = escaped(target.meaning, 400).replace(/\.$/, "");
  const unit = target.unit === null || says(meaning, target.unit) ? "" : ` (in ${escaped(target.unit, 60)})`;
  const columns = plan.targets.map((name) => train.columns.find((column) => column.name === name));
  if (plan.multilabel.length > 0) {
    const rows = columns.flatMap((column) => {
      if (!column) return [];
      const ones = column.values.find(([value]) => value === "1")?.[1] ?? 0;
      const known = column.values.reduce((sum, [, number]) => sum + number, 0);
      return [[code(column.name), count(ones), count(known - ones), percent(column.missing)]];
    });
    const gaps = columns.some((column) => (column?.missing ?? 0) > 0);
    const blank = gaps ? " A blank means that the label is not known; such cells are not scored." : "";
    return `${meaning}: ${counted(plan.targets.length, "column")} of 1 or 0.${blank} In \`train.csv\`:\n\n${table(["target", "1", "0", "missing"], rows)}`;
  }
  const [column] = columns;
  const name = code(plan.targets[0] ?? target.name);
  if (plan.labels) {
    const counts = new Map(column?.values ?? []);
    const total = [...counts.values()].reduce((sum, number) => sum + number, 0);
    const order = target.kind === "ordinal" ? " The labels are ordered, from the first to the last." : "";
    const { expression } = target;
    const others =
      expression.kind === "column" &&
      plan.specification.rows.where.some(({ column: from }) => from === expression.column)
        ? " Rows of the data with other values of it are left out."
        : "";
    const intro = `${name}: ${meaning}${unit}. There are ${counted(plan.labels.length, "label")}.${order}${others}`;
    if (plan.labels.length > 40 || counts.size === 0) {
      const shown = plan.labels.slice(0, 60).map((label) => code(label.name, 60));
      return `${intro}\n\n${list(shown)}${plan.labels.length > 60 ? ` and ${count(plan.labels.length - 60)} more` : ""}.`;
    }
    const rows = plan.labels.map((label) => {
      const number = counts.get(label.name) ?? 0;
      return [code(label.name, 80), count(number), percent(total === 0 ? 0 : number / total)];
    });
    return `${intro} In \`train.csv\`:\n\n${table(["label", "rows", "share"], rows)}`;
  }
  const values = column
    ? ` In \`train.csv\`: ${valuesOf(column)}${column.mean === null ? "" : `, mean ${figure(Number(column.mean.toPrecision(6)))}`}.`
    : "";
  if (plan.event) {
    const event = train.columns.find(({ name: other }) => other === "event");
    const seen = event?.values.find(([value]) => value === "1")?.[1] ?? 0;
    return `${name}: ${meaning}${unit}.${values}\n\n\`event\` says how the time ended: 1 when the event happened then (${count(seen)} rows of \`train.csv\`), 0 when observation stopped before it (censored).`;
  }
  return `${name}: ${meaning}${unit}.${values}`;
}

function columnsText(plan: Plan, train: PreparedTable): string {
  const meanings = new Map(
    plan.specification.features.map(({ column, description }) => [column, description]),
  );
  const described: DescribedColumn[] = plan.features.flatMap(({ view, name }) => {
    const facts = train.columns.find((column) => column.name === name);
    const known = meanings.get(view) ?? null;
    if (name === plan.media?.name) return facts ? [{ facts, description: "path of the row's file" }] : [];
    if (name === plan.query?.name)
      return facts ? [{ facts, description: known ?? "the query that the row belongs to" }] : [];
    const said = keepsGroupsApart(plan, view) ? groupMeaning(known, facts?.type) : known;
    return facts ? [{ facts, description: said }] : [];
  });
  const grid = plan.features.filter(({ name }) => train.grid.includes(name));
  const whole = grid.length >= 2 && grid.length === train.grid.length;
  const lines = [
    ...(whole ? [`Each row is one combination of ${list(grid.map(({ name }) => code(name)))}.`] : []),
    "`id` numbers the rows and says nothing about them. Values and missing shares are those of `train.csv`.",
  ];
  if (plan.testFeatures.length < plan.features.length) {
    lines.push(
      plan.testFeatures.length === 0
        ? "None of the features is known in advance: `test.csv` has the `id` alone."
        : `Known in advance, and so in \`test.csv\` too: ${list(plan.testFeatures.map((name) => code(name)))}. The others are in \`train.csv\` alone.`,
    );
  }
  return `${lines.join(" ")}\n\n${columnTable(described)}`;
}

/** The column names the groups that the split keeps whole. */
function keepsGroupsApart({ specification: { split, objective, modality } }: Plan, view: string): boolean {
  return (
    split.strategy === "group" &&
    objective !== "ranking" &&
    modality !== "molecules" &&
    split.groups.includes(view)
  );
}

/** For validation by group, not for prediction: its values in the test are others, and its numbers are new. */
function groupMeaning(known: string | null, type: string | undefined): string {
  const meaning = known === null ? "" : `${known.replace(/[.\s]+$/, "")}; `;
  const numbered = type === "integer" ? ", numbered anew at random" : "";
  return `${meaning}the group of the row${numbered}: no group of train is in test`;
}

const NAMES_GROUPS = /^names groups: /;

/** Which rows stay together; groups whose column solvers do not get are told by what it meant. */
function groupSentences({ specification, features }: Plan, share: string): string[] {
  const { split, dropped } = specification;
  if (specification.modality === "molecules")
    return [
      `Rows of one molecule, its salts and stereoisomers included, are all in train or all in test (${share} of the rows).`,
    ];
  const named = split.groups.flatMap((group) => features.find(({ view }) => view === group) ?? []);
  if (named.length === split.groups.length)
    return [
      `Rows that share ${list(named.map(({ name }) => code(name)))} are all in train or all in test (${share} of the rows): those of test are new to a solver.`,
    ];
  const meanings = split.groups.flatMap((group) => {
    const reason = dropped.find(({ column }) => column === group)?.reason ?? "";
    if (NAMES_GROUPS.test(reason)) return [escaped(reason.replace(NAMES_GROUPS, ""), 200)];
    // `id` means another thing in the package.
    return group === "id" ? [] : [`those that share ${code(group)}`];
  });
  const groups = meanings.length > 0 ? ` (${meanings.join("; ")})` : "";
  return [
    `Rows come in groups${groups} that are kept whole: all rows of a group are in train, or all in test (${share} of the rows), so that those of test are new to a solver. The files do not name the groups.`,
  ];
}

/** How the split was made: only what the generated program does. */
function splitText(plan: Plan, train: PreparedTable, test: PreparedTable): string {
  const { split, rows } = plan.specification;
  const share = percent(Number((test.rows / Math.max(1, train.rows + test.rows)).toFixed(4)));
  const sentences: string[] = [];
  const names = (columns: readonly string[]) =>
    list(columns.map((column) => code(plan.features.find(({ view }) => view === column)?.name ?? column)));
  switch (split.strategy) {
    case "random":
      sentences.push(`The test rows (${share} of all) were drawn at random.`);
      break;
    case "stratified": {
      const strata =
        plan.multilabel.length > 0
          ? "from the rows of each label, the rarest labels first"
          : plan.event
            ? "equally from rows with and without the event"
            : plan.labels || plan.specification.target.kind === "relevance"
              ? "from each label in the same share, as far as whole rows allow"
              : "from all ranges of the target in the same share";
      sentences.push(`The test rows (${share} of all) were drawn at random, ${strata}.`);
      break;
    }
    case "group":
      sentences.push(...groupSentences(plan, share));
      break;
    case "time": {
      const time = plan.features.find(({ view }) => view === split.time);
      const last = train.columns.find(({ name }) => name === time?.name);
      const until =
        last?.type === "datetime" && last.examples[1]
          ? `, which end at ${code(last.examples[1])}`
          : last && last.max !== null
            ? `, which end at ${figure(last.max)}`
            : "";
      sentences.push(
        `The split follows time (${names([split.time ?? ""])}): all test rows (${share} of all) are later than all train rows${until}.`,
      );
      if (plan.specification.objective !== "forecasting")
        sentences.push(
          "The other columns of a row are those of its own time: the target is asked for given them, not foretold before them.",
        );
      const times = test.columns.find(({ name }) => name === time?.name)?.distinct ?? 0;
      if (plan.specification.objective === "forecasting" && times > 0)
        sentences.push(`The test has ${counted(times, "time")}.`);
      if (split.series.length > 0)
        sentences.push(
          `There are several series, one for each value of ${names(split.series)}, cut at the same time.`,
        );
      break;
    }
    case "published":
      sentences.push(
        `Train and test are the parts that the dataset's authors published; test has ${share} of the rows.`,
      );
      break;
  }
  if (rows.deduplicate) sentences.push("Repeated rows were removed before.");
  if (rows.limit !== null) sentences.push(`At most ${count(rows.limit)} rows of the data are used.`);
  sentences.push(
    plan.timeOrder && split.time !== null
      ? `Rows are in order of ${names([split.time])}.`
      : "Rows are in random order.",
  );
  return sentences.join(" ");
}
