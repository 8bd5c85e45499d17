import { Specification } from "../../task/specification.ts";

type Loose = { [Key in keyof Specification]?: unknown };

/** A specification of one CSV file `data.csv`, with what a test wants to be different. */
export function specificationOf(
  columns: readonly string[],
  changes: Loose & { target: unknown },
): Specification {
  return Specification.parse({
    version: 1,
    title: "Predict the yield of a plot",
    question: "Predict the yield of each plot from what was measured at sowing.",
    background: "Growers plan with such predictions.",
    objective: "regression",
    modality: "tabular",
    category: "farming",
    view: {
      id: "data",
      recipes: { data: { reader: "delimited", paths: ["data.csv"], options: {} } },
      base: "data",
      joins: [],
      media: null,
    },
    features: columns.map((column) => ({ column, description: null })),
    dropped: [],
    knownInAdvance: null,
    rows: { deduplicate: false, limit: null, where: [], missingCodes: {} },
    metric: { name: "rmse", parameters: {} },
    ...changes,
    target: {
      unit: null,
      labels: null,
      event: null,
      meaning: "the yield of the plot",
      ...(changes.target as object),
    },
    split: {
      strategy: "random",
      seed: 7,
      testShare: 0.25,
      groups: [],
      time: null,
      series: [],
      published: null,
      ...((changes.split as object | undefined) ?? {}),
    },
  });
}
