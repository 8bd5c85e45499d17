import { describe, expect, it } from "vitest";
import { brainstorm } from "../../agents/brainstormer/rules.ts";
import { design } from "../../agents/designer/rules.ts";
import { classesPhrase, eventPhrase } from "../../agents/words/classes.ts";
import type { ColumnFacts, Probe, Survey } from "../../dataset/survey.ts";
import { column, numeric, probe as probeOf, survey, view } from "../helpers/survey-fixture.ts";

const probe = (name: string, facts: Partial<Probe> = {}) => probeOf(name, { gain: 0.6, ...facts });

function amounts(...names: string[]): ColumnFacts[] {
  return names.map((name) => column(name, "number"));
}

function classes(name: string, ...labels: string[]): ColumnFacts {
  return column(name, labels.length === 2 ? "boolean" : "category", {
    distinct: labels.length,
    top: labels.map((label) => [label, Math.floor(1000 / labels.length)] as [string, number]),
    numeric: labels.every((label) => /^\d+$/.test(label)) ? numeric({ mean: 0.5 }) : null,
  });
}

function table(columns: ColumnFacts[], probes: Probe[] = [], name = "d", text = ""): Survey {
  return survey([view("main", columns, { probes })], {
    documentation: text === "" ? [] : [{ path: "README.md", text }],
    dataset: { name, title: name, fingerprint: "0".repeat(16) },
  });
}

function targets(data: Survey): string[] {
  return brainstorm(data, { tasks: 3 }).candidates.map((candidate) => candidate.target.join("+"));
}

const measures = amounts("alpha", "beta", "gamma", "delta", "epsilon", "zeta");

describe("tables without documentation", () => {
  it.each([
    ["target, last", [...measures, classes("target", "0", "1")], "target"],
    ["class, first", [classes("class", "e", "p"), ...measures], "class"],
    ["y of yes and no, last", [...measures, classes("y", "no", "yes")], "y"],
    [
      "y beside numbered x",
      [...amounts("X1", "X2", "X3", "X4"), column("Y1", "number"), column("Y2", "number")],
      "Y1",
    ],
    ["the last number, when nothing else claims", [...measures, column("MEDV", "number")], "MEDV"],
    ["the last of a numbered series", [...measures, ...amounts("G1", "G2", "G3")], "G3"],
    ["how a loan ended", [classes("loan_status", "0", "1"), ...measures], "loan_status"],
  ])("ask for %s", (_, columns, expected) => {
    expect(
      targets(
        table(
          columns,
          columns.map((entry) => probe(entry.name)),
        ),
      ),
    ).toEqual([expected]);
  });

  it("ask not for a last column that nothing predicts", () => {
    expect(targets(table([...measures, column("MEDV", "number")], [probe("MEDV", { gain: 0.2 })]))).toEqual(
      [],
    );
  });

  it("ask not for the last column of a data frame written with its row names", () => {
    const rownames = column("rownames", "integer", { flags: ["row_number", "unique"], distinct: 1000 });
    expect(targets(table([rownames, ...measures, column("MEDV", "number")], [probe("MEDV")]))).toEqual([]);
  });

  it("ask not for a coordinate", () => {
    expect(targets(table([...amounts("x", "a", "b", "c", "d", "y")], [probe("y")]))).toEqual([]);
  });

  it("ask for the class that the dataset is named for, though it is coded by numbers", () => {
    const wine = column("Wine", "integer", {
      distinct: 3,
      top: [
        ["1", 300],
        ["2", 400],
        ["3", 300],
      ],
      numeric: numeric({ min: 1, max: 3 }),
    });
    const found = brainstorm(
      table([wine, ...measures], [probe("Wine", { kind: "classification" })], "wine"),
      { tasks: 1 },
    );
    expect(found.candidates[0]?.objective).toBe("multiclass_classification");
  });
});

describe("what is withheld", () => {
  function dropped(data: Survey): Record<string, string> {
    const candidate = brainstorm(data, { tasks: 1 }).candidates[0];
    if (candidate === undefined) throw new Error("no candidate");
    const made = design(candidate, data, { seed: 1, defects: [] });
    if ("giveUp" in made || made.kind !== "specification") throw new Error(JSON.stringify(made));
    return Object.fromEntries(made.specification.dropped.map((entry) => [entry.column, entry.reason]));
  }

  it("counters of samples, study names and remarks", () => {
    const columns = [
      column("studyName", "category", { distinct: 3 }),
      column("Sample Number", "integer", { distinct: 150 }),
      ...measures,
      column("Comments", "text", { missing: 0.8, distinct: 6 }),
      column("price", "number"),
    ];
    expect(Object.keys(dropped(table(columns)))).toEqual(["studyName", "Sample Number", "Comments"]);
  });

  it("what tells nearly every class by itself, but not when classes are hard to tell", () => {
    const columns = [...measures, classes("species", "a", "b", "c")];
    const singles = [
      { column: "alpha", gain: 0.9 },
      { column: "beta", gain: 0.6 },
      { column: "gamma", gain: 0.2 },
    ];
    const easy = probe("species", { kind: "classification", gain: 0.999, singles });
    expect(Object.keys(dropped(table(columns, [easy])))).toEqual(["alpha", "beta"]);
    expect(dropped(table(columns, [{ ...easy, gain: 0.8 }]))).toEqual({});
  });
});

describe("phrases of classes", () => {
  it.each([
    [["ham", "spam"], "mail", "text", "whether each text is spam"],
    [["negative", "positive"], "", "text", "the sentiment of each text"],
    [["a", "b", "c"], "150 intents of questions", "text", "the intent of each text"],
    [[..."0123456789"], "Spoken digits", "recording", "the digit spoken in each recording"],
    [[..."0123456789"], "Signs of digits", "image", "the digit shown in each image"],
    [["0", "1"], "digits of pi", "row", null],
  ] as const)("%j of %j", (labels, words, row, phrase) => {
    expect(classesPhrase([...labels], words, row)).toBe(phrase);
  });

  it("events become nouns", () => {
    expect(["Survived", "is_fraud", "Churn", "colour"].map(eventPhrase)).toEqual([
      "survival",
      "fraud",
      "churn",
      null,
    ]);
  });
});

describe("saturated scores", () => {
  const columns = [...measures, classes("species", "a", "b", "c")];
  const data = (gain: number) => table(columns, [probe("species", { kind: "classification", gain })]);
  const saturated = {
    check: "ladder-saturated",
    layer: "execution" as const,
    severity: "fatal" as const,
    blame: "designer" as const,
    message: "too easy",
    evidence: "measured",
    repair: null,
  };

  function metric(gain: number, defects: (typeof saturated)[] = []): string {
    const candidate = brainstorm(data(gain), { tasks: 1 }).candidates[0];
    if (candidate === undefined) throw new Error("no candidate");
    const made = design(candidate, data(gain), { seed: 1, defects });
    if ("giveUp" in made) return "gives up";
    return made.kind === "specification" ? made.specification.metric.name : "";
  }

  it("get the log loss once, and no second chance", () => {
    expect([metric(0.6), metric(0.6, [saturated]), metric(0.92, [saturated])]).toEqual([
      "accuracy",
      "log_loss",
      "gives up",
    ]);
  });
});
