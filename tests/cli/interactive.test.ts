import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readPackage } from "../../task/package/read.ts";
import { Folders, onlyRun, smith, tasksOf } from "../helpers/command-line.ts";
import { idea, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";
import { noTerminal, Terminal } from "../helpers/terminal.ts";

const folders = new Folders();
let houses: string;
let terminal: Terminal | undefined;
let model: ScriptedModel | undefined;

beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterEach(async () => {
  terminal?.close();
  const closing = model;
  model = undefined;
  await closing?.close();
});
afterAll(() => folders.remove());

function open(words: string[], environment: Record<string, string> = {}): Terminal {
  terminal = new Terminal(folders.make());
  terminal.run(words, environment);
  return terminal;
}

test("without a terminal nobody can be asked: it says so at once, and leaves no run behind", async () => {
  const out = folders.make();
  const { code, stderr } = await smith(["generate", houses, "--interactive", "--out", join(out, "o")]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/this is no terminal[\s\S]*--no-interactive/);
  expect(tasksOf(join(out, "o"))).toEqual([]);
}, 60_000);

const missing = noTerminal();
describe.skipIf(missing !== null)(
  `in a real terminal${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    test("candidates are edited, a task is looked at and approved", async () => {
      const out = folders.make();
      const screen = open(["generate", houses, "--interactive", "--tasks", "1", "--out", out]);
      await screen.shows(/candidates>$/);
      screen.type("e 1");
      await screen.shows(/title> \S/);
      screen.press("C-u");
      screen.type("What is a house of this town worth?");
      await screen.shows(/question> \S/);
      screen.press("Enter");
      await screen.shows(/target> price/);
      screen.press("Enter");
      await screen.shows(/objective> regression/);
      screen.press("Enter");
      await screen.shows(/metric \(.*mae.*\)> \S/);
      screen.press("C-u");
      screen.type("roc_auc");
      await screen.shows(/kept, with another title, metric[\s\S]*candidates>$/);
      screen.type("a");
      // The graph refuses what does not fit; what was typed is still there.
      await screen.shows(
        /✗ the answer is not taken: .*roc_auc does not grade regression[\s\S]*\[kept, with another title, metric\][\s\S]*candidates>$/,
      );
      screen.type("e 1");
      for (const field of ["title", "question", "target", "objective"]) {
        await screen.shows(new RegExp(`${field}> \\S[^\\n]*$`));
        screen.press("Enter");
      }
      await screen.shows(/metric \([^\n]*$/);
      screen.press("C-u");
      screen.type("mae");
      await screen.shows(/with another title, metric\n[\s\S]*candidates>$/);
      screen.type("a");
      const asked = await screen.shows(/task>$/);
      expect(asked).toMatch(
        /What is a house of this town worth\?[\s\S]*mean absolute error \(mae\), lower is better/,
      );
      expect(asked).toMatch(
        /ladder +trivial [\d.e+]+ → limited [\d.e+]+ → simple [\d.e+]+ → strong [\d.e+]+/,
      );
      expect(asked).toMatch(/reject it with a remark \(nobody can act on one\)/);
      screen.type("v");
      await screen.shows(/sample_submission\.csv[\s\S]*task>$/);
      screen.type("a");
      expect(await screen.shows(/\[exit \d+\]/)).toMatch(
        /accepted +What is a house of this town worth\?[\s\S]*\[exit 0\]/,
      );
      const [task = ""] = tasksOf(out);
      expect((await readPackage(task)).manifest).toMatchObject({
        metric: { name: "mae" },
        author: { edited: ["title", "metric"] },
      });
      expect(
        onlyRun(out)
          .events.filter(({ event }) => event.startsWith("person_"))
          .map(({ event, asked: what, decision }) => [event, what, decision]),
      ).toEqual([
        ["person_asked", "approve_candidates", undefined],
        ["person_asked", "approve_candidates", undefined],
        ["person_answered", "approve_candidates", undefined],
        ["person_asked", "approve_task", undefined],
        ["person_answered", "approve_task", "approve"],
      ]);
    }, 240_000);

    test("Ctrl-C at a question ends with 130, kill -9 too leaves it to be asked again, and a remark reaches the model", async () => {
      const out = folders.make();
      model = await ScriptedModel.start([
        { schema: "candidates", reply: { answer: { candidates: [idea()], reason: null } } },
        { schema: "design", reply: { answer: specification() } },
        { schema: "review", reply: { answer: review() } },
        {
          schema: "design",
          expect: ({ text }) =>
            expect(text).toMatch(/sent it back[\s\S]*of attempt 1: name the town in the title/),
          reply: { answer: specification() },
        },
      ]);
      const environment = { OPENAI_API_KEY: "none-needed", OPENAI_BASE_URL: model.url };
      const asking = [
        "--set",
        "approve.candidates=false",
        "--model",
        "scripted",
        "--set",
        "models.solver=rules",
      ];
      const first = open(["generate", houses, "--interactive", ...asking, "--out", out], environment);
      await first.shows(/send back to the Designer \(designs left: 2\)[\s\S]*task>$/);
      first.press("C-c");
      expect(await first.shows(/\[exit \d+\]/)).toMatch(/stopped[\s\S]*\[exit 130\]/);
      first.close();
      const { id } = onlyRun(out);

      const second = open(["generate", "--resume", id, "--out", out], environment);
      await second.shows(/task>$/);
      process.kill(second.pid, "SIGKILL");
      await second.shows(/\[exit 137\]/);
      second.close();

      const third = open(["generate", "--resume", id, "--out", out], environment);
      await third.shows(/designs left: 2[\s\S]*task>$/);
      third.type("s name the town in the title");
      await third.shows(/designs left: 1[\s\S]*task>$/);
      third.type("r");
      await third.shows(/why>$/);
      third.type("still no town");
      expect(await third.shows(/\[exit \d+\]/)).toMatch(
        /person-sent-back: name the town in the title[\s\S]*person-rejected: still no town[\s\S]*\[exit 3\]/,
      );
      expect(tasksOf(out)).toEqual([]);
      expect(onlyRun(out).summary?.funnel.rejectionsByCheck).toEqual({ "person-rejected": 1 });
    }, 240_000);

    test("two datasets ask one after the other, and --no-interactive goes on without asking", async () => {
      const out = folders.make();
      const other = writeHouses(join(folders.make(), "homes"), { rows: 500 });
      const screen = open(["generate", houses, other, "--interactive", "--tasks", "1", "--out", out]);
      const shown = await screen.shows(/candidates>$/);
      expect(shown.match(/candidates>/g)).toHaveLength(1);
      screen.type("d 1 not this one");
      await screen.shows(/dropped: not this one[\s\S]*candidates>$/);
      screen.type("a");
      await screen.shows(/Do it\? \(y\/n\)/);
      screen.type("y");
      await screen.shows(/candidates>(?:(?!candidates>)[\s\S])*── [\s\S]*candidates>$/);
      // The second question is there a moment before the first answer is in the checkpoints; nobody is that fast but a test.
      const events = join(out, "runs", onlyRun(out).id, "events.jsonl");
      await expect
        .poll(() => readFileSync(events, "utf8"), { timeout: 30_000 })
        .toContain("dataset_finished");
      screen.type("q");
      await screen.shows(/\[exit 130\]/);
      const resumed = await smith([
        "generate",
        "--resume",
        onlyRun(out).id,
        "--no-interactive",
        "--out",
        out,
      ]);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stdout).toMatch(/person-dropped: not this one/);
      expect(resumed.stdout).toMatch(/a person dropped every candidate/);
      expect(tasksOf(out)).toHaveLength(1);
    }, 240_000);
  },
);
