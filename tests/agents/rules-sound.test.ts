import { describe, expect, it } from "vitest";
import { read } from "../../agents/brainstormer/rules/reading.ts";
import { shareForEvents } from "../../agents/brainstormer/rules/split.ts";
import { brainstorm } from "../../agents/brainstormer/rules.ts";
import { planFeatures } from "../../agents/designer/rules/features.ts";
import { design } from "../../agents/designer/rules.ts";
import { gradesOf, orderOf } from "../../agents/words/levels.ts";
import type { ColumnFacts, Survey } from "../../dataset/survey.ts";
import { column, survey, view } from "../helpers/survey-fixture.ts";

function table(columns: ColumnFacts[], text: string): Survey {
  return survey([view("main", columns, {})], {
    documentation: [{ path: "README.md", text }],
    dataset: { name: "d", title: "d", fingerprint: "0".repeat(16) },
  });
}

function asked(data: Survey): string[] {
  return brainstorm(data, { tasks: 3 }).candidates.map((candidate) => candidate.target.join("+"));
}

const yields = column("yield", "number", { description: "grain yield" });
const gen = column("gen", "category", { distinct: 40, description: "genotype" });
const site = column("site", "category", { distinct: 12, description: "site of the trial" });
const season = column("season", "category", { distinct: 4, description: "season" });

