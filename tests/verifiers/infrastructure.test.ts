import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isSound, type VerifyRequest, verifyFolder } from "../../cli/verify.ts";
import type { Job, JobResult } from "../../sandbox/job.ts";
import { createProgramRunner } from "../../sandbox/program-runner.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { CodingAgent } from "../../verifiers/execution/agent/play.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { objections } from "./helpers/bench.ts";
import { forgetting, requestOfEveryStep } from "./helpers/every-step.ts";

/**
 * A failure of the sandbox at any step of a verification is no verdict on the task, and never an acceptance. The steps are
 * not listed here: a first verification records every job, and each of them then fails in turn while the others give the
 * results that they gave.
 */
let services: TestServices;
let folder: string;
let request: VerifyRequest;
const jobs: Job[] = [];

/** An agent without a model: it runs one program that submits what a random forest says. */
const agent: CodingAgent = {
  name: "forest",
  prompt: "",
  actions: 2,
  async solve(environment) {
    const code = `import pandas as pd
from sklearn.ensemble import RandomForestClassifier
train, test, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "test", "sample_submission"))
target = sample.columns[1]
numbers = [name for name in test.select_dtypes("number").columns if name != "id"]
model = RandomForestClassifier(200, random_state=0).fit(train[numbers], train[target])
pd.DataFrame({"id": test["id"], target: model.predict(test[numbers])}).to_csv("submission.csv", index=False)
`;
    await environment.act({ action: "execute_code", code });
    return "a random forest";
  },
};

beforeAll(async () => {
  services = await testServices();
  folder = await mkdtemp(join(tmpdir(), "mle-smith-infrastructure-"));
  request = await requestOfEveryStep(folder);
  const verified = await verifyFolder(
    request,
    servicesWith((job) => void jobs.push(job)),
    { agent },
  );
  expect(objections(verified.records)).toEqual([]);
  expect(isSound(verified)).toBe(true);
  expect(verified.agent?.agent).toBe("forest");
}, 180_000);
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

/** Services whose sandbox asks `interfere` before each job; what it returns takes the place of the job's result. */
function servicesWith(
  interfere: (job: Job) => JobResult | Promise<JobResult> | undefined,
  forgotten?: string,
) {
  const { sandbox } = services;
  // What fails is not kept, so that every case meets the store as the first verification left it.
  const store = forgetting(services.store, forgotten);
  const failing: Sandbox = {
    engine: "failing",
    run: async (job, options) => (await interfere(job)) ?? (await sandbox.run(job, options)),
    close: async () => {},
  };
  return { store, programs: createProgramRunner(failing, store) };
}

const facts = (job: Job) => ({
  id: job.id,
  timings: { queuedMs: 0, runMs: 1 },
  stdout: "",
  stderr: "",
  stdoutTruncated: false,
  stderrTruncated: false,
  peakMemoryMb: null,
});

/** Ways in which the machinery fails. */
const failures: Record<string, (job: Job) => JobResult | Promise<JobResult>> = {
  "dies every time": (job) => ({ status: "infra_error", message: "the sandbox died", ...facts(job) }),
  "is gone": () => Promise.reject(new Error("no connection to the queue")),
  "calls the work off": (job) => ({ status: "cancelled", ...facts(job) }),
};

/** Ways in which a job ends that are results where the task's code runs, and our own failure where it does not. */
const endings: Record<string, (job: Job) => JobResult> = {
  "times out": (job) => ({ status: "timeout", ...facts(job) }),
  "runs out of memory": (job) => ({ status: "oom", ...facts(job) }),
  "is killed": (job) => ({ status: "nonzero_exit", exitCode: 137, outputs: null, ...facts(job) }),
};

/** Programs that run code of the task, or that measure what it declares of itself (time and memory of its solution). */
const OF_THE_TASK = /smith_task\.(run_prepare|grade)$|smith_environment$/;
const BUDGET = /smith_ladder$/;

test("a verification has the steps that it should have", () => {
  const programs = jobs.map((job) => job.argv.at(-1));
  expect(new Set(programs)).toEqual(
    new Set([
      "smith_import",
      "smith_import.perfect",
      "smith_dataset.ingest",
      "smith_task.run_prepare",
      "smith_checks.inspect",
      "smith_task.grade",
      "smith_ladder",
      "smith_environment",
    ]),
  );
  // The answers, the submissions of the metric checks, the ladder, the agent's submission alone and on resamples.
  expect(programs.filter((program) => program === "smith_task.grade")).toHaveLength(5);
});

describe("a failure at any step is neither a verdict nor an acceptance", () => {
  test.each(Object.keys(failures))("the sandbox %s", async (name) => {
    await Promise.all(
      jobs.map(async ({ id, argv }) => {
        const failing = servicesWith((job) => (job.id === id ? failures[name]?.(job) : undefined), id);
        await expect(verifyFolder(request, failing, { agent }), argv.join(" ")).rejects.toThrow();
      }),
    );
  });

  test.each(Object.keys(endings))("the job %s", async (name) => {
    for (const { id, argv } of jobs) {
      const program = argv.at(-1) ?? "";
      const failing = servicesWith((job) => (job.id === id ? endings[name]?.(job) : undefined), id);
      const outcome = await verifyFolder(request, failing, { agent }).catch((error: unknown) => error);
      const isVerdict = !(outcome instanceof Error);
      if (isVerdict) expect(isSound(outcome as never), `${program} ${name}`).toBe(false);
      // Only what the task's own code does, or its own budget, may count against it.
      const may = OF_THE_TASK.test(program) || (BUDGET.test(program) && name !== "is killed");
      if (!may) expect(isVerdict, `${program} ${name}: a verdict`).toBe(false);
    }
  });

  test("one that fails once and works then is tried again", async () => {
    const [first] = jobs.filter((job) => job.argv.at(-1) === "smith_checks.inspect");
    let failed = 0;
    const failing = servicesWith((job) => {
      if (job.id !== first?.id || failed > 0) return undefined;
      failed += 1;
      return failures["dies every time"]?.(job);
    }, first?.id);
    expect(isSound(await verifyFolder(request, failing, { agent }))).toBe(true);
    expect(failed).toBe(1);
  });
});
