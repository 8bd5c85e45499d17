import type { Plan } from "./plan.ts";
import { isMultilabel, keepsNames, makeColumns } from "./prepare-columns.ts";
import { isGrouped, split } from "./prepare-split.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";

/** The lines of `def prepare(raw, public, private)` for a plan. */
export function prepareBody(plan: Plan): string[] {
  const body = [
    "rng = np.random.default_rng(SEED)",
    ...selectRows(plan),
    "",
    ...makeColumns(plan),
    "",
    ...limitRows(plan),
    ...split(plan),
    "",
    ...order(plan),
    "train, test = data[~is_test].copy(), data[is_test].copy()",
    ...media(plan),
    "",
    ...write(plan),
  ];
  return [
    "def prepare(raw: Path, public: Path, private: Path) -> None:",
    '    """Writes train.csv, test.csv and sample_submission.csv to public, and test_answer.csv to private."""',
    ...body.map((line) => (line === "" ? "" : `    ${line}`)),
  ];
}

/** Reads the view, and keeps the rows that the task is about. */
function selectRows({ specification, ...plan }: Plan): string[] {
  const { rows, split, target } = specification;
  const others = new Set<string>();
  for (const { column } of rows.where) others.add(column);
  const { expression } = target;
  if (expression.kind === "difference" || expression.kind === "ratio")
    for (const side of [expression.left, expression.right]) others.add(side);
  else if (expression.kind !== "columns") others.add(expression.column);
  if (plan.event) others.add(plan.event.view);
  for (const column of [...split.groups, ...split.series]) others.add(column);
  if (split.strategy === "time" && split.time !== null) others.add(split.time);
  if (split.strategy === "published" && split.published) others.add(split.published.column);
  const named = new Set(plan.features.map(({ view }) => view));
  const more = [...others].filter((column) => !named.has(column));
  const required = [
    "*FEATURES",
    ...(plan.multilabel.length > 0 ? ["*TARGETS"] : []),
    ...more.map(pythonText),
  ];
  const lines = ["rows = load(raw)", `require_columns(rows, [${required.join(", ")}])`];
  for (const { column, in: values } of rows.where) {
    lines.push(
      `rows = keep_where(rows, ${pythonText(column)}, ${pythonLiteral(values, 4, 40 + column.length)})`,
    );
  }
  if (split.strategy === "published" && split.published) {
    const { column, train, test } = split.published;
    lines.push(
      `rows = keep_where(rows, ${pythonText(column)}, ${pythonLiteral([...train, ...test], 4, 40 + column.length)})`,
    );
  }
  if (Object.keys(rows.missingCodes).length > 0) lines.push("rows = blank_codes(rows, MISSING_CODES)");
  if (plan.media) lines.push(`rows = keep_with_file(rows, raw, ${pythonText(plan.media.view)})`);
  if (split.strategy === "time" && split.time !== null) {
    lines.push(`times = as_time(rows[${pythonText(split.time)}]).dropna()`, "rows = rows.loc[times.index]");
  }
  return lines;
}

/** At most as many rows as the specification wants. */
function limitRows(plan: Plan): string[] {
  const { rows, split } = plan.specification;
  if (rows.limit === null) return [];
  if (split.strategy === "time") return ["data = latest_rows(data, times.loc[data.index], ROW_LIMIT)"];
  if (isGrouped(plan) && split.strategy === "group") {
    return [
      "data = sample_groups(data, join_mates(group_key(rows.loc[data.index], GROUPS)), ROW_LIMIT, rng)",
    ];
  }
  return ["data = sample_rows(data, ROW_LIMIT, rng)"];
}

/** The order of the rows, and their ids: neither tells anything that the other columns do not. */
function order(plan: Plan): string[] {
  const lines = plan.timeOrder
    ? ['order = np.argsort(times.loc[data.index].to_numpy(), kind="stable")']
    : ["order = rng.permutation(len(data))"];
  return [
    ...lines,
    "data, is_test = data.iloc[order], is_test[order]",
    'data.insert(0, "id", np.arange(len(data)))',
    ...freshNumbers(plan),
  ];
}

/** Numbers of the split's groups may follow the order in which the data came: solvers get others. */
function freshNumbers({ specification: { split: how, objective }, features }: Plan): string[] {
  if (how.strategy !== "group" || objective === "ranking") return [];
  return features
    .filter(({ view }) => how.groups.includes(view))
    .map(({ name }) => `data[${pythonText(name)}] = renumber(data[${pythonText(name)}], rng)`);
}

/** Copies of the files that rows name, under names that tell nothing. */
function media(plan: Plan): string[] {
  if (!plan.media) return [];
  const copy = plan.media.kind === "series" ? "copy_series" : "copy_files";
  return ["train", "test"].map(
    (part) => `${part}["file"] = ${copy}(raw, ${part}["file"], ${part}["id"], public, "${part}")`,
  );
}

/** The files of the package. */
function write(plan: Plan): string[] {
  const { split: how, metric } = plan.specification;
  const truth = isMultilabel(plan) ? "*TARGETS.values()" : "TARGET";
  const features =
    plan.testFeatures.length < plan.features.length
      ? "*TEST_FEATURES"
      : keepsNames(plan.features)
        ? "*FEATURES"
        : "*FEATURES.values()";
  const answers = ['"id"', truth];
  const lines = [
    'write_csv(train, public / "train.csv")',
    `write_csv(test[["id", ${features}]], public / "test.csv")`,
    "",
    ...sample(plan),
    'write_csv(sample, public / "sample_submission.csv")',
    "",
  ];
  if (plan.event) answers.push('"event"');
  if (plan.query) answers.push('"query"');
  if (metric.name === "mase") {
    const series = how.series.length > 0 ? "series" : "None";
    lines.push(`test["scale"] = naive_scale(train[TARGET], test[TARGET], ${series})`);
    answers.push('"scale"');
  }
  lines.push(`write_csv(test[[${answers.join(", ")}]], private / "test_answer.csv")`);
  if (isGrouped(plan)) {
    lines.push(
      'units = pd.DataFrame({"id": test["id"], "unit": groups.loc[test.index]})',
      'write_csv(units, private / "units.csv")',
    );
  } else if (how.strategy === "time") {
    lines.push(
      'units = pd.DataFrame({"id": test["id"], "unit": time_blocks(times.loc[test.index])})',
      'write_csv(units, private / "units.csv")',
    );
  }
  return lines;
}

/** A submission that is valid and knows nothing. */
function sample(plan: Plan): string[] {
  const first = 'sample = test[["id"]].copy()';
  switch (plan.submission.kind) {
    case "label":
      return [first, "sample[TARGET] = rng.choice(list(LABELS.values()), len(test))"];
    case "score":
      return [first, "sample[TARGET] = rng.random(len(test)).round(6)"];
    case "value":
      return [first, "sample[TARGET] = rng.choice(train[TARGET].to_numpy(), len(test))"];
    case "probabilities":
      return [
        first,
        "sample[list(LABELS.values())] = rng.dirichlet(np.ones(len(LABELS)), len(test)).round(6)",
      ];
    case "labels":
      return [first, "sample[[*TARGETS.values()]] = rng.integers(0, 2, (len(test), len(TARGETS)))"];
    case "scores":
      return [first, "sample[[*TARGETS.values()]] = rng.random((len(test), len(TARGETS))).round(6)"];
  }
}
