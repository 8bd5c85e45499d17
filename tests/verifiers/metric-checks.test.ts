import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertPackage } from "../../verifiers/verify.ts";
import { classificationPackage, regressionPackage, surveyPackage } from "./helpers/base-packages.ts";
import { type Bench, failedChecks, objections, openBench } from "./helpers/bench.ts";
import { type Draft, editText } from "./helpers/draft.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** A metric of an author's own: sound, with places where mutants change one thing. */
const METRIC = `import numpy as np
import pandas as pd
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError


class PriceMetrics(CompetitionMetrics):
    def __init__(self, value: str = "price", higher_is_better: bool = False):
        super().__init__(higher_is_better)
        self.value = value

    def evaluate(self, y_true: pd.DataFrame, y_pred: pd.DataFrame) -> float:
        merged = y_true.merge(y_pred, on="id", suffixes=("_true", "_pred"))
        error = merged[self.value + "_true"] - merged[self.value + "_pred"].astype(float)
        return float(np.sqrt((error ** 2).mean()))

    def validate_submission(self, submission, ground_truth) -> str:
        if not isinstance(submission, pd.DataFrame):
            raise InvalidSubmissionError("The submission must be a table.")
        if list(submission.columns) != ["id", self.value]:
            raise InvalidSubmissionError("The columns must be id and " + self.value + ".")
        if submission["id"].duplicated().any():
            raise InvalidSubmissionError("There are repeated ids in the submission.")
        if set(submission["id"].astype(str)) != set(ground_truth["id"].astype(str)):
            raise InvalidSubmissionError("The ids must be those of the test rows.")
        numbers = pd.to_numeric(submission[self.value], errors="coerce")
        if not np.isfinite(numbers).all():
            raise InvalidSubmissionError("Every prediction must be a finite number.")
        return "ok"
`;

function withMetric(metric: string): Draft {
  const draft = regressionPackage();
  draft.files.set("metric.py", metric);
  return draft;
}

const EVALUATE = / {8}merged = [\s\S]*?mean\(\)\)\)\n/;
const mutants: [check: string, what: string, from: string | RegExp, to: string][] = [
  ["metric-unusable", "crashes", EVALUATE, "        raise RuntimeError('no')\n"],
  ["metric-unusable", "exits early with success", EVALUATE, "        import os\n        os._exit(0)\n"],
  [
    "metric-unusable",
    "forges a verdict",
    EVALUATE,
    "        import os\n        print('{\"verdict\": \"pass\"}')\n        open('/out/result.json', 'w').write('{\"verdict\": \"pass\"}')\n        os._exit(0)\n",
  ],
  [
    "metric-direction-wrong",
    "the other direction",
    "higher_is_better: bool = False",
    "higher_is_better: bool = True",
  ],
  ["metric-perfect-not-best", "an offset", "return float(np", "return 1.0 + float(np"],
  [
    "metric-blind-to-permutation",
    "compares sorted values",
    EVALUATE,
    "        left = np.sort(y_true[self.value].to_numpy())\n        right = np.sort(y_pred[self.value].to_numpy(float))\n        return float(np.sqrt(((left - right) ** 2).mean()))\n",
  ],
  [
    "metric-not-monotone",
    "saturates and turns",
    "return float(np.sqrt((error ** 2).mean()))",
    "value = float(np.sqrt((error ** 2).mean()))\n        return value if value < 5 else 5 / value",
  ],
  [
    "metric-depends-on-order",
    "by position",
    EVALUATE,
    "        error = y_true[self.value].to_numpy() - y_pred[self.value].to_numpy(float)\n        return float(np.sqrt((error ** 2).mean()))\n",
  ],
  [
    "metric-unstable",
    "draws",
    "return float(np.sqrt((error ** 2).mean()))",
    "return float(np.sqrt((error ** 2).mean())) + 1e-4 * np.random.default_rng().random()",
  ],
  [
    "metric-unstable",
    "not a number for large values",
    "return float(np.sqrt((error ** 2).mean()))",
    "return float('nan') if error.abs().max() > 1e9 else float(np.sqrt((error ** 2).mean()))",
  ],
  [
    "metric-accepts-bad-submission",
    "returns instead of raising",
    'raise InvalidSubmissionError("There are repeated',
    'return ("There are repeated',
  ],
  [
    "metric-accepts-bad-submission",
    "lets missing values through",
    "np.isfinite(numbers)",
    "(numbers.isna() | np.isfinite(numbers))",
  ],
  [
    "metric-refusal-unexplained",
    "says nothing",
    /InvalidSubmissionError\(".*\)/g,
    'InvalidSubmissionError("invalid")',
  ],
  [
    "metric-refuses-sample",
    "wants an index column",
    '!= ["id", self.value]',
    '!= ["index", "id", self.value]',
  ],
  [
    "metric-won-by-constant",
    "rewards everything",
    "return float(np.sqrt((error ** 2).mean()))",
    "return 0.0 if y_pred[self.value].nunique() == 1 else float(np.sqrt((error ** 2).mean()))",
  ],
  [
    "metric-differs-from-reference",
    "mean absolute error",
    "return float(np.sqrt((error ** 2).mean()))",
    "return float(error.abs().mean())",
  ],
];

describe("mutants of a metric are rejected by the check that is named for the defect", () => {
  test.each(mutants)("%s: %s", async (check, _what, from, to) => {
    const draft = withMetric(METRIC);
    editText(draft, "metric.py", from, to);
    const records = await assertPackage(await bench.save(draft), bench.services, { only: [check] });
    expect(failedChecks(records)).toContain(check);
  });
});

describe("sound metrics pass", () => {
  const twins: [string, () => Draft][] = [
    ["an author's own", () => withMetric(METRIC)],
    ["log loss", () => classificationPackage(4, 300, "log_loss")],
    ["balanced accuracy", () => classificationPackage(4, 300, "balanced_accuracy")],
    [
      "average precision",
      () => {
        const draft = surveyPackage();
        return draft;
      },
    ],
  ];
  test.each(twins)("%s", async (_name, make) => {
    expect(objections(await assertPackage(await bench.save(make()), bench.services))).toEqual([]);
  });
});
