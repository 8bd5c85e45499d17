import { z } from "zod";
import { METRICS, MetricName } from "../../task/metrics/catalogue.ts";
import { Objective } from "../../task/specification.ts";
import { converse } from "../model/conversation.ts";
import { masked } from "../model/defects.ts";
import { digest } from "../model/digest.ts";
import type { ModelPlayer } from "../model/player.ts";
import { clip, loadPrompt, untrusted } from "../model/prompt.ts";
import type { Checked } from "../model/structured.ts";
import type { BrainstormInput, Ideas } from "../players.ts";
import type { Candidate } from "../roles.ts";
import { isKnown, readCandidate } from "./read-candidate.ts";

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
    const { data_use: dataUse, ...rest } = proposed;
    const read = readCandidate(survey, { ...rest, dataUse }, `candidates.${at}`);
    if (!read.ok) errors.push(...read.errors);
    else if (!isKnown(read.value, [...earlier, ...candidates])) candidates.push(read.value);
  }
  if (errors.length > 0) return { ok: false, errors };
  const reason = answer.reason ?? (candidates.length === 0 ? "the model proposed nothing new" : undefined);
  return { ok: true, value: { candidates, ...(reason === undefined ? {} : { reason }) } };
}
