import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../task/manifest.ts";
import { runCheck } from "../../verifiers/check.ts";
import type { LadderContext, LadderStep } from "../../verifiers/execution/ladder.ts";
import { loadChecks } from "../../verifiers/registry.ts";
import { runLadder } from "../../verifiers/verify.ts";
import { regressionPackage } from "./helpers/base-packages.ts";
import { type Bench, failedChecks, openBench } from "./helpers/bench.ts";
import { type Draft, editTable, stream } from "./helpers/draft.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const CHECKS = new URL("../../verifiers/execution/checks/", import.meta.url);

/** Answers and train targets drawn anew: nothing foretells them. */
function shuffled(): Draft {
  const draft = regressionPackage();
  const random = stream(77);
  for (const [path, place] of [
    ["public/train.csv", 5],
    ["private/test_answer.csv", 1],
  ] as const)
    editTable(draft, path, (table) =>
      table.rows.forEach((row) => {
        row[place] = (100 * random()).toFixed(3);
      }),
    );
  return draft;
}

describe("the ladder on real packages", () => {
  test("a target that nothing foretells is rejected", async () => {
    const { records } = await runLadder(await bench.save(shuffled()), bench.services);
    expect(failedChecks(records)).toEqual(expect.arrayContaining(["ladder-no-skill", "ladder-little-gain"]));
  });

  test("a budget in which our solvers do not fit is held against the task, and not against us", async () => {
    // Enough rows that no machine's solvers end in a second.
    const draft = regressionPackage(1, 150_000);
    draft.manifest.budget = { ...draft.manifest.budget, seconds: 1 };
    const { records, ladder, agent } = await runLadder(await bench.save(draft), bench.services);
    expect(failedChecks(records)).toEqual(["budget-exceeded", "ladder-unsolved"]);
    expect([ladder, agent]).toEqual([[], null]);
  });

  test("a sound task climbs, and the answers stay out of reach", async () => {
    const { records, ladder } = await runLadder(await bench.save(regressionPackage()), bench.services);
    expect(failedChecks(records)).toEqual([]);
    const [trivial, , , strong] = ladder.map((step) => step.score ?? Number.NaN);
    expect(strong).toBeLessThan((trivial ?? 0) * 0.8);
    const { measured } = records.find(({ check }) => check === "ladder-no-skill") ?? {};
    expect(measured?.levels).toBeGreaterThanOrEqual(2);
  });
});

const step = (name: LadderStep["name"], score: number | null, error = 0.02): LadderStep => ({
  name,
  model: name,
  score,
  interval: score === null ? null : [score - error, score + error],
  note: "",
});

function contextOf(
  scores: [number | null, number | null, number | null, number | null],
  changes: Partial<LadderContext> = {},
): LadderContext {
  const manifest = { ...regressionPackage().manifest, files: [] } satisfies Manifest;
  manifest.metric = { ...manifest.metric, direction: "maximize", best: 1 };
  const [trivial, limited, simple, strong] = scores;
  return {
    manifest,
    problem: null,
    single: null,
    trivial: { score: trivial, resampled: [] },
    unit: "row",
    solved: { steps: [], probe: { tried: 10, found: [], network: false }, seconds: 1 },
    ladder: [
      step("trivial", trivial),
      step("limited", limited),
      step("simple", simple),
      step("strong", strong),
    ],
    differences: around((strong ?? 0) - (trivial ?? 0)),
    over: { limited: around((strong ?? 0) - (limited ?? 0)), simple: around((strong ?? 0) - (simple ?? 0)) },
    ...changes,
  };
}

/** A hundred resampled gains with a standard error of 0.7 of the swing. */
function around(gain: number, swing = 0.02): number[] {
  return Array.from({ length: 100 }, (_, index) => gain + swing * Math.sin(index * 12.9898));
}

/** What one column reaches, with resampled gains of strong over it around `gain`. */
function singleOf(score: number, gain: number): LadderContext["single"] {
  return { model: "linear on width alone", score, differences: around(gain) };
}

describe("what the checks say of a ladder", () => {
  const cases: [string, LadderContext, string[]][] = [
    ["a sound one", contextOf([0.5, 0.6, 0.7, 0.8]), []],
    ["no gain beyond noise", contextOf([0.5, 0.5, 0.5, 0.51]), ["ladder-little-gain", "ladder-no-skill"]],
    ["saturated", contextOf([0.5, 0.9, 0.98, 0.99]), ["ladder-saturated"]],
    ["no strong solution", contextOf([0.5, null, null, null]), ["ladder-unsolved"]],
    [
      "the solving job was killed",
      contextOf([null, null, null, null], { solved: null, problem: "timeout after 600 s" }),
      ["budget-exceeded", "ladder-unsolved"],
    ],
    [
      "answers in reach",
      contextOf([0.5, 0.6, 0.7, 0.8], {
        solved: {
          steps: [],
          probe: { tried: 10, found: ["/job/private/test_answer.csv"], network: false },
          seconds: 1,
        },
      }),
      ["answers-readable"],
    ],
    [
      "one column that says as much as all",
      contextOf([0.5, 0.6, 0.7, 0.8], { single: singleOf(0.798, 0.002) }),
      ["ladder-one-feature"],
    ],
    [
      "just beyond noise, with no room in between",
      contextOf([0.5, 0.51, 0.52, 0.53], {
        differences: Array.from({ length: 100 }, (_, index) => 0.03 + 0.015 * Math.sin(index * 12.9898)),
        manifest: {
          ...contextOf([0, 0, 0, 0]).manifest,
          metric: { ...contextOf([0, 0, 0, 0]).manifest.metric, best: 0.9 },
        },
      }),
      ["ladder-unresolved"],
    ],
    [
      "one level above trivial, and little room below it",
      contextOf([0.5, 0.595, 0.595, 0.6], { differences: around(0.1, 0.028) }),
      ["ladder-unresolved"],
    ],
    [
      "more rows pay, though no better model does",
      contextOf([0.5, 0.55, 0.595, 0.6], { differences: around(0.1, 0.028) }),
      [],
    ],
    [
      "a better model pays, though no more rows do",
      contextOf([0.5, 0.595, 0.55, 0.6], { differences: around(0.1, 0.028) }),
      [],
    ],
    ["one level above trivial, far above it", contextOf([0.5, 0.79, 0.795, 0.8]), []],
    ["one strong column among others", contextOf([0.5, 0.6, 0.7, 0.8], { single: singleOf(0.7, 0.1) }), []],
    ["a dip, which is only reported", contextOf([0.5, 0.6, 0.82, 0.8]), []],
  ];
  test.each(cases)("%s", async (_name, context, expected) => {
    const checks = await loadChecks<LadderContext>(CHECKS);
    expect(failedChecks(checks.map((check) => runCheck(check, context))).sort()).toEqual(expected);
  });
});
