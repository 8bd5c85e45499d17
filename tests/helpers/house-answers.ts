import type { SpecificationAnswer } from "../../agents/designer/answer.ts";
import { type CodeDesign, Review } from "../../agents/roles.ts";

/** What a scripted model answers about the houses of `writeHouses`, in the schemas that the roles ask for. */

/** An idea of the Brainstormer (schema `candidates`). */
export function idea(target = "price", title = "Predict the price of a sold house") {
  return {
    view: "houses",
    target: [target],
    objective: "regression",
    metric: "rmse",
    title,
    question: `What is the ${target.replaceAll("_", " ")} of a house, given what is known before it is sold?`,
    data_use: "price_in_cents is the same price in another unit and is withheld; random split",
    rationale: "buyers and sellers want to know",
  };
}

export const ideas = { candidates: [idea()], reason: null };

/** A Designer that has no task to make of the idea (schema `design`). */
export const noDesign = { task: { kind: "give_up", why: "nobody could know this before the sale" } };

/** A design in the vocabulary (schema `design`); `kept` may bring the leaking copy back. */
export function specification(kept: string[] = []): { task: SpecificationAnswer } {
  return {
    task: {
      kind: "specification",
      title: "Predict the price of a sold house",
      question: "What is the price of a house, given its area, rooms, district, age and garden?",
      background:
        "Houses sold in one town in one year. Buyers and sellers want to know what a house is worth.",
      category: "housing",
      objective: "regression",
      target: {
        from: "column",
        columns: ["price"],
        values: [],
        above: null,
        name: "price",
        unit: "dollars",
        labels: null,
        event: null,
        meaning: "the price at which a house was sold",
      },
      metric: { name: "rmse", parameters: [] },
      withheld: kept.includes("price_in_cents")
        ? []
        : [{ column: "price_in_cents", text: "the price in another unit" }],
      kept,
      descriptions: [],
      split: { strategy: "random", groups: [], time: null, series: [] },
      known_in_advance: null,
      only_rows: [],
      missing_codes: [],
    },
  };
}

/** A Designer that turns to code (schema `design`). */
export const beyond = {
  task: { kind: "code", why: "the metric has to punish a price below the true one twice" },
};

/** What a review scores. */
export const items = Review.shape.scores.element.shape.item.options;

/** A review (schema `review`) that finds the task good, but for the given scores. */
export function review(
  scores: Partial<Record<(typeof items)[number], number>> = {},
  objections: Review["objections"] = [],
) {
  return {
    scores: Object.fromEntries(
      items.map((item) => [item, { score: scores[item] ?? 5, reason: `what was seen of ${item}` }]),
    ),
    objections,
  };
}

const prepare = `from pathlib import Path

import numpy as np
import pandas as pd


def prepare(raw: Path, public: Path, private: Path) -> None:
    """Splits the sold houses at random and hides the prices of the test part."""
    table = pd.read_csv(raw / "houses.csv").drop(columns=["price_in_cents"])
    order = np.random.default_rng(3).permutation(len(table))
    table = table.iloc[order].reset_index(drop=True)
    table.insert(0, "id", range(1, len(table) + 1))
    count = len(table) // 4
    test, train = table.iloc[:count], table.iloc[count:]
    train.to_csv(public / "train.csv", index=False)
    test.drop(columns=["price"]).to_csv(public / "test.csv", index=False)
    test[["id", "price"]].to_csv(private / "test_answer.csv", index=False)
    sample = pd.DataFrame({"id": test["id"], "price": 200000.0})
    sample.to_csv(public / "sample_submission.csv", index=False)
`;

/** Root mean squared error; with `checked` false it returns words where it should raise. */
function metricCode(checked: boolean): string {
  const refuse = checked ? "raise InvalidSubmissionError" : "return str";
  return `import numpy as np
import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError


class HousePriceMetrics(CompetitionMetrics):
    """Root mean squared error of the price, in dollars."""

    def __init__(self, value: str = "price", higher_is_better: bool = False):
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        truth = y_true.set_index("id")[self.value].astype(float)
        guess = y_pred.set_index("id")[self.value].astype(float).reindex(truth.index)
        return float(np.sqrt(np.mean((truth.to_numpy() - guess.to_numpy()) ** 2)))

    def validate_submission(self, submission, ground_truth) -> str:
        if not isinstance(submission, pd.DataFrame):
            raise InvalidSubmissionError("The submission must be a table.")
        if list(submission.columns) != ["id", self.value]:
            raise InvalidSubmissionError(f"The columns must be id and {self.value}.")
        if len(submission) == 0:
            raise InvalidSubmissionError("The submission is empty.")
        if submission["id"].duplicated().any():
            ${refuse}("An id occurs twice.")
        if not pd.api.types.is_numeric_dtype(submission["id"]) or set(submission["id"]) != set(ground_truth["id"]):
            ${refuse}("The ids must be those of the test rows.")
        values = submission[self.value]
        if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
            ${refuse}(f"{self.value} must be a number.")
        if not np.isfinite(values.to_numpy(dtype=float)).all():
            ${refuse}(f"{self.value} must be finite.")
        return "valid"
`;
}

const description = `# Predict the price of a sold house

## Overview

Houses sold in one town in one year. The task is to predict the price at which a house was sold from what is known before it is sold.

## Data

- \`train.csv\`: 300 rows with the target.
- \`test.csv\`: 100 rows without the target.
- \`sample_submission.csv\`: a submission in the right format.
- \`description.md\`: this text.

Columns:

- \`id\`: number of the row
- \`area\`: living area in square metres
- \`rooms\`: number of rooms
- \`district\`: part of the town
- \`built\`: year of construction
- \`garden\`: whether there is a garden
- \`price\`: the target, in dollars; only in \`train.csv\`

## Evaluation

Submissions are scored by the root mean squared error (RMSE) of the price, sqrt(mean((y - p)^2)), in dollars. Lower is better; the best score is 0.

## Submission

A CSV file with the header \`id,price\` and one row for each row of \`test.csv\`:

\`\`\`
id,price
1,200000.0
2,200000.0
\`\`\`
`;

/** A review of an idea that nobody would have. */
export const unsound = () =>
  review({ realism: 1 }, [
    {
      severity: "minor",
      blame: "brainstormer",
      message: "nobody would ask this",
      quote: "Predict the price of a sold house",
    },
  ]);

/** A design in code (schema `code`). With `checked` false its submission check returns a message instead of raising. */
export function code(checked: boolean): CodeDesign {
  return {
    title: "Predict the price of a sold house",
    question: "What is the price of a house, given its area, rooms, district, age and garden?",
    objective: "regression",
    modality: "tabular",
    category: "housing",
    target: {
      columns: ["price"],
      kind: "number",
      labels: null,
      unit: "dollars",
      meaning: "the price at which a house was sold",
    },
    submission: { columns: ["price"], kind: "value" },
    auxiliary: [],
    metric: { name: "rmse", title: "Root mean squared error", direction: "minimize", best: 0, noSkill: null },
    split: { strategy: "random", groups: [], time: null, series: [] },
    media: null,
    prepare,
    metricCode: metricCode(checked),
    description,
  };
}

/** What Refactor answers to mend the files of a code design (schema `files`). */
export function files(checked: boolean) {
  return {
    prepare: null,
    metricCode: metricCode(checked),
    description: null,
    submission: null,
    auxiliary: null,
    give_up: null,
  };
}
