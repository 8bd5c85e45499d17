import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileTask } from "../../../task/compile/index.ts";
import type { DatasetFacts } from "../../../task/dataset-facts.ts";
import { gradeSubmissions, queryColumn } from "../../../task/grade.ts";
import { assemblePackage, type PackageParts } from "../../../task/package/assemble.ts";
import type { PreparedReport } from "../../../task/prepared-report.ts";
import type { Specification } from "../../../task/specification.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import { csv, parseCsv, png, randomNumbers, wav } from "../raw-data.ts";
import { specificationOf } from "../specifications.ts";

let services: TestServices;
beforeAll(async () => {
  services = await testServices();
});
afterAll(() => services.close());

const dataset: DatasetFacts = {
  name: "plots",
  title: "Plots | of <b>land</b>",
  fingerprint: "0f".repeat(32),
  source: "https://example.org/plots",
  licence: "CC0",
  licenceText: "Public domain.",
  redistributable: "yes",
};

interface Made {
  parts: PackageParts;
  report: PreparedReport;
  folder: string;
  read(path: string): Promise<Record<string, string>[]>;
}

/** Compiles and assembles, and has the task's own metric score the sample and the answers. */
async function make(
  raw: Record<string, string | Uint8Array>,
  specification: Specification,
): Promise<Made & { scores: Record<string, number | null> }> {
  const compiled = await compileTask(specification, services, {
    raw: await services.store.putFiles(raw),
    dataset,
    author: { kind: "rules", version: "1" },
  });
  if (!compiled.ok) throw new Error(`${compiled.problem}: ${compiled.reason}`);
  const { parts, report } = compiled;
  const folder = services.store.treePath(await assemblePackage(parts, services.store));
  const { auxiliary } = parts.manifest;
  const answers = parseCsv(await readFile(join(folder, "private/test_answer.csv"), "utf8"));
  const { columns, kind } = parts.manifest.submission;
  const target = parts.manifest.target.columns[0] ?? "";
  const perfect = answers.map((row) => [
    row.id ?? "",
    ...columns.map((column) =>
      kind === "probabilities"
        ? Number(row[target] === column)
        : kind === "labels" || kind === "scores"
          ? row[column] || "0"
          : kind === "score" && parts.manifest.target.labels
            ? Number(row[target] === parts.manifest.target.labels.at(-1))
            : parts.manifest.target.kind === "survival"
              ? Number(row.event) - 2 * Number(row[column]) // of equal times, the event comes first
              : (row[column] ?? ""),
    ),
  ]);
  const graded = await gradeSubmissions(
    {
      privateTree: await services.store.putTree(join(folder, "private")),
      metricCode: parts.metric,
      submissions: [
        {
          name: "sample",
          tree: await services.store.putTree(join(folder, "public")),
          path: "sample_submission.csv",
        },
        {
          name: "perfect",
          tree: await services.store.putFiles({ "p.csv": csv(["id", ...columns], perfect) }),
          path: "p.csv",
        },
      ],
      bootstrap: null,
      query: queryColumn(parts.manifest),
    },
    services,
  );
  if (!graded.ok) throw new Error(graded.reason);
  for (const result of graded.report.results) expect(result).toMatchObject({ status: "scored" });
  expect(auxiliary.every((name) => name in (answers[0] ?? {}))).toBe(true);
  return {
    parts,
    report,
    folder,
    read: async (path) => parseCsv(await readFile(join(folder, path), "utf8")),
    scores: Object.fromEntries(graded.report.results.map(({ name, score }) => [name, score])),
  };
}

const column = (name: string) => ({ kind: "column", column: name });

function plots(rows: number, seed = 1) {
  const random = randomNumbers(seed);
  return Array.from({ length: rows }, (_, number) => {
    const [rain, soil] = [
      Math.round(random() * 1000) / 10,
      ["clay", "sand", "loam"][Math.floor(random() * 3)] ?? "",
    ];
    return {
      number,
      rain,
      soil,
      yield: Math.round((rain * 3 + (soil === "loam" ? 80 : 0) + random() * 20) * 100) / 100,
      noise: random(),
    };
  });
}

