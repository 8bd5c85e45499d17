import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Certificate } from "../../task/certificate.ts";
import { exportToMleDojo } from "../../task/export/mledojo.ts";
import { Folders, smith } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";
import { linearModel } from "../helpers/solver-code.ts";
import { asBareFolder, writeFolder } from "../task/import/foreign-folders.ts";
import { regressionPackage } from "../verifiers/helpers/base-packages.ts";

const folders = new Folders();
let houses: string;
let task: string;

beforeAll(async () => {
  houses = writeHouses(join(folders.make(), "houses"));
  const made = await smith(["generate", houses, "--out", folders.make(), "--tasks", "1", "--json"]);
  const { datasets } = z
    .object({ datasets: z.array(z.object({ tasks: z.array(z.object({ path: z.string() })) })) })
    .parse(JSON.parse(made.stdout));
  task = datasets[0]?.tasks[0]?.path ?? "";
}, 120_000);
afterAll(() => folders.remove());

/** What `verify --json` promises. */
const Promised = z.strictObject({
  format: z.enum(["mle-smith", "mle-dojo", "mle-bench", "folder"]),
  notes: z.array(z.string()),
  accepted: z.boolean(),
  records: z.array(
    z.object({
      check: z.string(),
      layer: z.string(),
      verdict: z.string(),
      measured: z.record(z.string(), z.unknown()),
      defects: z.array(z.object({ severity: z.string(), message: z.string(), evidence: z.string() })),
    }),
  ),
  ladder: z.array(z.object({ name: z.string(), score: z.number().nullable() })),
  differs: z
    .array(z.strictObject({ of: z.string(), what: z.string(), certificate: z.string(), now: z.string() }))
    .nullable(),
  agent: Certificate.shape.agent,
  certificate: Certificate.nullable(),
});

async function verify(...words: string[]) {
  const ended = await smith(["verify", ...words, "--json"]);
  return {
    code: ended.code,
    said: ended.code === 0 || ended.code === 3 ? Promised.parse(JSON.parse(ended.stdout)) : null,
    stderr: ended.stderr,
  };
}

