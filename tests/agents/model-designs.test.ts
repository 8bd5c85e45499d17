import { describe, expect, it } from "vitest";
import type { SpecificationAnswer } from "../../agents/designer/answer.ts";
import { expandAnswer } from "../../agents/designer/expand.ts";
import type { ViewSurvey } from "../../dataset/survey.ts";
import { compilePrepare } from "../../task/compile/compile-prepare.ts";
import type { Specification } from "../../task/specification.ts";
import { column, view } from "../helpers/survey-fixture.ts";

const classes = (...counts: [string, number][]) => ({ top: counts, distinct: counts.length });

/** A view with something of every kind. */
const everything: ViewSurvey = view(
  "table",
  [
    column("row", "integer", { flags: ["row_number", "unique", "identifier"] }),
    column("person", "integer", { flags: ["group_like", "identifier"], distinct: 200 }),
    column("name", "string", { flags: ["sensitive"] }),
    column("when", "datetime", { flags: ["time_like"], range: ["2020-01-01", "2022-12-31"] }),
    column("shop", "category", classes(["north", 500], ["south", 480], ["Éire", 80])),
    column("plan", "boolean", classes(["yes", 300], ["no", 700])),
    column("before", "number"),
    column("after", "number"),
    column("sales", "number"),
    column("grade", "integer", {
      ...classes(["1", 300], ["2", 400], ["3", 250], ["99", 50]),
      flags: ["missing_code", "ordinal"],
    }),
    column("rain", "integer", classes(["0", 800], ["1", 200])),
    column("snow", "integer", classes(["0", 950], ["1", 50])),
    column("text", "text", { flags: ["unique", "identifier"], words: 12 }),
    column("died", "integer", classes(["0", 800], ["1", 200])),
    column("days", "integer"),
  ],
  { published: { column: "shop", train: ["north"], test: ["south"] } },
);

function answerWith(
  changes: Partial<SpecificationAnswer>,
  target: Partial<SpecificationAnswer["target"]> = {},
): SpecificationAnswer {
  return {
    kind: "specification",
    title: "Predict what is asked",
    question: "What is the value that is asked for?",
    background: "",
    category: "testing",
    objective: "regression",
    metric: { name: "rmse", parameters: [] },
    withheld: [],
    kept: [],
    descriptions: [],
    split: { strategy: "random", groups: [], time: null, series: [] },
    known_in_advance: null,
    only_rows: [],
    missing_codes: [],
    ...changes,
    target: {
      from: "column",
      columns: ["sales"],
      values: [],
      above: null,
      name: "sales",
      unit: null,
      labels: null,
      event: null,
      meaning: "the sales",
      ...target,
    },
  };
}

function expand(answer: SpecificationAnswer): Specification {
  const expanded = expandAnswer(answer, everything, 3);
  if (!expanded.ok) throw new Error(expanded.errors.join("; "));
  // Whatever is accepted can be compiled.
  expect(compilePrepare(expanded.value)).toContain("def prepare(");
  return expanded.value;
}

function errors(answer: SpecificationAnswer): string {
  const expanded = expandAnswer(answer, everything, 3);
  return expanded.ok ? "" : expanded.errors.join("\n");
}

const names = (specification: Specification) => specification.features.map((feature) => feature.column);

