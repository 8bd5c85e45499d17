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

/** Sales of shops by month: each grows at a pace of its own, with seasons that grow too. Some open late, some miss months. */
function shops(): Draft {
  const draw = stream(41);
  const all = Array.from({ length: 12 }, (_, shop) => ({
    shop: `S${shop}`,
    size: 50 + 400 * draw(),
    pace: 0.002 + 0.01 * draw(),
    peak: 12 * draw(),
    opened: shop % 4 === 0 ? 30 : 0,
  }));
  const rows = Array.from({ length: 108 }, (_, month) =>
    all
      .filter(({ opened }) => month >= opened && !(month < 80 && draw() < 0.02))
      .map(({ shop, size, pace, peak }) => {
        const season = 1 + 0.4 * Math.cos((2 * Math.PI * (month - peak)) / 12);
        const sales = size * Math.exp(pace * month) * season * Math.exp(0.05 * normal(draw));
        return {
          month: new Date(Date.UTC(2010, month, 1)).toISOString().slice(0, 10),
          shop,
          sales: sales.toFixed(2),
        };
      }),
  ).flat();
  const draft = draftOf({
    title: "Forecast the sales of each shop",
    objective: "forecasting",
    modality: "time_series",
    metric: "mae",
    target: { name: "sales", kind: "number", labels: null, columns: ["sales"] },
    features: ["month", "shop"],
    rows,
    testRows: 12 * 18,
    split: { strategy: "time", time: "month" },
  });
  draft.manifest.split.series = ["shop"];
  return draft;
}

test("the strong rung sees seasons and growth of every series, and is far ahead of the last season", async () => {
  const { ladder } = await runLadder(await bench.save(shops()), bench.services);
  const scores = Object.fromEntries(ladder.map(({ name, score }) => [name, score ?? Number.NaN]));
  expect(ladder.find(({ name }) => name === "strong")?.model).toBe("theta method with seasons of 12 steps");
  expect(scores.strong).toBeLessThan(0.7 * (scores.simple ?? 0));
  expect(scores.simple).toBeLessThan(0.7 * (scores.trivial ?? 0));
}, 60_000);
