import { describe, expect, it } from "vitest";
import { isTransformName } from "../../agents/brainstormer/rules/alike.ts";
import { yearOf } from "../../agents/brainstormer/rules/waves.ts";
import { readDocumentation } from "../../agents/words/documentation.ts";
import { formulas } from "../../agents/words/formulas.ts";
import { orderOf } from "../../agents/words/levels.ts";
import { meaningOf, unitOf } from "../../agents/words/phrases.ts";
import { tokens } from "../../agents/words/tokens.ts";
import { column, survey } from "../helpers/survey-fixture.ts";

describe("words of names and descriptions", () => {
  it.each([
    ["BackpackWeight", ["backpack", "weight"]],
    ["lnWage2", ["ln", "wage", "2"]],
    ["GCS.15.2hours", ["gcs", "15", "2", "hours"]],
    ["median_house_value", ["median", "house", "value"]],
  ])("takes %s apart", (name, words) => {
    expect(tokens(name)).toEqual(words);
  });

  it.each([
    ["Sale price of a house.", "the sale price of a house"],
    [
      "A factor with levels No and Yes indicating whether the customer defaulted on their debt",
      "whether the customer defaulted on their debt",
    ],
    ["factor. Is the individual a current smoker?", "whether the individual is a current smoker"],
    ["0 = frogs were absent, 1 = frogs were present", "whether frogs were present"],
    ["log(wage)", "the logarithm of wage"],
    ["rank in grad. class, 1994", "the rank in grad. class"],
    ["total price. Some are missing", "the total price"],
    ["age in years. coded in 1990", "the age in years"],
    ["yield, kg/ha", "the yield"],
    ["a data frame", "the some column"],
    ["one of sunshine, kleebler, nabisco, private", "the some column"],
  ])("says what is predicted from %j", (description, phrase) => {
    expect(meaningOf(column("some_column", "number", { description }))).toBe(phrase);
  });

  it.each([
    ["yield, kg/ha", "kg/ha"],
    ["annual salary, thousands $", "thousands $"],
    ["Birth weight in grams", "grams"],
    ["price (US dollars)", "US dollars"],
    ["number of rooms", null],
  ])("finds the unit in %j", (description, unit) => {
    expect(unitOf(column("x", "number", { description }))).toBe(unit);
  });

  it("orders answers by their words only when every one has a place", () => {
    expect(orderOf(["Very High", "Average", "Fairly Low", "Very Low", "Fairly High"])).toEqual([
      "Very Low",
      "Fairly Low",
      "Average",
      "Fairly High",
      "Very High",
    ]);
    expect(orderOf(["red", "low", "high"])).toBeNull();
  });
});

describe("formulas in documentation", () => {
  const columns = new Set(["price", "lotsize", "rooms", "time", "status", "sex", "row", "col", "yield"]);

  it("reads response and predictors through functions, over line ends", () => {
    const [formula] = formulas(
      "fm <- lm(log(price) ~ log(lotsize) +\n   rooms, data = HousePrices)",
      columns,
    );
    expect(formula).toMatchObject({ left: ["price"], right: ["lotsize", "rooms"], use: "model" });
  });

  it("reads duration and event of a survival model", () => {
    const [formula] = formulas("coxph(Surv(time, status == 2) ~ sex, data = d)", columns);
    expect(formula?.survival).toEqual({ duration: "time", event: "status" });
  });

  it("takes no map of a field for a model", () => {
    expect(formulas("desplot(dat, yield ~ col*row)", columns)[0]?.use).toBe("layout");
  });

  it("takes no tilde of prose for a formula", () => {
    expect(formulas("can occur in ~ 16% of procedures", columns)).toEqual([]);
  });
});

describe("relations between names", () => {
  it.each([
    ["wage", "lwage", true],
    ["wage", "wagesq", true],
    ["Price", "logPrice", true],
    ["sales", "clsales", true],
    ["price", "lotsize", false],
    ["age", "wage", false],
    ["late", "plate", false],
  ])("%s and %s", (base, other, expected) => {
    expect(isTransformName(base, other)).toBe(expected);
  });

  it("reads years at the end of names", () => {
    expect([yearOf("vote90"), yearOf("gdp_2018"), yearOf("x12"), yearOf("age")]).toEqual([
      1990,
      2018,
      null,
      null,
    ]);
  });
});

describe("documentation", () => {
  it("reads title and abstract of an R help page", () => {
    const text =
      '========= ===============\nCASchools R Documentation\n========= ===============\n\nCalifornia Test Score Data\n--------------------------\n\nDescription\n~~~~~~~~~~~\n\nThe dataset contains data on ``test`` performance\nof school districts.\n\nUsage\n~~~~~\n\n.. code:: R\n\n   data("CASchools")\n';
    const read = readDocumentation(survey([], { documentation: [{ path: "README.rst", text }] }));
    expect(read.title).toBe("California Test Score Data");
    expect(read.abstract).toEqual(["The dataset contains data on test performance of school districts."]);
  });

  it("reads Markdown, and drops control characters", () => {
    const read = readDocumentation(
      survey([], {
        documentation: [
          {
            path: "README.md",
            text: "# Used cars\n\nCars that one\u0007\u202e dealer sold in the [north](http://x.y).\n",
          },
        ],
      }),
    );
    expect(read.title).toBe("Used cars");
    expect(read.abstract[0]).toBe("Cars that one dealer sold in the north.");
  });
});
