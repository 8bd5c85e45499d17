import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { read } from "../../agents/brainstormer/rules/reading.ts";
import { brainstorm } from "../../agents/brainstormer/rules.ts";
import { numberedGroups } from "../../agents/designer/rules/groups.ts";
import { design } from "../../agents/designer/rules.ts";
import { refactor } from "../../agents/refactor/rules.ts";
import { rulesPlayers } from "../../agents/rules-players.ts";
import type { ColumnFacts, Probe, Survey } from "../../dataset/survey.ts";
import { Specification } from "../../task/specification.ts";
import type { Defect } from "../../verifiers/defect.ts";
import { carSurvey, column, numeric, probe, survey, view } from "../helpers/survey-fixture.ts";

function yesNo(name: string, yes = 300, facts: Partial<ColumnFacts> = {}): ColumnFacts {
  return column(name, "boolean", {
    distinct: 2,
    top: [
      ["0", 1000 - yes],
      ["1", yes],
    ],
    numeric: numeric({ mean: yes / 1000 }),
    ...facts,
  });
}

function table(
  columns: ColumnFacts[],
  probes: Probe[] = [],
  text = "",
  rest: Parameters<typeof view>[2] = {},
): Survey {
  return survey([view("main", columns, { probes, ...rest })], {
    documentation: text === "" ? [] : [{ path: "README.md", text }],
    dataset: { name: "d", title: "d", fingerprint: "0".repeat(16) },
  });
}

function targets(data: Survey): string[] {
  return brainstorm(data, { tasks: 3 }).candidates.map((candidate) => candidate.target.join("+"));
}

function specify(data: Survey, defects: Defect[] = []): Specification {
  const candidate = brainstorm(data, { tasks: 1 }).candidates[0];
  if (candidate === undefined) throw new Error("no candidate");
  const made = design(candidate, data, { seed: 1, defects });
  if ("giveUp" in made || made.kind !== "specification") throw new Error(JSON.stringify(made));
  return made.specification;
}

function defect(facts: Partial<Defect>): Defect {
  return {
    check: "some-check",
    layer: "assertions",
    severity: "fatal",
    blame: "designer",
    message: "wrong",
    evidence: "measured",
    repair: null,
    ...facts,
  };
}

const traits = [
  column("rooms", "integer", { distinct: 9 }),
  column("surface", "number"),
  column("garden", "number"),
  column("cellar", "number"),
  column("windows", "integer", { distinct: 30 }),
];

describe("brainstorming", () => {
  it("asks for the outcome and withholds its copy", () => {
    expect(targets(carSurvey())).toEqual(["price"]);
    expect(specify(carSurvey()).dropped.map((entry) => entry.column)).toEqual(["id", "price_eur"]);
  });

  it("asks nothing where nothing is an outcome, and says why", () => {
    const { candidates, rejectedIdeas } = brainstorm(table(traits), { tasks: 3 });
    expect(candidates).toEqual([]);
    expect(rejectedIdeas.find((idea) => idea.column === "surface")?.why).toMatch(
      /nothing makes it an outcome/,
    );
  });

  it("believes the documentation's own models over names", () => {
    expect(
      targets(
        table(
          [...traits, column("medv", "number")],
          [],
          "# Homes of one town\n\nAbout homes.\n\n    lm(medv ~ rooms + surface, data = homes)\n",
        ),
      ),
    ).toEqual(["medv"]);
  });

  it.each([
    [
      "a row number",
      column("price", "integer", { distinct: 1000, flags: ["row_number", "unique", "identifier"] }),
    ],
    ["a sampling weight", column("outcome", "number", { flags: ["weight"] })],
    ["a year", column("result", "integer", { flags: ["time_like"] })],
    ["mostly missing", column("price", "number", { missing: 0.8 })],
    [
      "a protected trait",
      column("race_outcome", "category", {
        distinct: 3,
        top: [
          ["a", 400],
          ["b", 300],
          ["c", 300],
        ],
      }),
    ],
  ])("never asks for %s", (_what, bad) => {
    expect(targets(table([...traits, bad]))).toEqual([]);
  });

  it("asks for nothing that the others do not predict", () => {
    expect(targets(table([...traits, column("price", "number")], [probe("price", { gain: 0.01 })]))).toEqual(
      [],
    );
  });

  it("refuses a table of counts, a uniformity trial and made-up data", () => {
    const cells = [
      column("eye", "category", { distinct: 4 }),
      column("hair", "category", { distinct: 4 }),
      column("Freq", "integer"),
    ];
    expect(brainstorm(table(cells), { tasks: 3 }).rejectedIdeas[0]?.why).toMatch(
      /cells of a table of counts/,
    );
    const yields = [column("row", "integer"), column("col", "integer"), column("yield", "number")];
    expect(
      targets(table(yields, [], "# Uniformity trial of tea\n\nA uniformity trial of tea in Ceylon.")),
    ).toEqual([]);
    expect(
      targets(
        table(
          [...traits, column("price", "number")],
          [],
          "# Simulated house prices\n\nMade by a computer for class.",
        ),
      ),
    ).toEqual([]);
  });

  it("does not ask twice for the same thing", () => {
    const data = table(
      [...traits, column("price", "number"), column("log_price", "number")],
      [probe("price", { copies: ["log_price"] }), probe("log_price", { copies: ["price"] })],
    );
    expect(targets(data)).toEqual(["price"]);
  });

  it("offers other ideas the second time", () => {
    const first = brainstorm(carSurvey(), { tasks: 3 }).candidates;
    expect(brainstorm(carSurvey(), { tasks: 3, earlier: first }).candidates).toEqual([]);
  });

  it("sees a time until an event as survival, with the event withheld", () => {
    const data = table(
      [
        column("age", "integer"),
        column("stage", "category", { distinct: 3 }),
        column("time", "number"),
        yesNo("status"),
      ],
      [],
      "",
      {
        modality: "survival",
        roles: {
          labels: [],
          multilabel: [],
          user: null,
          item: null,
          rating: null,
          query: null,
          duration: "time",
          event: "status",
        },
      },
    );
    const made = specify(data);
    expect(made).toMatchObject({
      objective: "survival",
      metric: { name: "concordance_index" },
      target: { event: "status" },
    });
    expect(made.features.map((feature) => feature.column)).not.toContain("status");
  });

  it("does not take traits of a plain table for labels", () => {
    const data = table(
      [...traits, column("price", "number"), yesNo("pool", 300), yesNo("garage", 200), yesNo("attic", 100)],
      [],
      "",
      {
        roles: {
          labels: [],
          multilabel: ["pool", "garage", "attic"],
          user: null,
          item: null,
          rating: null,
          query: null,
          duration: null,
          event: null,
        },
      },
    );
    expect(targets(data)).toEqual(["price"]);
  });
});

