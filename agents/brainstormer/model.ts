import { z } from "zod";
import type { Survey } from "../../dataset/survey.ts";
import { METRICS, MetricName } from "../../task/metrics/catalogue.ts";
import { Objective } from "../../task/specification.ts";
import { converse } from "../model/conversation.ts";
import { masked } from "../model/defects.ts";
import { digest } from "../model/digest.ts";
import { findView, NameLookup } from "../model/names.ts";
import type { ModelPlayer } from "../model/player.ts";
import { clip, loadPrompt, untrusted } from "../model/prompt.ts";
import type { Checked } from "../model/structured.ts";
import type { BrainstormInput, Ideas } from "../players.ts";
import type { Candidate } from "../roles.ts";
import { kebab } from "../words/tokens.ts";

export const prompt = loadPrompt(new URL("./prompt.md", import.meta.url));

const ObjectiveName = z.enum([...Objective.options, "other"]);

/** What the model writes; ids are made by code. */
const Answer = z.strictObject({
  candidates: z.array(
    z.strictObject({
      view: z.string(),
      target: z.array(z.string()),
      objective: ObjectiveName,
      metric: z.enum([...MetricName.options, "custom"]),
      title: z.string(),
      question: z.string(),
      data_use: z.string(),
      rationale: z.string(),
    }),
  ),
  reason: z.string().nullable(),
});
type Answer = z.infer<typeof Answer>;

/** Asks a model for candidates: the survey, a few looks with tools, an answer in a schema. */
export async function brainstorm(player: ModelPlayer, input: BrainstormInput): Promise<Ideas> {
  const { survey } = input;
  const result = await converse({
    client: player.client,
    role: "brainstormer",
    system: prompt.render({ objectives: objectiveLines() }),
    user: userMessage(input, player.values),
    answer: { name: "candidates", schema: Answer },
    check: (answer) => readAnswer(answer, input),
    tools: player.tools(survey, input.raw),
    exploration: { rounds: 3, callsPerRound: 3, characters: 8_000 },
    signal: player.signal,
    onCall: player.onCall,
  });
  return result.ok ? result.value : { candidates: [], reason: result.reason };
}

/** One line per objective with its metrics, from the catalogue. */
export function objectiveLines(): string {
  return Objective.options
    .map((objective) => {
      const names = MetricName.options.filter((name) => METRICS[name].objectives.includes(objective));
      return `- ${objective}: ${names.join(", ")}`;
    })
    .join("\n");
}

/** The survey first: it is the same for every request about the dataset. */
function userMessage(input: BrainstormInput, values: boolean): string {
  const parts = [untrusted("survey", digest(input.survey, { values }))];
  if (input.earlier.length > 0) {
    const names = new Set(input.survey.views.flatMap(({ columns }) => columns.map(({ name }) => name)));
    const lines = input.earlier.map((candidate) => {
      const rejected = input.rejected.find((entry) => entry.candidate === candidate.id);
      const why = rejected?.defects.slice(-2).map(({ message, evidence }) => {
        const measured = values && evidence !== "" ? ` (${clip(evidence, 200)})` : "";
        return `${clip(masked(message, values, names), 200)}${measured}`;
      });
      return `- ${clip(candidate.title, 120)} (target ${clip(candidate.target.join(", "), 80)}, ${candidate.objective})${why?.length ? `; rejected: ${why.join("; ")}` : ""}`;
    });
    parts.push(
      `Proposed before; a new task must differ in target or objective, and not repeat what was rejected:\n${untrusted("earlier tasks", lines.join("\n"))}`,
    );
  }
  parts.push(
    `Propose at most ${input.count} ${input.earlier.length > 0 ? "new " : ""}${input.count === 1 ? "task" : "tasks"}.`,
  );
  return parts.join("\n\n");
}

function readAnswer(answer: Answer, { survey, count, earlier }: BrainstormInput): Checked<Ideas> {
  const errors: string[] = [];
  const candidates: Candidate[] = [];
  for (const [at, proposed] of answer.candidates.slice(0, count).entries()) {
    const read = readCandidate(survey, proposed, `candidates.${at}`);
    if (!read.ok) errors.push(...read.errors);
    else if (!isKnown(read.value, [...earlier, ...candidates])) candidates.push(read.value);
  }
  if (errors.length > 0) return { ok: false, errors };
  const reason = answer.reason ?? (candidates.length === 0 ? "the model proposed nothing new" : undefined);
  return { ok: true, value: { candidates, ...(reason === undefined ? {} : { reason }) } };
}

function isKnown(candidate: Candidate, others: readonly Candidate[]): boolean {
  const key = ({ view, target, objective }: Candidate) =>
    JSON.stringify([view, [...target].sort(), objective]);
  return others.some((other) => other.id === candidate.id || key(other) === key(candidate));
}

function readCandidate(
  survey: Survey,
  proposed: Answer["candidates"][number],
  field: string,
): Checked<Candidate> {
  const view = findView(survey, proposed.view);
  if (view === undefined) {
    const ids = survey.views.map((entry) => entry.view.id).join(", ");
    return {
      ok: false,
      errors: [
        `${field}.view: there is no view ${JSON.stringify(clip(proposed.view, 60))}; there are: ${ids}`,
      ],
    };
  }
  const lookup = new NameLookup(view);
  const target = lookup.columns(proposed.target, `${field}.target`);
  const errors = [...lookup.errors];
  if (proposed.target.length === 0) errors.push(`${field}.target: name at least one column`);
  if (proposed.title.trim().length < 8 || proposed.title.length > 120)
    errors.push(`${field}.title: 8 to 120 characters`);
  if (proposed.question.trim().length < 20) errors.push(`${field}.question: at least 20 characters`);
  if (
    proposed.objective !== "other" &&
    proposed.metric !== "custom" &&
    !METRICS[proposed.metric].objectives.includes(proposed.objective)
  ) {
    errors.push(`${field}.metric: ${proposed.metric} does not grade ${proposed.objective}`);
  }
  if (errors.length > 0) return { ok: false, errors };
  const { data_use: dataUse, title, question, objective, metric, rationale } = proposed;
  const kind = objective.replace(/_classification$/, "");
  const id = kebab(`${view.view.id}-${target.slice(0, 2).join("-")}-${kind}`);
  return {
    ok: true,
    value: {
      id,
      view: view.view.id,
      target,
      objective,
      metric,
      title: title.trim(),
      question: question.trim(),
      dataUse,
      rationale,
    },
  };
}