describe("compiled tasks", () => {
  it("regression: fresh ids, hidden target, whole description", async () => {
    const rows = plots(200);
    const raw = {
      "data.csv": csv(
        ["id", "rain", "soil", "yield"],
        rows.map((row) => [row.number, row.rain, row.soil, row.yield]),
      ),
    };
    const made = await make(
      raw,
      specificationOf(["id", "rain", "soil"], {
        target: { expression: column("yield"), name: "yield", kind: "number", unit: "kg" },
      }),
    );
    const [train, test, answers] = await Promise.all(
      ["public/train.csv", "public/test.csv", "private/test_answer.csv"].map(made.read),
    );
    expect([train?.length, test?.length]).toEqual([150, 50]);
    expect(Object.keys(train?.[0] ?? {})).toEqual(["id", "original_id", "rain", "soil", "yield"]);
    expect(Object.keys(test?.[0] ?? {})).toEqual(["id", "original_id", "rain", "soil"]);
    expect(test?.map((row) => row.id)).toEqual(answers?.map((row) => row.id));
    const ids = [...(train ?? []), ...(test ?? [])].map((row) => Number(row.id));
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, id) => id));
    const byNumber = new Map(rows.map((row) => [String(row.number), row.yield]));
    for (const [position, row] of (test ?? []).entries()) {
      expect(Number(answers?.[position]?.yield)).toBe(byNumber.get(row.original_id ?? ""));
    }
    expect(made.scores.perfect).toBe(0);
    expect(made.scores.sample).toBeGreaterThan(10);
    const { description } = made.parts;
    for (const name of ["train.csv", "test.csv", "sample_submission.csv", "attribution.txt", "original_id"])
      expect(description).toContain(`\`${name}\``);
    expect(description).toContain("150 rows");
    expect(description).toContain("lower is better");
    expect(description).not.toContain("<b>");
    expect(made.parts.manifest.split.sizes).toEqual({ train: 150, test: 50 });
  });

  it("classes whose labels do not survive CSV, merged values, missing codes and filters", async () => {
    const labels = ["None", "NA!", "true", "07"];
    const rows = plots(240).map((row, number) => [
      row.rain > 50 ? -1 : row.rain,
      row.soil,
      labels[number % 4] ?? "",
      number % 10 === 0 ? "out" : "in",
    ]);
    const raw = { "data.csv": csv(["rain", "soil", "kind", "use"], rows) };
    const specification = specificationOf(["rain", "soil"], {
      view: {
        id: "data",
        recipes: { data: { reader: "delimited", paths: ["data.csv"], options: { texts: ["kind"] } } },
        base: "data",
        joins: [],
        media: null,
      },
      objective: "multiclass_classification",
      target: { expression: column("kind"), name: "kind", kind: "category", labels },
      rows: {
        deduplicate: false,
        limit: 150,
        where: [{ column: "use", in: ["in"] }],
        missingCodes: { rain: ["-1"] },
      },
      split: { strategy: "stratified" },
      metric: { name: "log_loss", parameters: {} },
    });
    const made = await make(raw, specification);
    const train = await made.read("public/train.csv");
    const { labels: safe } = made.parts.manifest.target;
    expect(new Set(train.map((row) => row.kind))).toEqual(new Set(safe));
    expect(safe).not.toContain("None");
    expect(train.length + (await made.read("public/test.csv")).length).toBe(150);
    expect(train.every((row) => Number(row.rain) <= 50)).toBe(true);
    expect(train.some((row) => row.rain === "")).toBe(true);
    expect(made.scores.perfect).toBeCloseTo(0, 6);
    expect(made.parts.manifest.submission.columns).toEqual(safe);
  });

  it.each([
    [["-1", "1"]],
    [["10", "9", "-0.5"]],
  ])("keeps the order of labels that are numbers: %j", async (labels) => {
    const rows = plots(90).map((row, number) => [row.rain, labels[number % labels.length] ?? ""]);
    const made = await make(
      { "data.csv": csv(["rain", "kind"], rows) },
      specificationOf(["rain"], {
        objective: labels.length === 2 ? "binary_classification" : "multiclass_classification",
        target: { expression: column("kind"), name: "kind", kind: "category", labels },
        split: { strategy: "stratified" },
        metric: { name: "log_loss", parameters: {} },
      }),
    );
    const sample = await readFile(join(made.folder, "public/sample_submission.csv"), "utf8");
    expect(sample.split("\n")[0]).toBe(["id", ...labels].join(","));
    expect(made.scores.perfect).toBeCloseTo(0, 6);
  });

  it.each([
    ["roc_auc", "binary_classification", 1],
    ["f1", "binary_classification", 1],
    ["quadratic_weighted_kappa", "ordinal_classification", 1],
  ])("%s of labels made by threshold or order", async (metric, objective, best) => {
    const rows = plots(160).map((row) => [
      row.rain,
      row.soil,
      row.yield,
      Math.min(4, Math.floor(row.rain / 20)),
    ]);
    const raw = { "data.csv": csv(["rain", "soil", "yield", "grade"], rows) };
    const ordinal = objective === "ordinal_classification";
    const made = await make(
      raw,
      specificationOf(["rain", "soil"], {
        objective,
        target: ordinal
          ? { expression: column("grade"), name: "grade", kind: "ordinal", labels: ["0", "1", "2", "3", "4"] }
          : {
              expression: { kind: "threshold", column: "yield", above: 150 },
              name: "high_yield",
              kind: "category",
              labels: ["no", "yes"],
            },
        split: { strategy: "stratified" },
        metric: { name: metric, parameters: {} },
      }),
    );
    expect(made.scores.perfect).toBeCloseTo(best, 9);
    expect(made.scores.sample).toBeLessThan(0.8);
  });

  it("multi-label with unknown labels", async () => {
    const random = randomNumbers(3);
    const rows = plots(160).map((row) => [
      row.rain,
      ...[0.5, 0.2, 0.1].map((share) => (random() < 0.2 ? null : Number(random() < share))),
    ]);
    const raw = { "data.csv": csv(["rain", "a", "b", "id"], rows) };
    const made = await make(
      raw,
      specificationOf(["rain"], {
        objective: "multilabel_classification",
        target: {
          expression: { kind: "columns", columns: ["a", "b", "id"] },
          name: "labels",
          kind: "multilabel",
        },
        split: { strategy: "stratified" },
        metric: { name: "roc_auc_macro", parameters: {} },
      }),
    );
    expect(made.parts.manifest.target.columns).toEqual(["a", "b", "original_id"]);
    const answers = await made.read("private/test_answer.csv");
    expect(answers.some((row) => row.a === "")).toBe(true);
    expect(made.scores.perfect).toBe(1);
  });

  it("forecasting of several series: later rows, columns known in advance, scale of each series", async () => {
    const random = randomNumbers(5);
    const rows = [];
    for (let day = 0; day < 60; day++) {
      for (const shop of ["north", "south", "new"]) {
        if (shop === "new" && day < 50) continue;
        const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
        rows.push([
          date,
          shop,
          day % 7,
          Math.round(random() * 30),
          Math.round((shop === "north" ? 100 : 10) * (1 + random())),
        ]);
      }
    }
    rows.sort(() => random() - 0.5);
    const raw = { "data.csv": csv(["date", "shop", "weekday", "heat", "sales"], rows) };
    const made = await make(
      raw,
      specificationOf(["date", "shop", "weekday", "heat"], {
        objective: "forecasting",
        modality: "time_series",
        target: { expression: column("sales"), name: "sales", kind: "number" },
        knownInAdvance: ["weekday"],
        split: { strategy: "time", time: "date", series: ["shop"] },
        metric: { name: "mase", parameters: {} },
      }),
    );
    const [train, test, answers, units] = await Promise.all(
      ["public/train.csv", "public/test.csv", "private/test_answer.csv", "private/units.csv"].map(made.read),
    );
    expect(Object.keys(test?.[0] ?? {})).toEqual(["id", "date", "shop", "weekday"]);
    const last = train?.at(-1)?.date ?? "";
    expect(test?.every((row) => (row.date ?? "") > last)).toBe(true);
    expect(new Set(test?.map((row) => row.shop))).toEqual(new Set(["north", "south"]));
    const scales = new Map(
      answers?.map((row, position) => [test?.[position]?.shop ?? "", Number(row.scale)]),
    );
    expect(scales.get("north")).toBeGreaterThan(5 * (scales.get("south") ?? 0));
    expect(new Set(units?.map((row) => row.unit)).size).toBeGreaterThan(5);
    expect(made.scores.perfect).toBe(0);
  });

  it.each([
    ["days", (step: number) => new Date(Date.UTC(2020, 0, 1 + step))],
    ["months, whose days and months look alike", (step: number) => new Date(Date.UTC(2010, step, 1))],
  ])("dates with the day first are read as such and written in ISO form: %s", async (_what, dateOf) => {
    const rows = Array.from({ length: 80 }, (_, step) => {
      const [year = "", month = "", day = ""] = dateOf(step).toISOString().slice(0, 10).split("-");
      return [`${day}/${month}/${year}`, step % 7, 100 + step];
    });
    const made = await make(
      { "data.csv": csv(["date", "weekday", "sales"], rows) },
      specificationOf(["date", "weekday"], {
        objective: "forecasting",
        modality: "time_series",
        target: { expression: column("sales"), name: "sales", kind: "number" },
        knownInAdvance: ["weekday"],
        split: { strategy: "time", time: "date" },
        metric: { name: "mae", parameters: {} },
      }),
    );
    const dates = [...(await made.read("public/train.csv")), ...(await made.read("public/test.csv"))];
    expect(dates.map((row) => row.date)).toEqual(
      rows.map((_, step) => dateOf(step).toISOString().slice(0, 10)),
    );
  });

  it("ranking: whole queries, the query in train, test and answers", async () => {
    const random = randomNumbers(9);
    const rows = Array.from({ length: 400 }, (_, number) => [
      Math.floor(number / 10),
      Math.round(random() * 100),
      Math.floor(random() * 4),
    ]);
    const raw = { "data.csv": csv(["qid", "feature", "grade"], rows) };
    const made = await make(
      raw,
      specificationOf(["feature"], {
        objective: "ranking",
        modality: "ranking",
        target: { expression: column("grade"), name: "relevance", kind: "relevance" },
        split: { strategy: "group", groups: ["qid"] },
        metric: { name: "ndcg", parameters: { k: 5 } },
      }),
    );
    const [train, test, answers] = await Promise.all(
      ["public/train.csv", "public/test.csv", "private/test_answer.csv"].map(made.read),
    );
    const inTrain = new Set(train?.map((row) => row.query));
    expect(test?.length).toBe(100);
    expect(test?.some((row) => inTrain.has(row.query))).toBe(false);
    expect(answers?.map((row) => row.query)).toEqual(test?.map((row) => row.query));
    expect(made.parts.manifest.split.groups).toEqual(["query"]);
    expect(made.scores.perfect).toBe(1);
  });

  it("survival: duration and event in train, event beside the answers, status coded 1 and 2", async () => {
    const random = randomNumbers(11);
    const rows = plots(200).map((row) => [row.rain, Math.ceil(random() * 500), random() < 0.4 ? 1 : 2]);
    const made = await make(
      { "data.csv": csv(["age", "time", "status"], rows) },
      specificationOf(["age"], {
        objective: "survival",
        modality: "survival",
        target: { expression: column("time"), name: "time", kind: "survival", event: "status", unit: "days" },
        split: { strategy: "stratified" },
        metric: { name: "concordance_index", parameters: {} },
      }),
    );
    expect(Object.keys((await made.read("public/train.csv"))[0] ?? {})).toEqual([
      "id",
      "age",
      "time",
      "event",
    ]);
    expect(Object.keys((await made.read("public/test.csv"))[0] ?? {})).toEqual(["id", "age"]);
    const events = (await made.read("private/test_answer.csv")).map((row) => row.event);
    expect(new Set(events)).toEqual(new Set(["0", "1"]));
    expect(made.scores.perfect).toBe(1);
  });

  it.each([
    "image",
    "audio",
  ] as const)("%s files: fresh names, one date, no metadata, no orphan", async (kind) => {
    const extension = kind === "image" ? "PNG" : "wav";
    const raw: Record<string, string | Uint8Array> = {};
    for (let number = 0; number < 60; number++) {
      const label = number % 2 === 0 ? "cat" : "dog";
      raw[`${label}/${label}-${number}.${extension}`] =
        kind === "image" ? png(label, number) : wav(label, number / 7);
    }
    raw["cat/copy.PNG"] = raw["cat/cat-0.PNG"] ?? "";
    const made = await make(
      raw,
      specificationOf(["path"], {
        objective: "binary_classification",
        modality: kind,
        view: {
          id: "files",
          recipes: {
            files: {
              reader: "files",
              paths: ["cat", "dog"],
              options: { extensions: [`.${extension.toLowerCase()}`] },
            },
          },
          base: "files",
          joins: [],
          media: { column: "path", kind },
        },
        target: {
          expression: column("folder_1"),
          name: "animal",
          kind: "category",
          labels: ["cat", "dog"],
        },
        rows: { deduplicate: true, limit: null, where: [], missingCodes: {} },
        split: { strategy: "stratified" },
        metric: { name: "accuracy", parameters: {} },
      }),
    );
    const rows = [...(await made.read("public/train.csv")), ...(await made.read("public/test.csv"))];
    expect(rows).toHaveLength(60);
    for (const row of rows) {
      expect(row.file).toMatch(new RegExp(`^(train|test)/${row.id}\\.${extension.toLowerCase()}$`));
      const bytes = await readFile(join(made.folder, "public", row.file ?? ""));
      expect(bytes.includes("cat") || bytes.includes("dog")).toBe(false);
      expect(bytes.length).toBeGreaterThan(40);
    }
    expect(made.report.folders.reduce((sum, { files }) => sum + files, 0)).toBe(60);
    expect(made.parts.description).toContain("`train/`");
  });

  it("series files: one clean CSV a row", async () => {
    const random = randomNumbers(13);
    const raw: Record<string, string> = {
      "data.csv": csv(
        ["file", "class"],
        Array.from({ length: 50 }, (_, number) => [`series/s${number}.csv`, number % 2]),
      ),
    };
    for (let number = 0; number < 50; number++) {
      const rows = Array.from(
        { length: 5 + (number % 4) },
        () => `${random().toFixed(3)}, ${random().toFixed(3)}`,
      );
      raw[`series/s${number}.csv`] = `#left, right\r\n${rows.join("\r\n")}\r\n`;
    }
    const made = await make(
      raw,
      specificationOf(["file"], {
        objective: "binary_classification",
        modality: "series",
        view: {
          id: "data",
          recipes: { data: { reader: "delimited", paths: ["data.csv"], options: {} } },
          base: "data",
          joins: [],
          media: { column: "file", kind: "series" },
        },
        target: { expression: column("class"), name: "class", kind: "category", labels: ["0", "1"] },
        split: { strategy: "stratified" },
        metric: { name: "accuracy", parameters: {} },
      }),
    );
    const [first] = await made.read("public/train.csv");
    const series = await made.read(`public/${first?.file}`);
    expect(Object.keys(series[0] ?? {})).toEqual(["left", "right"]);
    expect(series.length).toBeGreaterThanOrEqual(5);
    expect(series.every((row) => Number.isFinite(Number(row.left)) && row.right !== "")).toBe(true);
  });

  it("joined tables, a published split, ratings", async () => {
    const random = randomNumbers(17);
    const items = Array.from({ length: 20 }, (_, item) => [item, ["book", "film"][item % 2] ?? ""]);
    const ratings = Array.from({ length: 400 }, (_, number) => [
      Math.floor(random() * 30),
      Math.floor(random() * 20),
      1 + Math.floor(random() * 5),
      number < 300 ? "train" : number < 390 ? "test" : "other",
    ]);
    const table = (path: string) => ({ reader: "delimited", paths: [path], options: {} });
    const made = await make(
      {
        "ratings.csv": csv(["user", "item", "rating", "part"], ratings),
        "items.csv": csv(["item", "kind"], items),
      },
      specificationOf(["user", "item", "items.kind"], {
        objective: "rating_prediction",
        modality: "ratings",
        view: {
          id: "ratings",
          recipes: { ratings: table("ratings.csv"), items: table("items.csv") },
          base: "ratings",
          joins: [
            {
              table: "items",
              leftOn: ["item"],
              rightOn: ["item"],
              columns: ["kind"],
              prefix: "items.",
              kind: "one",
            },
          ],
          media: null,
        },
        target: { expression: column("rating"), name: "rating", kind: "number" },
        split: { strategy: "published", published: { column: "part", train: ["train"], test: ["test"] } },
      }),
    );
    expect(await made.read("public/train.csv")).toHaveLength(300);
    const test = await made.read("public/test.csv");
    expect(test).toHaveLength(90);
    expect(test.every((row) => row["items.kind"] === (Number(row.item) % 2 === 0 ? "book" : "film"))).toBe(
      true,
    );
  });
});
