import { expect, test } from "vitest";
import { interval } from "../../verifiers/execution/ladder.ts";

test("a ladder interval is the 2.5% and 97.5% percentiles of the resampled scores", () => {
  const scores = Array.from({ length: 101 }, (_, index) => (index * 37) % 101);
  expect(interval(scores)).toEqual([2.5, 97.5]);
  expect(interval(scores.slice(0, 19))).toBeNull();
});
