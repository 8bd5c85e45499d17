import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { desktopOpener } from "../../cli/runs/open-report.ts";
import { ownProcessName } from "../../core/process-name.ts";
import { type Ended, Folders, onlyRun, smith, summaryOf } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { hashesBelow } from "../helpers/tree-hash.ts";

const folders = new Folders();
const out = folders.make();
let whole: string;
let accepted: number;

beforeAll(async () => {
  const houses = writeHouses(join(folders.make(), "houses"));
  const made = await smith(["generate", houses, "/nonexistent", "--tasks", "1", "--out", out, "--json"]);
  expect(made.code, made.stderr).toBe(0);
  whole = onlyRun(out).id;
  accepted = summaryOf(made).funnel.accepted;
  expect(accepted).toBe(1);
}, 300_000);
afterAll(() => folders.remove());

const folderOf = (run: string) => join(out, "runs", run);

/** The command line in this process: a process of its own takes seconds to start. */
async function runs(...words: string[]): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += text;
      return true;
    });
  try {
    await main(["node", "mle-smith", "runs", ...words, ...(words.includes("--out") ? [] : ["--out", out])]);
    return { code: Number(process.exitCode ?? 0), ...written };
  } finally {
    process.exitCode = undefined;
    vi.restoreAllMocks();
  }
}

/** A copy of the real run under another id and start, so that it sorts where it is wanted. */
function copyOf(run: string): string {
  const folder = folderOf(run);
  cpSync(folderOf(whole), folder, { recursive: true });
  const path = join(folder, "config.json");
  const request = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const started = `${run.slice(0, 10)}T00:00:00.000Z`;
  writeFileSync(path, JSON.stringify({ ...request, run, started }));
  return folder;
}

test("runs are listed newest first with what they came to, whatever state they were left in", async () => {
  rmSync(join(copyOf("2001-01-01-killed"), "summary.json"));
  writeFileSync(join(copyOf("2001-01-02-cut"), "config.json"), '{"version": 1, "run": ');
  mkdirSync(folderOf("2001-01-03-empty"));
  writeFileSync(join(copyOf("2001-01-04-working"), "running"), await ownProcessName());
  writeFileSync(join(copyOf("2001-01-05-died"), "running"), "elsewhere@1@never");
  const stopped = join(copyOf("2001-01-06-stopped"), "summary.json");
  writeFileSync(stopped, readFileSync(stopped, "utf8").replace('"bad_input"', '"stopped"'));
  const ended = await runs("list", "--json");
  expect(ended.code, ended.stderr).toBe(0);
  const rows = JSON.parse(ended.stdout) as { run: string; started: string; [field: string]: unknown }[];
  const begun = rows.filter(({ started }) => started !== null).map(({ started }) => started);
  expect(begun).toHaveLength(6);
  expect(begun).toEqual([...begun].sort().reverse());
  expect(Object.fromEntries(rows.map(({ run, state }) => [run, state]))).toEqual({
    [whole]: "finished",
    "2001-01-01-killed": "resumable",
    "2001-01-02-cut": "damaged",
    "2001-01-03-empty": "damaged",
    "2001-01-04-working": "running",
    "2001-01-05-died": "finished",
    "2001-01-06-stopped": "stopped",
  });
  for (const { run, accepted: tasks, problem } of rows) {
    expect(tasks, run).toBe(run.endsWith("empty") ? 0 : accepted);
    expect(problem === null, run).toBe(!/cut|empty/.test(run));
  }
  const text = await runs("list");
  expect(text.code).toBe(0);
  expect(text.stdout).toMatch(/^\S+ +finished +1 of 1 accepted +\$0\.00 +\d+ s +houses, nonexistent$/m);
  expect(text.stdout).toMatch(/damaged[^\n]*\n {2}\S*config\.json: /);
});

test("one run is shown with funnel, tasks, reasons and times; of a killed one what its events tell, which is the same", async () => {
  const shown = await runs("show", whole);
  expect(shown.code, shown.stderr).toBe(0);
  expect(shown.stdout).toContain("2 datasets → 1 candidates");
  expect(shown.stdout).toMatch(/nonexistent: bad input: /);
  expect(shown.stdout).toMatch(/accepted {2}Predict the price/);
  expect(shown.stdout).toMatch(/^ {2}execution +\d+\.\d s +\d+%$/m);
  const killed = JSON.parse((await runs("show", folderOf("2001-01-01-killed"), "--json")).stdout);
  const finished = JSON.parse((await runs("show", whole.slice(0, 12), "--json")).stdout);
  expect(killed).toMatchObject({ state: "resumable", problem: null });
  expect(killed.summary.funnel).toEqual(finished.summary.funnel);
  expect(killed.summary.datasets).toEqual(finished.summary.datasets);
});

test("a run that is under way is not resumed beside it, and nothing of it is touched", async () => {
  const folder = folderOf("2001-01-04-working");
  const before = hashesBelow(folder);
  const { code, stderr } = await smith(["generate", "--resume", "2001-01-04-working", "--out", out]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/is under way: \S+@\d+@\S+ works on it[\s\S]*wait until it has ended/);
  expect(hashesBelow(folder)).toEqual(before);
});

test("text that came from data cannot write to the terminal", async () => {
  const folder = copyOf("2001-02-01-hostile");
  const evil = "\u001b[2J\u202eevil\u0007";
  for (const name of ["summary.json", "events.jsonl"]) {
    const path = join(folder, name);
    writeFileSync(
      path,
      readFileSync(path, "utf8").replaceAll(
        "Predict the price",
        `Predict ${JSON.stringify(evil).slice(1, -1)}`,
      ),
    );
  }
  appendFileSync(join(folder, "events.jsonl"), 'null\n7\n{"event":"task_published"}\n{"event":"cut');
  for (const words of [["list"], ["show", "2001-02-01"], ["show", "2001-02-01", "--json"]]) {
    const { code, stdout } = await runs(...words);
    expect(code).toBe(0);
    for (const sign of ["\u001b", "\u202e", "\u0007"]) expect(stdout).not.toContain(sign);
  }
  rmSync(join(folder, "summary.json"));
  const { code, stdout } = await runs("show", "2001-02-01");
  expect(code).toBe(0);
  expect(stdout).toContain("Predict  [2J evil");
  expect(stdout).not.toContain("\u001b");
});

test("open prints the path of the report; the path alone, for other commands", async () => {
  const { code, stdout } = await smith(["runs", "open", whole, "--out", out]);
  expect(code).toBe(0);
  expect(stdout).toBe(`${join(folderOf(whole), "report.html")}\n`);
  expect(desktopOpener({}, "linux")).toBeUndefined();
  expect(desktopOpener({ DISPLAY: ":0" }, "linux")).toBe("xdg-open");
  expect(desktopOpener({}, "darwin")).toBe("open");
  expect(desktopOpener({ SSH_CONNECTION: "1" }, "darwin")).toBeUndefined();
});

test.each([
  ["a folder without runs", ["list", "--out", "/nonexistent"], /no runs in \/nonexistent[\s\S]*--out/],
  ["a run that is not there", ["show", "1999"], /no run 1999[\s\S]*runs list/],
  [
    "a beginning that several runs have",
    ["show", "2001-01-0"],
    /6 runs begin with 2001-01-0[\s\S]*more of the id/,
  ],
  ["a run without a report", ["open", "2001-01-03-empty"], /has no report[\s\S]*--resume/],
  ["an unknown verb", ["delete"], /unknown command 'delete'/],
])("%s ends with 2 and what to do", async (_name, words, message) => {
  const { code, stderr } = await runs(...words);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
