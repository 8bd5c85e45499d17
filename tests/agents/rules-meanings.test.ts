import { describe, expect, it } from "vitest";
import { questionText, targetMeaning, titleOf } from "../../agents/brainstormer/rules/candidates.ts";
import { ownParagraphs } from "../../agents/brainstormer/rules/own-words.ts";
import { read } from "../../agents/brainstormer/rules/reading.ts";
import { cleaned } from "../../agents/words/documentation.ts";
import { meaningFor } from "../../agents/words/meanings.ts";
import { isTelling, readablePhrase } from "../../agents/words/naming.ts";
import type { ColumnFacts } from "../../dataset/survey.ts";
import { column, numeric, survey, view } from "../helpers/survey-fixture.ts";

/** A column of classes with these values. */
function classes(name: string, values: string[], facts: Partial<ColumnFacts> = {}): ColumnFacts {
  return column(name, values.every((value) => /^\d+$/.test(value)) ? "integer" : "category", {
    distinct: values.length,
    top: values.map((value, index) => [value, 100 - index]),
    numeric: values.every((value) => /^\d+$/.test(value))
      ? numeric({
          min: Math.min(...values.map(Number)),
          max: Math.max(...values.map(Number)),
          whole: 1,
        })
      : null,
    ...facts,
  });
}

function reading(columns: ColumnFacts[], text: string) {
  const made = survey([view("trial", columns)]);
  const data = { ...made, documentation: [{ path: "README.md", text }] };
  const [measured] = data.views;
  if (measured === undefined) throw new Error("no view");
  return read(data, measured);
}

describe("meanings of columns", () => {
  it.each([
    ["Age of the patient (numeric).", "Age of the patient."],
    ["factor. Is there a ban?", "Is there a ban?"],
    ["a numeric vector, votes at the previous election", "votes at the previous election"],
    ["an integer denoting body mass (grams)", "body mass (grams)"],
    ["Integer representing the father's age.", "The father's age."],
    ["a numeric vector for if the queen was eliminated", "whether the queen was eliminated"],
    ["a factor identifying the community", "identifies the community"],
    ["logical variable indicating animals that hop", "true for animals that hop"],
    ["risk factor for stroke", "risk factor for stroke"],
    ["as it says.", null],
    ["a numeric vector", null],
  ])("say what %j is, not how it is stored", (description, meaning) => {
    expect(meaningFor(column("x", "number", { description }))).toBe(meaning);
  });

  it.each([
    ["A factor with levels F M.", ["F", "M"], null],
    ["Sex of the pupil - a factor. Levels are F and M.", ["F", "M"], "Sex of the pupil."],
    ["Gender, represented as a factor with 2 levels (Male, Female).", ["M", "F"], "Gender"],
    ["A factor with levels No and Yes indicating whether it rained", ["No", "Yes"], "Whether it rained"],
    ["Factor with 2 levels indicating the marital status.", ["a", "b"], "The marital status."],
    ["smoking, a factor with levels c current, x ex-smoker", ["c", "x"], "smoking: c current, x ex-smoker"],
    [
      "nest, an ordered factor with levels no < half < full",
      ["no", "full"],
      "nest: ordered no < half < full",
    ],
    ["the region (north, west)", ["north", "west", "other"], "the region"],
    ["a kit (speakers, sound card)", ["no", "yes"], "a kit (speakers, sound card)"],
    ["genotype/cultivar factor, 28 levels", ["g1", "g2"], "genotype/cultivar"],
  ])("keep of %j what the values do not show", (description, values, meaning) => {
    expect(meaningFor(classes("x", values, { description }))).toBe(meaning);
  });

  it.each([
    ["Sex: 1 = male, 2 = female (numeric).", ["0", "1"], "Sex."],
    ["Sex: 1 = male, 2 = female.", ["1", "2"], "Sex: 1 = male, 2 = female."],
    ["Arm (1 = placebo, 2 = drug)", ["Obs", "Lev"], "Arm"],
    ["Status (integer: 0=no, 1=yes)", ["0", "1"], "Status (0=no, 1=yes)"],
    ["Ideology (1 = left; 10 = right)", ["1", "4", "7"], "Ideology (1 = left; 10 = right)"],
    ["Number of cylinders between 4 and 8", ["3", "4", "8"], "Number of cylinders"],
    ["Number of cylinders between 4 and 8", ["4", "6"], "Number of cylinders between 4 and 8"],
    ["Season, divided into 3 categories", ["1", "2"], "Season"],
  ])("state of %j nothing that the values %j contradict", (description, values, meaning) => {
    expect(meaningFor(classes("x", values, { description }))).toBe(meaning);
  });

  it("keeps comparisons, which are no tags", () => {
    expect(cleaned("1. <=Good and 2. >=Very Good, <b>bold</b>")).toBe("1. <=Good and 2. >=Very Good, bold");
  });
});

