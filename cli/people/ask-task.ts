import { open } from "node:fs/promises";
import { join } from "node:path";
import { describeError } from "../../core/errors.ts";
import type { TaskAnswer } from "../../graph/people/answers.ts";
import type { TaskQuestion } from "../../graph/people/questions.ts";
import { number } from "../report/plots.ts";
import { plain } from "../terminal.ts";
import { type Dialogue, wrap } from "./dialogue.ts";

/** Bytes of a description that are shown, at most. */
const longestDescription = 30_000;

/** Lets a person look at a verified task and decide about it. */
export async function askTask(
  question: TaskQuestion,
  dialogue: Dialogue,
  stop: () => never,
): Promise<TaskAnswer> {
  const { candidate } = question;
  show(question, dialogue);
  const back =
    question.sendingBack === "design"
      ? `s [remark]: send back to the Designer (designs left: ${question.designsLeft})`
      : "s [remark]: reject it with a remark (nobody can act on one)";
  const menu = `a: approve, publish it · r [why]: reject · ${back} · v: view its description · q: stop, to go on later`;
  for (;;) {
    dialogue.say(`\n${wrap(menu, dialogue.width)}`);
    const [, letter = "", rest = ""] =
      /^([a-z])[a-z]*(?:\s+(.*))?$/is.exec(await dialogue.ask("task> ")) ?? [];
    switch (letter.toLowerCase()) {
      case "a":
        return { decision: "approve", candidate };
      case "r": {
        const reason = rest || (await dialogue.ask("why> "));
        if (reason !== "") return { decision: "reject", candidate, reason: reason.slice(0, 1000) };
        break;
      }
      case "s": {
        const remark = rest || (await dialogue.ask("what shall change> "));
        if (remark !== "") return { decision: "send_back", candidate, remark: remark.slice(0, 1000) };
        break;
      }
      case "v":
        await view(join(question.preview, "description.md"), dialogue);
        break;
      case "q":
        return stop();
      default:
        dialogue.say("Give one of the letters a, r, s, v, q.");
    }
  }
}

function show({ task, preview }: TaskQuestion, dialogue: Dialogue): void {
  const names = (list: readonly string[]) => list.map((name) => plain(name, 80)).join(", ");
  const { metric, split } = task;
  const by = [...split.groups, ...(split.time === null ? [] : [split.time])];
  const facts: [string, string][] = [
    ["target", `${names(task.target)} (${task.objective.replaceAll("_", " ")})`],
    [
      "metric",
      `${metric.title} (${metric.name}), ${metric.direction === "maximize" ? "higher" : "lower"} is better, best ${number(metric.best)}`,
    ],
    [
      "rows",
      `${split.train} train, ${split.test} test, ${task.features} features; ${split.strategy} split${by.length > 0 ? ` by ${names(by)}` : ""}`,
    ],
    ["ladder", task.ladder.map(({ name, score }) => `${name} ${number(score)}`).join(" → ")],
    ["checks", `${task.checksPassed} passed${task.remarks.length > 0 ? ", with remarks:" : ""}`],
    ...task.remarks.map((remark): [string, string] => ["", plain(remark, 220)]),
    ["package", preview],
  ];
  dialogue.say(`\n${plain(task.title, 120)}`);
  dialogue.say(wrap(plain(task.question, 700), dialogue.width, "  "));
  dialogue.say();
  for (const [name, text] of facts)
    dialogue.say(`  ${name.padEnd(8)} ${wrap(text, dialogue.width, " ".repeat(11)).trimStart()}`);
}

async function view(path: string, dialogue: Dialogue): Promise<void> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(longestDescription),
        0,
        longestDescription,
        0,
      );
      const text = buffer.subarray(0, bytesRead).toString("utf8");
      for (const line of text.split("\n")) dialogue.say(`  ${plain(line, 1000)}`);
      if (bytesRead === longestDescription) dialogue.say(`  … the rest is in ${path}`);
    } finally {
      await file.close();
    }
  } catch (error) {
    dialogue.say(`cannot read ${path}: ${describeError(error)}`);
  }
}