describe("sound questions", () => {
  it("puts answers in their order, neither in the middle", () => {
    expect(
      orderOf([
        "Neither approve nor disapprove",
        "Somewhat Approve",
        "Somewhat disapprove",
        "Strongly Approve",
        "Strongly disapprove",
      ]),
    ).toEqual([
      "Strongly disapprove",
      "Somewhat disapprove",
      "Neither approve nor disapprove",
      "Somewhat Approve",
      "Strongly Approve",
    ]);
    expect(orderOf(["red", "green", "blue"])).toBeNull();
  });

  it("puts grades worst first, and no other letters", () => {
    expect(gradesOf(["A", "C", "B"])).toEqual(["C", "B", "A"]);
    expect(gradesOf(["X", "Y", "Z"])).toBeNull();
  });

  it("hides enough of the rarer class, or says that there are too few", () => {
    expect(shareForEvents(200)).toBeCloseTo(0.25);
    expect(shareForEvents(90)).toBeGreaterThan(0.5);
    expect(shareForEvents(undefined)).toBe(0);
  });

  it("asks for yields of trials over sites, not of replicates and plots of one design", () => {
    const words = "# Yields of barley in a trial\n\nYields of barley varieties.\n";
    const weather = ["rain", "slope", "elevation", "irrigation"].map((name) =>
      column(name, "number", { distinct: 300, description: `${name} of the season` }),
    );
    expect(asked(table([gen, site, season, ...weather, yields], words))).toEqual(["yield"]);
    expect(asked(table([gen, site, season, yields], words))).toEqual([]);
    const rep = column("rep", "integer", { distinct: 2, description: "replicate" });
    expect(asked(table([gen, site, season, rep, yields], words))).toEqual([]);
    const withRain = brainstorm(table([gen, site, ...weather, rep, yields], words), { tasks: 1 });
    expect(withRain.candidates[0]?.dataUse).toMatch(/rep \(says where in the trial/);
  });

  it("asks nothing of data that are said to be made up", () => {
    const cost = column("price", "number", { description: "price of the car" });
    const km = column("km", "number", { description: "kilometres driven" });
    const age = column("years", "number", { description: "years since it was built" });
    const more = ["power", "weight", "length"].map((name) => column(name, "number"));
    const cars = [km, age, ...more, cost];
    expect(asked(table(cars, "# Used cars\n\nPrices of used cars.\n"))).toEqual(["price"]);
    expect(asked(table(cars, "# Used cars\n\nA simulated data set of used cars.\n"))).toEqual([]);
  });

  it("asks nothing of a table with too few rows", () => {
    const price = column("price", "number", { description: "price of the car" });
    const more = ["power", "weight", "length", "doors", "width"].map((name) => column(name, "number"));
    const words = [{ path: "README.md", text: "# Used cars\n\nPrices of used cars.\n" }];
    const dataset = { name: "d", title: "d", fingerprint: "0".repeat(16) };
    const cars = (rows: number) =>
      survey([view("main", [...more, price], { rows })], { documentation: words, dataset });
    expect(asked(cars(250))).toEqual(["price"]);
    expect(asked(cars(249))).toEqual([]);
  });

  it("asks for none of the items of a questionnaire, whatever their words", () => {
    const items = Array.from({ length: 12 }, (_, at) =>
      column(`Q${at + 1}`, "integer", {
        distinct: 4,
        description: at === 6 ? "Most citizens do not vote in every election" : `question ${at + 1}`,
        top: [1, 2, 3, 4].map((value): [string, number] => [String(value), 250]),
      }),
    );
    const words = "# Why people do not vote\n\nA poll of citizens.\n";
    expect(asked(table(items, words))).toEqual([]);
    const alone = items.map((item, at) => (at === 6 ? { ...item, name: "turnout" } : item));
    expect(asked(table(alone, words))).toEqual(["turnout"]);
  });

  it("explains a withheld column where a feature's meaning names it, and takes no word for a column", () => {
    const y1 = column("y1", "number", { description: "vote share of the first party" });
    const earlier = column("y2lag", "number", { description: "y2 from the previous election" });
    const later = column("y2", "number", { description: "vote share of the second party" });
    const total = column("total", "number", { description: "the total of age" });
    const reading = read(table([y1, earlier, later, total], "# Votes\n"), view("main", []));
    const facts = { ...reading, view: view("main", [y1, earlier, later, total]) };
    const held = [
      { column: "y2", reason: "a twin" },
      { column: "total", reason: "a sum" },
    ];
    const meanings = planFeatures(facts, ["y1"], [], new Set(), held).features;
    expect(meanings).toEqual([
      {
        column: "y2lag",
        description: "y2 from the previous election (y2: vote share of the second party)",
      },
    ]);
  });

  it("withholds the logarithm of another feature, and keeps that one", () => {
    const made = brainstorm(
      table(
        [
          column("nox", "number", { description: "nitric oxides" }),
          column("lnox", "number", { description: "log of nox" }),
          column("rooms", "integer", { distinct: 9, description: "number of rooms" }),
          column("dist", "number", { description: "distance to work" }),
          column("ages", "number", { description: "age of the house" }),
          column("plot", "number", { description: "area of the garden" }),
          column("price", "number", { description: "price of the house" }),
        ],
        "# Prices of houses\n\nWhat houses cost in one town.\n",
      ),
      { tasks: 1 },
    ).candidates[0];
    expect(made?.dataUse).toMatch(/lnox \(is nox in another form/);
    expect(made?.dataUse).not.toMatch(/ nox \(/);
    expect(made?.question).not.toMatch(/lnox/);
  });

  it("keeps equal rows of few values, and removes them where chance cannot make them", () => {
    const specify = (columns: ColumnFacts[]) => {
      const data = survey([view("main", columns, { duplicates: 30 })], {
        documentation: [{ path: "README.md", text: "# Prices of houses\n\nWhat houses cost in one town.\n" }],
        dataset: { name: "d", title: "d", fingerprint: "0".repeat(16) },
      });
      const candidate = brainstorm(data, { tasks: 1 }).candidates[0];
      if (candidate === undefined) throw new Error("no candidate");
      const made = design(candidate, data, { seed: 1, defects: [] });
      return "giveUp" in made || made.kind !== "specification" ? null : made.specification.rows.deduplicate;
    };
    const price = column("price", "number", { distinct: 400, description: "price of the house" });
    const few = ["rooms", "floors", "baths", "garages", "balconies"].map((name) =>
      column(name, "integer", { distinct: 5, description: `number of ${name}` }),
    );
    const many = ["area", "garden", "distance", "tax"].map((name) =>
      column(name, "number", { distinct: 900, description: `${name} of the house` }),
    );
    expect(specify([...few, price])).toBe(false);
    expect(specify([...many, price])).toBe(true);
  });
});