describe("phrases in overviews", () => {
  it.each([
    ["Number of bedrooms.", "the number of bedrooms"],
    ["age in years", "the age in years"],
    ["size of Ram in in MB", null],
    ["living are (square feet)", null],
    ["Resort Hotel or City Hotel", null],
    ["The first principal component (divided by 1000) of three variables: a, b and c.", null],
    ["respondent's estimate of the percentage of the federal budget that is spent on research", null],
  ])("%j reads as %j", (description, phrase) => {
    expect(readablePhrase(column("x", "number", { description }))).toBe(phrase);
  });

  it("takes a value for no phrase, and a yes or no only with whether", () => {
    expect(meaningFor(classes("sex", ["female", "male"], { description: "is the person male?" }))).toBeNull();
    expect(readablePhrase(classes("shoe", ["Asics", "Mizuno"], { description: "Asics" }))).toBeNull();
    expect(readablePhrase(classes("bp", ["y", "n"], { description: "high blood pressure" }))).toBeNull();
    expect(readablePhrase(classes("bp", ["no", "yes"], { description: "Is the person employed?" }))).toBe(
      "whether the person is employed",
    );
  });

  it("names no identifiers, group keys and dates as telling", () => {
    expect(isTelling(column("id", "integer", { flags: ["identifier"] }))).toBe(false);
    expect(isTelling(column("bib", "integer", { description: "Bib number of the runner." }))).toBe(false);
    expect(isTelling(column("year", "integer"))).toBe(false);
    expect(
      isTelling(column("school", "integer", { flags: ["group_like"], numeric: numeric({ whole: 1 }) })),
    ).toBe(false);
    expect(isTelling(column("area", "number", { description: "Living area" }))).toBe(true);
  });

  it("names columns as they are called where one of the phrases would not do", () => {
    const columns = [
      column("price", "number", { description: "price" }),
      column("Mileage", "integer"),
      column("ram", "integer", { description: "size of Ram in in MB" }),
      column("doors", "integer", { description: "Number of doors" }),
    ];
    const made = reading(columns, "# Prices of cars\n");
    expect(questionText(made, "price", "the price", ["Mileage", "ram", "doors"])).toBe(
      "Predict the price from 3 columns, such as `Mileage` and `ram`.",
    );
  });

  it("tells the few labels of a target that is one word, and joins a title that begins with it", () => {
    const columns = [classes("choice", ["sun", "moon"]), column("cost", "number")];
    const made = reading(columns, "# Choice of brand for crackers\n");
    expect(questionText(made, "choice", "the choice", ["cost"])).toMatch(
      /^Predict the choice \(moon or sun\) from/,
    );
    expect(titleOf(made, "the choice")).toBe("Predict the choice of brand for crackers");
  });

  it("says what label codes stand for where the documentation does", () => {
    const known = classes("status", ["0", "1"], {
      description: "CVD status (0=no, 1=yes)",
      labels: { "0": "no", "1": "yes" },
    });
    const open = classes("sick", ["0", "1"], { description: "CVD status" });
    const made = reading([known, open], "# Health\n");
    expect(targetMeaning(made, known, ["0", "1"])).toBe("the CVD status (0 = no, 1 = yes)");
    expect(targetMeaning(made, open, ["0", "1"])).toBe("the CVD status");
  });
});

describe("quotes of documentation", () => {
  it.each([
    ["a cross-section from 1993 to 1995 of many things", []],
    ["The original content of the dataset has not been modified in any way.", []],
    ["The dataset mifem (1295 rows) is the subset that has data for females.", []],
    [
      "A data set from the World Bank. I'll use it to illustrate some merge issues.",
      ["A data set from the World Bank."],
    ],
    [
      "This dataset, x_df, is a data frame containing cardiovascular data from the 1998 Scottish Survey. It includes 44 respondents.",
      ["[They hold] cardiovascular data from the 1998 Scottish Survey. It includes 44 respondents."],
    ],
    ["Monthly data were collected with one measured variable:", []],
    [">>> housing.info() RangeIndex: 20640 entries, 0 to 20639 Data columns (total 10 columns)", []],
    [
      "Polls of the project (https://polls.example) were conducted monthly.",
      ["Polls of the project were conducted monthly."],
    ],
  ])("of %j leave what tells of the world", (text, quoted) => {
    expect(
      ownParagraphs(reading([column("a", "number")], `# Title here\n\n## Description\n\n${text}\n`)),
    ).toEqual(quoted);
  });
});