describe("designing", () => {
  it("suits the metric to what was measured", () => {
    const top: [string, number][] = [
      ["0", 2800],
      ["1", 200],
    ];
    const rare = table([...traits, yesNo("churn", 200, { top })], [], "", { rows: 3000 });
    expect(specify(rare).metric.name).toBe("average_precision");
    expect(specify(table([...traits, yesNo("churn", 400)])).metric.name).toBe("roc_auc");
    expect(
      specify(
        table([...traits, column("price", "number", { numeric: numeric({ min: 1, max: 9000, skew: 4 }) })]),
      ).metric.name,
    ).toBe("rmsle");
    expect(
      specify(table([...traits, column("price", "number", { numeric: numeric({ atMaximum: 0.1 }) })])).metric
        .name,
    ).toBe("mae");
  });

  it("keeps repeated measures of one subject on one side", () => {
    const data = table(
      [
        column("subject", "integer", { distinct: 100, flags: ["identifier", "group_like"] }),
        ...traits,
        column("score", "number", { description: "test score" }),
      ],
      [],
      "# Scores of pupils\n\n    lm(score ~ surface)\n",
      {
        groups: [
          {
            column: "subject",
            groups: 100,
            rows: 10,
            why: "names a person: 100 values with 10 rows each (median)",
          },
        ],
      },
    );
    expect(specify(data).split).toMatchObject({ strategy: "group", groups: ["subject"] });
  });

  it("applies exactly the repair that a defect declares, and keeps the question true", () => {
    const data = carSurvey();
    const before = specify(data);
    const after = specify(data, [defect({ repair: { kind: "drop_features", columns: ["km"] } })]);
    expect(before.features.map((feature) => feature.column).filter((name) => name !== "km")).toEqual(
      after.features.map((feature) => feature.column),
    );
    expect(after.question).not.toMatch(/\bkm\b/);
    expect(after.split).toEqual(before.split);
  });

  it("makes a repair once that one check asked for twice, of one attempt", async () => {
    const data = carSurvey();
    const [candidate] = brainstorm(data, { tasks: 1 }).candidates;
    if (candidate === undefined) throw new Error("no candidate");
    const drop = defect({ check: "leak", repair: { kind: "drop_features", columns: ["km"] } });
    const again = async (attempts: number[]) => {
      const history = attempts.map((attempt) => ({ attempt, defect: drop }));
      const input = { candidate, survey: data, seed: 1, history } as never;
      return rulesPlayers().design(input, {} as never);
    };
    expect(await again([1, 1])).toMatchObject({ kind: "specification" });
    expect(await again([1, 2])).toMatchObject({ giveUp: expect.stringMatching(/did not help/) });
  });

  it("withholds what tells of one alternative with the same of all others, and nothing else", () => {
    const brands = ["sun", "moon"];
    const columns = [
      ...brands.flatMap((brand) => [column(`price.${brand}`, "number"), column(`shown.${brand}`, "integer")]),
      ...traits,
      column("choice", "category", {
        distinct: 2,
        top: [
          ["sun", 500],
          ["moon", 500],
        ],
        description: "the brand that was chosen",
      }),
    ];
    const data = table(columns, [], "# Choice of a brand\n\nWhich brand people chose.\n");
    const leak = defect({ repair: { kind: "drop_features", columns: ["price.moon"] } });
    const dropped = (made: Specification) => made.dropped.map((entry) => entry.column);
    const before = dropped(specify(data));
    const added = dropped(specify(data, [leak])).filter((name) => !before.includes(name));
    expect(added.sort()).toEqual(["price.moon", "price.sun"]);
  });

  it.each([
    ["unique identifier for each interviewer", "interviewer"],
    ["individuals identifiers", "individuals"],
    ["household number", "household number"],
  ])("names groups rather than their numbers: %s", (description, named) => {
    const key = column("hhid", "integer", { distinct: 90, description });
    const [group] = numberedGroups(read(table([key]), view("main", [key])), ["hhid"]);
    expect(group?.reason).toBe(`names groups: ${named}`);
  });

  it("gives up on what no rule mends, and on a repair that did not help", () => {
    const data = carSurvey();
    const candidate = brainstorm(data, { tasks: 1 }).candidates[0];
    if (candidate === undefined) throw new Error("no candidate");
    const again = defect({ repair: { kind: "deduplicate" } });
    expect(design(candidate, data, { seed: 1, defects: [defect({})] })).toHaveProperty("giveUp");
    expect(design(candidate, data, { seed: 1, defects: [again, again] })).toHaveProperty("giveUp");
    expect(design(candidate, data, { seed: 1, defects: [defect({ severity: "minor" })] })).not.toHaveProperty(
      "giveUp",
    );
  });

  it("leaves sound designs alone when form is refactored", () => {
    const made = design(brainstorm(carSurvey(), { tasks: 1 }).candidates[0] ?? never(), carSurvey(), {
      seed: 1,
      defects: [],
    });
    if ("giveUp" in made) throw new Error(made.giveUp);
    expect(refactor(made, [])).toBe(made);
    expect(refactor(made, [defect({ blame: "refactor" })])).toHaveProperty("giveUp");
  });

  it("makes valid designs of any table, twice the same: the target is no feature, and every column is accounted for", () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_. ]{0,12}$/);
    const facts = fc.record({
      type: fc.constantFrom(
        "integer",
        "number",
        "boolean",
        "category",
        "string",
        "text",
        "datetime",
        "constant" as const,
      ),
      distinct: fc.integer({ min: 1, max: 1000 }),
      missing: fc.constantFrom(0, 0.1, 0.7),
      description: fc.option(
        fc.constantFrom(
          "the outcome variable",
          "price of a house",
          "1 if yes",
          "log(price)",
          "number of deaths",
        ),
        { nil: null },
      ),
    });
    const outcome = fc.constantFrom("price", "survived", "rating", "y", "yield");
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, facts), { selector: ([key]) => key, minLength: 3, maxLength: 9 }),
        outcome,
        (columns, wanted) => {
          const made = columns
            .filter(([key]) => key !== wanted)
            .map(([key, entry]) =>
              column(key, entry.type, {
                ...entry,
                top:
                  entry.type === "category" || entry.type === "boolean"
                    ? [
                        ["a", 600],
                        ["b", 400],
                      ]
                    : [],
              }),
            );
          const data = table([...made, column(wanted, "number")]);
          const ideas = brainstorm(data, { tasks: 3 });
          expect(brainstorm(data, { tasks: 3 })).toEqual(ideas);
          expect(ideas.candidates.length).toBeLessThanOrEqual(3);
          for (const candidate of ideas.candidates) {
            const result = design(candidate, data, { seed: 7, defects: [] });
            if ("giveUp" in result || result.kind !== "specification") continue;
            const { features, dropped, target } = Specification.parse(result.specification);
            const named = [
              ...features.map((feature) => feature.column),
              ...dropped.map((entry) => entry.column),
              target.name,
            ];
            expect(new Set(named).size).toBe(named.length);
            expect([...named].sort()).toEqual(data.views[0]?.columns.map((entry) => entry.name).sort());
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

function never(): never {
  throw new Error("no candidate");
}
