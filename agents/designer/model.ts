import type { ViewSurvey } from "../../dataset/survey.ts";
import { objectiveLines } from "../brainstormer/model.ts";
import { converse } from "../model/conversation.ts";
import { defectText, masked, remarkText } from "../model/defects.ts";
import { digest } from "../model/digest.ts";
import { findView } from "../model/names.ts";
import type { ModelPlayer } from "../model/player.ts";
import { clip, loadPrompt, untrusted } from "../model/prompt.ts";
import type { Checked } from "../model/structured.ts";
import type { DesignInput, GiveUp } from "../players.ts";
import { type Candidate, CodeDesign, type Design } from "../roles.ts";
import { DesignerAnswer } from "./answer.ts";
import { compactSpecification } from "./compact.ts";
import { expandAnswer } from "./expand.ts";

export const prompt = loadPrompt(new URL("./prompt.md", import.meta.url));
export const codePrompt = loadPrompt(new URL("./code.md", import.meta.url));

/** `beyond`: what the vocabulary lacks for the task. */
type Outcome = Design | { beyond: string } | GiveUp;

/** Asks a model for a task in the vocabulary and, where that cannot say it, for one in code. */
export async function design(player: ModelPlayer, input: DesignInput): Promise<Design | GiveUp> {
  const { survey, candidate, previous } = input;
  const view = findView(survey, candidate.view);
  if (view === undefined) return { giveUp: `the survey has no view ${candidate.view}` };
  const needsCode =
    candidate.objective === "other" || candidate.metric === "custom" || previous?.kind === "code";
  if (needsCode) return await writeCode(player, input, "the vocabulary has no such objective or metric");
  const result = await converse({
    client: player.client,
    role: "designer",
    system: prompt.render({ objectives: objectiveLines() }),
    user: userMessage(input, player.values),
    answer: { name: "design", schema: DesignerAnswer },
    check: ({ task }) => readAnswer(task, view, input.seed),
    tools: player.tools(survey, input.raw),
    exploration: { rounds: 2, callsPerRound: 3, characters: 6_000 },
    signal: player.signal,
    onCall: player.onCall,
  });
  if (!result.ok) return { giveUp: result.reason };
  return "beyond" in result.value ? await writeCode(player, input, result.value.beyond) : result.value;
}

function readAnswer(task: DesignerAnswer["task"], view: ViewSurvey, seed: number): Checked<Outcome> {
  if (task.kind === "code") return { ok: true, value: { beyond: task.why } };
  if (task.kind === "give_up") return { ok: true, value: { giveUp: clip(task.why, 400) } };
  const expanded = expandAnswer(task, view, seed);
  return expanded.ok
    ? { ok: true, value: { kind: "specification", specification: expanded.value } }
    : expanded;
}

async function writeCode(player: ModelPlayer, input: DesignInput, why: string): Promise<Design | GiveUp> {
  const result = await converse({
    client: player.client,
    role: "designer",
    system: codePrompt.render({}),
    user: `${userMessage(input, player.values)}\n\nWhy this task is written as code: ${clip(why, 400)}`,
    answer: { name: "code", schema: CodeDesign },
    check: checkCode,
    outputTokens: 14_000,
    tools: player.tools(input.survey, input.raw),
    exploration: { rounds: 4, callsPerRound: 3, characters: 10_000 },
    signal: player.signal,
    onCall: player.onCall,
  });
  return result.ok ? { kind: "code", code: result.value } : { giveUp: result.reason };
}

/** What can be seen of code without running it; the rest the checks find. */
export function checkCode(code: CodeDesign): Checked<CodeDesign> {
  const errors: string[] = [];
  if (!/^def prepare\(/m.test(code.prepare))
    errors.push("prepare: defines no function prepare(raw, public, private)");
  if (!/^class \w+\(CompetitionMetrics\)/m.test(code.metricCode))
    errors.push("metricCode: has no class derived from CompetitionMetrics");
  if (code.description.trim() === "") errors.push("description: is empty");
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: code };
}

/** What is the same for all candidates first, for the endpoint's prefix cache. */
function userMessage(input: DesignInput, values: boolean): string {
  const { survey, candidate, siblings, history, previous } = input;
  const columns = findView(survey, candidate.view)?.columns.map(({ name }) => name) ?? [];
  const own = previous?.kind === "specification" ? [previous.specification.target.name] : [];
  const names = new Set([...columns, ...own]);
  const parts = [
    untrusted("survey", digest(survey, { values, view: candidate.view, focus: candidate.target })),
    untrusted("candidate", candidateText(candidate, values, names)),
  ];
  if (siblings.length > 0)
    parts.push(
      `Other tasks of this dataset, from which this one must differ:\n${untrusted("titles", siblings.map((title) => `- ${clip(title, 120)}`).join("\n"))}`,
    );
  if (previous !== null) parts.push(untrusted("your latest design", previousText(previous, values)));
  const defects = defectText(history, values, names);
  if (defects !== "")
    parts.push(
      `What checks found in your earlier designs. Mend it all and bring none of it back:\n${untrusted("defects", defects)}`,
    );
  const remarks = remarkText(history);
  if (remarks !== "")
    parts.push(
      `The person who decides whether this task is published sent it back. Do what the remark asks, as far as the data allow, and keep what it does not touch:\n${remarks}`,
    );
  parts.push("Design this task.");
  return parts.join("\n\n");
}

function candidateText(candidate: Candidate, values: boolean, names: ReadonlySet<string>): string {
  return [
    `title: ${clip(candidate.title, 150)}`,
    `question: ${clip(candidate.question, 400)}`,
    `view: ${candidate.view}; target: ${clip(candidate.target.join(", "), 400)}`,
    `objective: ${candidate.objective}; metric: ${candidate.metric}`,
    `data use: ${clip(masked(candidate.dataUse, values, names), 600)}`,
    `rationale: ${clip(masked(candidate.rationale, values, names), 400)}`,
  ].join("\n");
}

function previousText(design: Design, values: boolean): string {
  if (design.kind === "specification") return compactSpecification(design.specification, values);
  const { prepare, metricCode, description, ...facts } = design.code;
  return `${JSON.stringify(facts)}\n--- prepare.py\n${prepare}\n--- metric.py\n${metricCode}\n--- description.md\n${description}`;
}