/** A copy of the task in which one file was changed. */
function changed(path: string, change: (text: string) => string): string {
  const copy = join(folders.make(), "task");
  cpSync(task, copy, { recursive: true });
  const file = join(copy, path);
  const before = readFileSync(file, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${path}`);
  writeFileSync(file, after);
  return copy;
}

describe("a package of ours", () => {
  test("reproduces its certificate, and its data from the raw dataset", async () => {
    const { code, said } = await verify(task, "--raw", houses);
    expect(said?.differs).toEqual([]);
    expect(code).toBe(0);
    const verdicts = new Map(said?.records.map((record) => [record.check, record.verdict]));
    expect(verdicts.get("prepared-data-differ")).toBe("pass");
    expect(verdicts.get("preparation-not-deterministic")).toBe("pass");
    const own = Certificate.parse(JSON.parse(readFileSync(join(task, "certificate.json"), "utf8")));
    expect(said?.certificate?.ladder).toEqual(own.ladder);
    expect(said?.certificate?.versions).toEqual(own.versions);
    const saturated = own.checks.find(({ check }) => check === "ladder-saturated");
    expect(saturated?.repeat).toBe("verify");
    expect(saturated?.threshold).toBeTruthy();
    expect(own.checks.find(({ check }) => check === "review-rubric")?.repeat).toBe("none");
  });

  test("a certificate that claims another verdict is contradicted", async () => {
    const copy = changed("certificate.json", (text) => {
      const certificate = Certificate.parse(JSON.parse(text));
      const [first] = certificate.ladder;
      if (first) first.score *= 2;
      return JSON.stringify({
        ...certificate,
        versions: { ...certificate.versions, pandas: "1.0.0" },
        checks: certificate.checks.map((check) =>
          check.check === "order-predicts-target" ? { ...check, verdict: "not_applicable" } : check,
        ),
      });
    });
    const { code, said } = await verify(copy);
    expect(code).toBe(3);
    expect(said?.accepted).toBe(true);
    expect(said?.differs).toEqual([
      { of: "order-predicts-target", what: "verdict", certificate: "not_applicable", now: "pass" },
      expect.objectContaining({ of: "trivial", what: "score" }),
      expect.objectContaining({ of: "pandas", what: "version", certificate: "1.0.0" }),
    ]);
  });

  test("another prepare.py than the one that made the data is named", async () => {
    const copy = changed("prepare.py", (text) =>
      text.replace(/(def prepare\([^)]*\)[^:]*:\n)/, '$1    (private / "more.txt").write_text("more")\n'),
    );
    const { code, said } = await verify(copy, "--raw", houses, "--only", "prepared-data-differ");
    expect(code).toBe(3);
    const record = said?.records.find(({ check }) => check === "prepared-data-differ");
    expect(record?.defects[0]?.evidence).toContain("private/more.txt (only prepared)");
  });
});

test("a package of ours, exported to MLE-Dojo, is accepted in that form", async () => {
  const folder = folders.make();
  const made = await exportToMleDojo(task, {
    competitions: join(folder, "competitions"),
    data: join(folder, "data"),
  });
  const { code, said } = await verify(made.competition, "--data", join(folder, "data"));
  expect(
    said?.records.flatMap(({ check, defects }) => defects.map(({ evidence }) => `${check}: ${evidence}`)),
  ).toEqual([]);
  expect(said).toMatchObject({ format: "mle-dojo", accepted: true, differs: null });
  expect(code).toBe(0);
});

describe("options", () => {
  test("a check is left out with a reason, which stands in the certificate", async () => {
    const folder = await writeFolder(join(folders.make(), "bare"), asBareFolder(regressionPackage()));
    const file = join(folders.make(), "certificate.json");
    const { code } = await verify(
      folder,
      ...["--metric", "rmse", "--only", "personal-data,ids-inconsistent"],
      ...["--skip", "personal-data=the names are invented", "--certificate", file],
    );
    expect(code).toBe(0);
    const certificate = Certificate.parse(JSON.parse(readFileSync(file, "utf8")));
    expect(certificate.checks.find(({ check }) => check === "personal-data")?.measured).toEqual({
      reason: "left out by request: the names are invented",
    });
  });

  test.each([
    [["--skip", "personal-data"], /CHECK=REASON/],
    [["--skip", "personal-data=no"], /CHECK=REASON/],
    [["--only", "no-such-check"], /no check/],
    [["--metric", "no-such-metric"], /metric/],
  ])("%j is bad usage", async (words, message) => {
    const { code, stderr } = await verify(task, ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("a folder of nothing known is bad input", async () => {
    const { code, stderr } = await verify(folders.make());
    expect(code).toBe(2);
    expect(stderr).toMatch(/--metric/);
  });
});

describe("a coding agent", () => {
  const execute = { calls: [{ name: "execute_code", arguments: { code: linearModel } }] };
  const key = "sk-verify-0123456789";

  async function play(script: Parameters<typeof ScriptedModel.start>[0], ...words: string[]) {
    const model = await ScriptedModel.start(script);
    try {
      const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: model.url };
      const ended = await smith(["verify", ...words, "--json", "--set", "retry.attempts=1"], { env });
      expect(ended.stdout + ended.stderr).not.toContain(key);
      return ended;
    } finally {
      await model.close();
    }
  }

  test("solves a task of others, and its play stands in JSON and certificate", async () => {
    const bare = await writeFolder(join(folders.make(), "bare"), asBareFolder(regressionPackage()));
    const certificate = join(folders.make(), "certificate.json");
    const ended = await play(
      [execute, { answer: { approach: "a linear model" } }],
      bare,
      "--metric",
      "rmse",
      "--model",
      "scripted",
      "--actions",
      "3",
      "--certificate",
      certificate,
    );
    expect(ended.code, ended.stderr).toBe(0);
    const said = Promised.parse(JSON.parse(ended.stdout));
    expect(said.agent).toMatchObject({ agent: "scripted", budget: 3, approach: "a linear model" });
    expect(said.ladder.at(-1)).toMatchObject({ name: "agent", score: said.agent?.steps[0]?.score });
    expect(Certificate.parse(JSON.parse(readFileSync(certificate, "utf8"))).agent).toEqual(said.agent);
    expect(ended.stderr).toMatch(/agent: execute_code: SUCCESS, score \d/);
  });

  test("that cannot be asked gives no verdict: 1 for the endpoint, 4 for the budget, 2 without a key", async () => {
    const down = await play([execute, { status: 503, message: "down" }], task, "--model", "scripted");
    expect(down).toMatchObject({ code: 1, stdout: "" });
    expect(down.stderr).toMatch(/model scripted: .*503/);
    const priced = ["--set", "prices.scripted.input=9", "--set", "prices.scripted.output=9"];
    const poor = await play([], task, "--model", "scripted", "--max-cost", "0.0001", ...priced);
    expect(poor).toMatchObject({ code: 4, stdout: "" });
    const keyless = await smith(["verify", task, "--model", "scripted"]);
    expect(keyless.code).toBe(2);
    expect(keyless.stderr).toMatch(/OPENAI_API_KEY/);
  });
});
