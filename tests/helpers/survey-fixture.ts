import type { ColumnFacts, Probe, Survey, ViewSurvey } from "../../dataset/survey.ts";

/** Facts of a column with defaults for what a test does not care about. */
export function column(
  name: string,
  type: ColumnFacts["type"],
  facts: Partial<ColumnFacts> = {},
): ColumnFacts {
  return {
    name,
    type,
    missing: 0,
    distinct: 50,
    numeric: type === "integer" || type === "number" ? numeric() : null,
    top: [],
    examples: [],
    range: null,
    words: null,
    flags: [],
    description: null,
    levels: null,
    ...facts,
  };
}

export function numeric(
  facts: Partial<NonNullable<ColumnFacts["numeric"]>> = {},
): NonNullable<ColumnFacts["numeric"]> {
  return {
    min: 0,
    max: 100,
    mean: 50,
    deviation: 10,
    skew: 0,
    median: 50,
    whole: 0,
    zero: 0,
    atMaximum: 0,
    ...facts,
  };
}

/** A view over one delimited file. */
export function view(id: string, columns: ColumnFacts[], facts: Partial<ViewSurvey> = {}): ViewSurvey {
  return {
    view: {
      id,
      recipes: { [id]: { reader: "delimited", paths: [`${id}.csv`], options: {} } },
      base: id,
      joins: [],
      media: null,
    },
    title: id,
    modality: "tabular",
    rows: 1000,
    duplicates: 0,
    columns,
    columnsClipped: false,
    groups: [],
    time: [],
    probes: [],
    published: null,
    roles: {
      labels: [],
      multilabel: [],
      user: null,
      item: null,
      rating: null,
      query: null,
      duration: null,
      event: null,
    },
    notes: [],
    ...facts,
  };
}

/** What a probe of a column found: something, but nothing suspicious. */
export function probe(name: string, facts: Partial<Probe> = {}): Probe {
  return {
    column: name,
    kind: "regression",
    gain: 0.5,
    measure: "R²",
    singles: [],
    determinedBy: [],
    copies: [],
    orderGain: 0,
    ...facts,
  };
}

export function survey(views: ViewSurvey[], facts: Partial<Survey> = {}): Survey {
  return {
    version: 1,
    dataset: { name: "cars", title: "Used cars", fingerprint: "0".repeat(16) },
    files: { count: 1, bytes: 50_000, byExtension: { csv: 1 }, examples: ["cars.csv"] },
    documentation: [],
    licence: null,
    source: null,
    views,
    setAside: [],
    refusal: null,
    ...facts,
  };
}

/** Used cars: a number to predict, a copy of it, an identifier, classes, a date. */
export function carSurvey(): Survey {
  const columns = [
    column("id", "integer", { distinct: 1000, flags: ["unique", "row_number", "identifier"] }),
    column("maker", "category", {
      distinct: 3,
      top: [
        ["Ford", 500],
        ["Fiat", 400],
        ["Saab", 100],
      ],
    }),
    column("km", "number", { description: "Kilometres driven", distinct: 900 }),
    column("power", "integer", { description: "Power in kilowatts", distinct: 90 }),
    column("weight", "integer", { description: "Weight in kilograms", distinct: 400 }),
    column("sold", "datetime", { range: ["2020-01-01", "2022-12-31"], distinct: 700 }),
    column("price", "number", { description: "Price in dollars", distinct: 800 }),
    column("price_eur", "number", { distinct: 800 }),
    column("accident", "category", {
      distinct: 2,
      top: [
        ["no", 900],
        ["yes", 100],
      ],
    }),
  ];
  const probe = {
    kind: "regression" as const,
    measure: "R²",
    determinedBy: [],
    orderGain: 0,
  };
  return survey(
    [
      view("cars", columns, {
        duplicates: 5,
        probes: [
          {
            ...probe,
            column: "price",
            gain: 0.7,
            singles: [{ column: "km", gain: 0.5 }],
            copies: ["price_eur"],
          },
          { ...probe, column: "km", gain: 0.01, singles: [], copies: [] },
        ],
      }),
    ],
    { documentation: [{ path: "README.md", text: "Cars sold in 2020 to 2022 by one dealer." }] },
  );
}
