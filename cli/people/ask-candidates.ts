import type { CandidatesAnswer } from "../../graph/people/answers.ts";
import type { CandidatesQuestion } from "../../graph/people/questions.ts";
import { METRICS, MetricName } from "../../task/metrics/catalogue.ts";
import { plain } from "../terminal.ts";
import { type Dialogue, wrap } from "./dialogue.ts";

type Candidate = CandidatesQuestion["candidates"][number];
type Decision = Extract<CandidatesAnswer, { decision: "choose" }>["candidates"][number];
type Changes = Extract<Decision, { decision: "edit" }>["changes"];

/** What was decided so far, by candidate; kept while an answer is refused, so that nothing is typed twice. */
export type CandidateDraft = Map<string, Decision>;

const separator = "; ";
const menu =
  "a: approve what is kept · d N [why]: drop · e N: edit · k N: keep as it was · l: list · q: stop, to go on later";

/** Lets a person keep, drop and edit candidates, until the choice is given out. */
export async function askCandidates(
  question: CandidatesQuestion,
  draft: CandidateDraft,
  dialogue: Dialogue,
  stop: () => never,
): Promise<CandidatesAnswer> {
  const { candidates } = question;
  dialogue.say(wrap(plain(question.question, 1000), dialogue.width));
  list(candidates, draft, dialogue);
  for (;;) {
    dialogue.say(`\n${wrap(menu, dialogue.width)}`);
    const [, letter = "", number, rest = ""] =
      /^([a-z])[a-z]*\s*(\d+)?\s*(.*)$/is.exec(await dialogue.ask("candidates> ")) ?? [];
    const candidate = candidates[number === undefined && candidates.length === 1 ? 0 : Number(number) - 1];
    switch (letter.toLowerCase()) {
      case "a":
        if (draft.size === 0) return { decision: "approve" };
        if (
          ![...draft.values()].every(({ decision }) => decision === "drop") ||
          draft.size < candidates.length ||
          (await dropsAll(dialogue))
        )
          return {
            decision: "choose",
            candidates: candidates.map(({ id }) => draft.get(id) ?? { id, decision: "keep" }),
          };
        break;
      case "l":
        list(candidates, draft, dialogue);
        break;
      case "q":
        return stop();
      case "d":
      case "k":
      case "e":
        if (candidate === undefined)
          dialogue.say(`Which one? Give a number from 1 to ${candidates.length}, e.g. ${letter} 1`);
        else await decide(letter.toLowerCase(), candidate, rest, question, draft, dialogue);
        break;
      default:
        dialogue.say("Give one of the letters a, d, e, k, l, q.");
    }
  }
}

async function decide(
  letter: string,
  candidate: Candidate,
  rest: string,
  question: CandidatesQuestion,
  draft: CandidateDraft,
  dialogue: Dialogue,
): Promise<void> {
  const { id, title } = candidate;
  if (letter === "k") draft.delete(id);
  else if (letter === "d") {
    const reason = rest === "" ? await dialogue.ask("why (may be empty)> ") : rest;
    draft.set(id, { id, decision: "drop", ...(reason === "" ? {} : { reason: reason.slice(0, 1000) }) });
  } else {
    const earlier = draft.get(id);
    const changes = await edit(
      candidate,
      earlier?.decision === "edit" ? earlier.changes : {},
      question,
      dialogue,
    );
    if (Object.keys(changes).length === 0) draft.delete(id);
    else draft.set(id, { id, decision: "edit", changes });
  }
  dialogue.say(`${plain(title, 120)}: ${stateOf(draft.get(id))}`);
}

async function dropsAll(dialogue: Dialogue): Promise<boolean> {
  const answer = await dialogue.ask("That drops every candidate and ends this dataset. Do it? (y/n) ");
  return /^y/i.test(answer);
}

/** Field by field, with the present text to be edited; what is left as it was is no change. */
async function edit(
  candidate: Candidate,
  earlier: Changes,
  { designer }: CandidatesQuestion,
  dialogue: Dialogue,
): Promise<Changes> {
  dialogue.say(
    "Edit a line and press Enter; Enter alone leaves it as it is. Several target columns are joined by a semicolon.",
  );
  const line = async (name: string, present: string) => {
    const text = await dialogue.ask(`${name}> `, present);
    return text === "" ? present : text;
  };
  const now = { ...candidate, ...earlier };
  const title = await line("title", now.title);
  const question = await line("question", now.question);
  const target = await line("target", now.target.join(separator));
  const objective = await line("objective", now.objective);
  const metric = await line(`metric (${metricsOf(objective).join(", ") || "custom"})`, now.metric);
  // Rules decide by themselves how data are used; a model reads it.
  const dataUse = designer === "rules" ? candidate.dataUse : await line("data use", now.dataUse);
  const texts = { title, question, objective, metric, dataUse };
  const changed = Object.entries(texts).filter(
    ([name, text]) => text !== plain(String(candidate[name as keyof Candidate]), 4000),
  );
  return {
    ...Object.fromEntries(changed),
    ...(target === plain(candidate.target.join(separator), 4000) ? {} : { target: target.split(/\s*;\s*/) }),
  };
}

function metricsOf(objective: string): string[] {
  return MetricName.options.filter((name) => METRICS[name].objectives.some((graded) => graded === objective));
}

function list(candidates: readonly Candidate[], draft: CandidateDraft, dialogue: Dialogue): void {
  for (const [at, candidate] of candidates.entries()) {
    const decision = draft.get(candidate.id);
    const shown = { ...candidate, ...(decision?.decision === "edit" ? decision.changes : {}) };
    const target = shown.target.map((name) => plain(name, 80)).join(separator);
    dialogue.say(
      `\n${String(at + 1).padStart(2)}  ${plain(shown.title, 120)}${decision === undefined ? "" : `  [${stateOf(decision)}]`}`,
    );
    for (const text of [
      shown.question,
      `${shown.objective.replaceAll("_", " ")} of ${target}, scored by ${shown.metric}`,
      `data: ${shown.dataUse}`,
      `why: ${shown.rationale}`,
    ])
      dialogue.say(wrap(plain(text, 1200), dialogue.width, "    "));
  }
}

function stateOf(decision: Decision | undefined): string {
  if (decision === undefined || decision.decision === "keep") return "kept as it is";
  if (decision.decision === "drop")
    return `dropped${decision.reason === undefined ? "" : `: ${plain(decision.reason, 120)}`}`;
  return `kept, with another ${Object.keys(decision.changes).join(", ")}`;
}