describe("a Designer's answer becomes a specification", () => {
  it("leaves out what names rows and people, and keeps texts", () => {
    const specification = expand(answerWith({}));
    expect(names(specification)).toEqual([
      "person",
      "when",
      "shop",
      "plan",
      "before",
      "after",
      "grade",
      "rain",
      "snow",
      "text",
      "died",
      "days",
    ]);
    expect(specification.dropped).toEqual([
      { column: "row", reason: "numbers the rows" },
      { column: "name", reason: "names or reaches a person" },
    ]);
    expect(names(expand(answerWith({ kept: ["row"] })))).toContain("row");
  });

  it("makes derived targets and withholds what they are made from", () => {
    const change = expand(
      answerWith({}, { from: "difference", columns: ["after", "before"], name: "change" }),
    );
    expect(change.target.expression).toEqual({ kind: "difference", left: "after", right: "before" });
    expect(names(change)).not.toEqual(expect.arrayContaining(["after"]));
    expect(names(change)).not.toEqual(expect.arrayContaining(["before"]));
    const above = expand(
      answerWith(
        { objective: "binary_classification", metric: { name: "f1", parameters: [] } },
        { from: "threshold", above: 10, name: "high" },
      ),
    );
    expect(above.target).toMatchObject({
      kind: "category",
      labels: ["no", "yes"],
      expression: { kind: "threshold", column: "sales", above: 10 },
    });
  });

  it("orders levels, drops codes for no answer, and keeps rows of the listed classes only", () => {
    const specification = expand(
      answerWith(
        { objective: "ordinal_classification", metric: { name: "quadratic_weighted_kappa", parameters: [] } },
        { columns: ["grade"], name: "grade", labels: ["1", "2", "3"] },
      ),
    );
    expect(specification.target).toMatchObject({ kind: "ordinal", labels: ["1", "2", "3"] });
    expect(specification.rows.where).toEqual([{ column: "grade", in: ["1", "2", "3"] }]);
    expect(specification.rows.missingCodes).toMatchObject({ grade: ["99"] });
  });

  it("takes several columns as one multi-label target", () => {
    const specification = expand(
      answerWith(
        { objective: "multilabel_classification", metric: { name: "micro_f1", parameters: [] } },
        { from: "columns", columns: ["rain", "snow"], name: "weather" },
      ),
    );
    expect(specification.target.kind).toBe("multilabel");
    expect(names(specification)).not.toContain("snow");
  });

  it("splits by group, by time and as published", () => {
    const grouped = expand(
      answerWith({ split: { strategy: "group", groups: ["person"], time: null, series: [] } }),
    );
    expect(grouped.split.groups).toEqual(["person"]);
    const forecast = expand(
      answerWith({
        objective: "forecasting",
        metric: { name: "mase", parameters: [] },
        split: { strategy: "time", groups: [], time: "when", series: ["shop"] },
        known_in_advance: ["plan"],
      }),
    );
    expect(forecast).toMatchObject({
      knownInAdvance: ["plan"],
      split: { time: "when", series: ["shop"] },
      rows: { deduplicate: false },
    });
    const published = expand(
      answerWith({ split: { strategy: "published", groups: [], time: null, series: [] } }),
    );
    expect(published.split.published).toEqual(everything.published);
    expect(names(published)).not.toContain("shop");
  });

  it("keeps the event of a survival task from solvers, and names the query of a ranking", () => {
    const survival = expand(
      answerWith(
        { objective: "survival", metric: { name: "concordance_index", parameters: [] } },
        { columns: ["days"], name: "days", event: "died" },
      ),
    );
    expect(survival.target).toMatchObject({ kind: "survival", event: "died" });
    expect(names(survival)).not.toContain("died");
    const ranking = expand(
      answerWith(
        {
          objective: "ranking",
          metric: { name: "ndcg", parameters: [{ name: "k", value: 5 }] },
          split: { strategy: "group", groups: ["person"], time: null, series: [] },
        },
        { columns: ["grade"], name: "grade" },
      ),
    );
    expect(ranking).toMatchObject({
      target: { kind: "relevance" },
      metric: { parameters: { k: 5 } },
      split: { groups: ["person"] },
    });
  });

  it.each<[string, SpecificationAnswer, RegExp]>([
    [
      "a metric of another objective",
      answerWith({ metric: { name: "f1", parameters: [] } }),
      /f1 does not grade regression/,
    ],
    [
      "a parameter that the metric lacks",
      answerWith({ metric: { name: "rmse", parameters: [{ name: "k", value: 1 }] } }),
      /no parameter k/,
    ],
    ["a forecast without time", answerWith({ objective: "forecasting" }), /needs a time split/],
    [
      "a group split without groups",
      answerWith({ split: { strategy: "group", groups: [], time: null, series: [] } }),
      /split.groups/,
    ],
    [
      "survival without an event",
      answerWith({ objective: "survival", metric: { name: "concordance_index", parameters: [] } }),
      /target.event/,
    ],
    [
      "a threshold without a number",
      answerWith(
        { objective: "binary_classification", metric: { name: "f1", parameters: [] } },
        { from: "threshold" },
      ),
      /target.above/,
    ],
    ["two columns where one is meant", answerWith({}, { columns: ["before", "after"] }), /takes one column/],
    ["withheld targets", answerWith({ withheld: [{ column: "sales", text: "leak" }] }), /target's own/],
    [
      "everything withheld",
      answerWith({
        withheld: everything.columns
          .filter(({ name }) => name !== "sales")
          .map(({ name }) => ({ column: name, text: "x" })),
      }),
      /no feature is left/,
    ],
    ["a short title", answerWith({ title: "Sales" }), /title/],
    [
      "three classes for F1",
      answerWith(
        { objective: "binary_classification", metric: { name: "f1", parameters: [] } },
        { columns: ["shop"] },
      ),
      /exactly two labels/,
    ],
  ])("says what is wrong with %s", (_name, answer, expected) => {
    expect(errors(answer)).toMatch(expected);
  });
});
