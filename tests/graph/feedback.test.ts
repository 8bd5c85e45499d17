import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { StampedEvent } from "../../core/events.ts";
import { verifyPackage } from "../../verifiers/verify.ts";
import {
  beyond,
  code,
  files,
  idea,
  ideas,
  noDesign,
  review,
  specification,
  unsound,
} from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import type { Step } from "../helpers/scripted-model.ts";
import { ScriptedRuns } from "../helpers/scripted-runs.ts";
import { testServices } from "../helpers/services.ts";

const runs = new ScriptedRuns();
let houses: string;
beforeAll(() => {
  houses = writeHouses(join(runs.folders.make(), "houses"));
});

/** Attempt, blame and checks of every send-back, in order. */
function trail(events: StampedEvent[]): { attempt: unknown; blame: unknown; checks: string[] }[] {
  return events
    .filter(({ event }) => event === "defects_found")
    .map(({ attempt, blame, defects }) => ({
      attempt,
      blame,
      checks: (defects as { check: string }[]).map(({ check }) => check),
    }));
}

/** The request holds this. */
const sees =
  (part: RegExp) =>
  ({ text }: { text: string }) =>
    expect(text).toMatch(part);

/** Answers to every request of one schema, `count` times. */
const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

test("a leak is sent back to the Designer, a broken submission check to Refactor, and the third version is accepted", async () => {
  const { tasks, summary, events } = await runs.play(houses, [
    { schema: "candidates", reply: { answer: ideas } },
    { schema: "design", reply: { answer: specification(["price_in_cents"]) } },
    { schema: "design", expect: sees(/target-copied-in-feature/), reply: { answer: beyond } },
    { schema: "code", expect: sees(/target-copied-in-feature/), reply: { answer: code(false) } },
    { schema: "files", expect: sees(/metric-accepts-bad-submission/), reply: { answer: files(true) } },
    { schema: "review", reply: { answer: review() } },
  ]);
  expect(summary.datasets[0]).toMatchObject({ status: "accepted", rejected: [] });
  const [leak, check, ...more] = trail(events);
  expect(leak).toMatchObject({ attempt: 1, blame: "designer" });
  expect(leak?.checks).toContain("target-copied-in-feature");
  expect(check).toMatchObject({ attempt: 2, blame: "refactor" });
  expect(check?.checks).toContain("metric-accepts-bad-submission");
  expect(more).toEqual([]);
  const [task] = tasks;
  expect(task).toBe(summary.datasets[0]?.tasks[0]?.path);
  const services = await testServices();
  try {
    const verified = await verifyPackage(task ?? "", services);
    expect(verified.records.filter(({ verdict }) => verdict === "defect").map(({ check: id }) => id)).toEqual(
      [],
    );
    expect(verified.accepted).toBe(true);
    expect(verified.ladder.length).toBeGreaterThan(1);
  } finally {
    await services.close();
  }
}, 300_000);

test("a model that never gets it right is asked three times for a design and three times for its form, then every reason is kept", async () => {
  const { tasks, summary, events } = await runs.play(houses, [
    { schema: "candidates", reply: { answer: ideas } },
    ...times(2, { schema: "design", reply: { answer: specification(["price_in_cents"]) } }),
    { schema: "design", expect: sees(/target-copied-in-feature/), reply: { answer: beyond } },
    { schema: "code", reply: { answer: code(false) } },
    ...times(3, {
      schema: "files",
      expect: sees(/metric-accepts-bad-submission/),
      reply: { answer: files(false) },
    }),
  ]);
  expect(tasks).toEqual([]);
  expect(trail(events).map(({ attempt, blame }) => `${attempt} ${blame}`)).toEqual([
    "1 designer",
    "2 designer",
    "3 refactor",
    "4 refactor",
    "5 refactor",
    "6 refactor",
  ]);
  const [dataset] = summary.datasets;
  expect(dataset).toMatchObject({ status: "nothing_accepted", tasks: [] });
  expect(dataset?.rejected).toHaveLength(1);
  const reasons = (dataset?.rejected[0]?.defects ?? []).map(({ attempt, check }) => `${attempt} ${check}`);
  expect(reasons).toEqual(
    expect.arrayContaining([
      "1 target-copied-in-feature",
      "2 target-copied-in-feature",
      ...[3, 4, 5, 6].map((attempt) => `${attempt} metric-accepts-bad-submission`),
    ]),
  );
  expect(summary.funnel).toMatchObject({ candidates: 1, accepted: 0, rejected: 1 });
  expect(summary.funnel.rejectionsByCheck).toHaveProperty("metric-accepts-bad-submission", 1);
  expect(events.find(({ event }) => event === "candidate_rejected")).toMatchObject({
    attempts: { designer: 3, refactor: 3 },
  });
}, 300_000);

test("an unsound idea gets one replacement, and the replacement none", async () => {
  const { summary, events } = await runs.play(houses, [
    { schema: "candidates", reply: { answer: ideas } },
    { schema: "design", reply: { answer: specification() } },
    {
      schema: "review",
      reply: {
        answer: unsound(),
      },
    },
    {
      schema: "candidates",
      expect: sees(/Predict the price of a sold house[\s\S]*rejected: what was seen of realism/),
      reply: { answer: { candidates: [idea("area", "Predict the area of a sold house")], reason: null } },
    },
    { schema: "design", reply: { answer: noDesign } },
  ]);
  const [dataset] = summary.datasets;
  expect(dataset?.status).toBe("nothing_accepted");
  expect(
    dataset?.rejected.map(({ title, defects }) => [title, defects.at(-1)?.check, defects.at(-1)?.blame]),
  ).toEqual([
    ["Predict the price of a sold house", "review-realism-low", "brainstormer"],
    ["Predict the area of a sold house", "designer-gave-up", "brainstormer"],
  ]);
  expect(events.filter(({ event }) => event === "candidate_proposed")).toHaveLength(2);
}, 300_000);
