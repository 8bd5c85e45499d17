import { afterAll, beforeAll, expect, test } from "vitest";
import { runLadder } from "../../verifiers/verify.ts";
import { type Bench, openBench } from "./helpers/bench.ts";
import { type Draft, normal, stream } from "./helpers/draft.ts";
import { draftOf } from "./helpers/draft-of.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** A few hundred rows of six numbers, of which some make the amount. */
function amounts(amount: (numbers: number[], noise: number) => number): Draft {
  const draw = stream(43);
  const names = ["area", "rooms", "age", "floor", "width", "depth"];
  const rows = Array.from({ length: 360 }, () => {
    const numbers = names.map(() => normal(draw));
    const cells = names.map((name, at) => [name, numbers[at]?.toFixed(4) ?? ""] as const);
    return { ...Object.fromEntries(cells), amount: amount(numbers, normal(draw)).toFixed(4) };
  });
  return draftOf({
    title: "Predict the amount",
    objective: "regression",
    modality: "tabular",
    metric: "rmse",
    target: { name: "amount", kind: "number", labels: null, columns: ["amount"] },
    features: names,
    rows,
    testRows: 120,
    split: { strategy: "random" },
  });
}

test.each([
  [
    "a saddle over two of six columns, under noise",
    /^random trees$/,
    amounts(([area = 0, rooms = 0], noise) => 100 + 10 * area * rooms + 2 * noise),
  ],
  [
    "grows by shares",
    /^linear in logarithms$/,
    amounts(([area = 0, rooms = 0, age = 0], noise) =>
      Math.exp(5 + 0.9 * area + 0.7 * rooms - 0.5 * age + 0.05 * noise),
    ),
  ],
])("the strong rung finds the model that suits what is %s", async (_what, model, draft) => {
  const { ladder } = await runLadder(await bench.save(draft), bench.services);
  const [simple, strong] = ["simple", "strong"].map((wanted) => ladder.find(({ name }) => name === wanted));
  expect(strong?.model).toMatch(model);
  expect(strong?.score).toBeLessThan(0.8 * (simple?.score ?? 0));
});
