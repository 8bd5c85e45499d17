import type { Candidate } from "../../roles.ts";
import { meaningOf } from "../../words/phrases.ts";
import { clip, kebab, upperFirst } from "../../words/tokens.ts";
import type { Evidence } from "./evidence.ts";
import { figure, type Question } from "./objective.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";

/** Title of a question about one column: the phrase, and what the dataset calls itself. */
export function titleOf(reading: Reading, phrase: string): string {
  const from = datasetTitle(reading);
  const ask = `Predict ${phrase}`;
  if (from === "" || `${ask}: ${from}`.length > 118) return upperFirst(clip(ask, 118));
  return `${ask}: ${from}`;
}

/** The dataset's title when it says more than a code name. */
export function datasetTitle(reading: Reading): string {
  const title = reading.documentation.title.replace(/\s+/g, " ").replace(/[.\s]+$/, "").trim();
  if (title.length < 6 || !/\s/.test(title) || title.length > 110) return "";
  return title;
}

export function candidateFor(reading: Reading, evidence: Evidence, question: Question, withheld: Withheld[], split: string): Candidate {
  const phrase = meaningOf(evidence.column);
  const probe = reading.probes.get(evidence.column.name);
  const usable = reading.view.columns.length - 1 - withheld.length;
  const measured = probe === undefined ? "" : ` The other columns predict it with a cross-validated gain of ${probe.gain.toFixed(2)} over a constant (${probe.measure}).`;
  const held = withheld.length === 0 ? "No column is withheld." : `Withheld: ${withheld.map((entry) => `${entry.column} (${entry.reason})`).join("; ")}.`;
  return {
    id: kebab(`${reading.view.view.id}-${evidence.column.name}-${question.objective.replace(/_classification$/, "")}`),
    title: titleOf(reading, phrase),
    question: `Predict ${phrase} from ${usable === 1 ? "one other column" : `${figure(usable)} other columns`} of each row.`,
    view: reading.view.view.id,
    objective: question.objective,
    target: [evidence.column.name],
    metric: question.metric,
    dataUse: clip(`${held} ${split}`, 4_000),
    rationale: clip(`${upperFirst(evidence.signs.join("; "))}.${measured} Metric: ${question.why}.`, 2_000),
  };
}
