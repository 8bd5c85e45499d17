import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Ended, Folders, smith } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";

const folders = new Folders();
let houses: string;
let out: string;
let made: Ended;

beforeAll(async () => {
  houses = writeHouses(join(folders.make(), "houses"));
  out = folders.make();
  made = await smith(["generate", houses, "--out", out, "--json"]);
}, 120_000);
afterAll(() => folders.remove());

/** What `generate --json` promises: said apart from the code that prints it, so that a change there is seen. */
const Promised = z.strictObject({
  run: z.string(),
  datasets: z.array(
    z.strictObject({
      path: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      tasks: z.array(
        z.strictObject({
          id: z.string(),
          path: z.string(),
          title: z.string(),
          objective: z.string(),
          metric: z.string(),
          seconds: z.number(),
          cost: z.number(),
        }),
      ),
      rejected: z.array(
        z.strictObject({
          title: z.string(),
          defects: z.array(z.object({ check: z.string(), message: z.string() })),
        }),
      ),
    }),
  ),
  funnel: z.object({
    candidates: z.int(),
    attempts: z.int(),
    accepted: z.int(),
    rejected: z.int(),
    rejectionsByCheck: z.record(z.string(), z.int()),
    secondsByStage: z.record(z.string(), z.number()),
    secondsByCheck: z.record(z.string(), z.number()),
  }),
  seconds: z.number(),
  cost: z.number(),
});

function task(): string {
  const path = Promised.parse(JSON.parse(made.stdout)).datasets[0]?.tasks[0]?.path;
  if (path === undefined) throw new Error(`no task was accepted: ${made.stderr}`);
  return path;
}

test.each([
  [[], ["generate", "verify", "grade", "survey", "doctor", "Exit codes"]],
  [
    ["generate"],
    [
      "--out",
      "--model",
      "--tasks",
      "--seed",
      "--workers",
      "--max-cost",
      "--time-limit",
      "--resume",
      "--json",
      "--config",
      "--set",
    ],
  ],
  [["verify"], ["<task>", "Exit code 0"]],
  [["grade"], ["<task>", "<submission>"]],
  [["survey"], ["<dataset>", "--json"]],
  [["doctor"], ["--json"]],
])("--help of %j names its arguments and options", async (words, expected) => {
  const { code, stdout, stderr } = await smith([...words, "--help"]);
  expect(code).toBe(0);
  expect(stderr).toBe("");
  for (const part of expected) expect(stdout).toContain(part);
});

test.each([
  ["no dataset", ["generate"], /no dataset given/],
  ["an unknown flag", ["generate", "x", "--nonsense"], /unknown option '--nonsense'/],
  ["an unknown command", ["produce"], /unknown command 'produce'/],
  ["a count that is none", ["generate", "x", "--tasks", "many"], /--tasks.*expected a whole number/],
  ["a count out of range", ["generate", "x", "--tasks", "99"], /tasks/],
  ["a negative limit", ["generate", "x", "--time-limit", "-3"], /above zero/],
  ["an unknown field", ["generate", "x", "--set", "nothing.such=1"], /nothing/],
  ["an assignment without value", ["generate", "x", "--set", "seed"], /expected field=value/],
  [
    "a configuration file that is not there",
    ["generate", "x", "-c", "/nonexistent.yaml"],
    /nonexistent\.yaml/,
  ],
  ["a run that is not there", ["generate", "--resume", "no-such-run"], /no run no-such-run/],
  ["a run with datasets", ["generate", "x", "--resume", "some"], /takes no datasets/],
  ["a package that is not there", ["verify", "/nonexistent"], /nonexistent/],
  ["a missing argument", ["grade", "x"], /missing required argument 'submission'/],
  ["a survey of nothing", ["survey", "/nonexistent"], /no dataset at \/nonexistent/],
])("%s ends with 2 and one clear message", async (_name, words, message) => {
  const { code, stdout, stderr } = await smith(words, { cwd: folders.make() });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a dataset that is not there ends with 2 and the reason, beside nothing", async () => {
  const { code, stdout, stderr } = await smith([
    "generate",
    "/nonexistent",
    "--out",
    folders.make(),
    "--json",
  ]);
  expect(code, stderr).toBe(2);
  expect(Promised.parse(JSON.parse(stdout)).datasets).toMatchObject([
    { status: "bad_input", reason: expect.stringContaining("/nonexistent"), tasks: [] },
  ]);
});

describe("of an accepted task", () => {
  test("generate --json prints one document of the promised shape on stdout alone", () => {
    expect(made.code, made.stderr).toBe(0);
    const printed = Promised.parse(JSON.parse(made.stdout));
    expect(printed.datasets).toMatchObject([{ path: houses, status: "accepted" }]);
    expect(JSON.parse(readFileSync(join(out, "runs", printed.run, "summary.json"), "utf8"))).toEqual(
      JSON.parse(made.stdout),
    );
    expect(made.stderr).toContain("accepted as");
  });

  test("grade scores the sample submission", async () => {
    const graded = await smith(["grade", task(), join(task(), "public/sample_submission.csv")]);
    expect(graded.code, graded.stderr).toBe(0);
    expect(Number(graded.stdout)).toBeGreaterThan(0);
    const json = await smith(["grade", task(), join(task(), "public/sample_submission.csv"), "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ score: Number(graded.stdout) });
  });

  test("grade refuses a submission that lacks a row with 2, and says why", async () => {
    const [header = "", , ...rows] = readFileSync(join(task(), "public/sample_submission.csv"), "utf8").split(
      "\n",
    );
    const broken = join(folders.make(), "broken.csv");
    writeFileSync(broken, [header, ...rows].join("\n"));
    const { code, stdout, stderr } = await smith(["grade", task(), broken]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/error: .*(row|id)/i);
  });

  test("verify passes", async () => {
    const { code, stdout, stderr } = await smith(["verify", task(), "--json"]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: true });
  });

  test("verify of a damaged package ends with 3 and names the defect", async () => {
    const damaged = join(folders.make(), "task");
    cpSync(task(), damaged, { recursive: true });
    const answers = join(damaged, "private/test_answer.csv");
    writeFileSync(answers, readFileSync(answers, "utf8").replace(/(\d)\n/, "$19\n"));
    const { code, stdout } = await smith(["verify", damaged]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/✗ .*manifest-files-mismatch/);
    expect(stdout).toMatch(/not accepted/);
  });

  test("survey --json prints the whole survey", async () => {
    const { code, stdout, stderr } = await smith(["survey", houses, "--json"]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ views: [{ rows: 400 }], refusal: null });
  });
});
