import type { ColumnFacts } from "../../../dataset/survey.ts";
import type { Candidate } from "../../roles.ts";
import { descriptionOf, meaningOf } from "../../words/phrases.ts";
import { clip, kebab, tokens, upperFirst } from "../../words/tokens.ts";
import type { Evidence } from "./evidence.ts";
import { figure, type Question } from "./objective.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";

/** Title of a question about one column: the phrase, and what the dataset calls itself. */
export function titleOf(reading: Reading, phrase: string): string {
  const from = datasetTitle(reading);
  const ask = `Predict ${phrase}`;
  if (from === "" || ask.includes(from) || `${ask}: ${from}`.length > 118) return upperFirst(clip(ask, 118));
  return `${ask}: ${from}`;
}

/** What is asked, with some of the columns it is asked from. */
export function questionText(phrase: string, features: readonly string[]): string {
  const named = features.slice(0, 3);
  const rest = features.length - named.length;
  const list =
    rest > 0
      ? `${named.join(", ")} and ${figure(rest)} other column${rest === 1 ? "" : "s"}`
      : `${named.slice(0, -1).join(", ")}${named.length > 1 ? " and " : ""}${named.at(-1) ?? ""}`;
  return `Predict ${phrase} from ${list}.`;
}

/** The target as a phrase; where nothing describes a yes or no and the dataset's title asks for it, that question. */
export function phraseOf(reading: Reading, column: ColumnFacts): string {
  if (/^(column_?\d+|unnamed_?\d*|label|class|target)$/i.test(column.name) && descriptionOf(column) === "") {
    const of = reading.view.columns.some((other) => other.type === "text") ? "text" : "row";
    return column.numeric !== null && column.distinct > 50
      ? `the target value of each ${of}`
      : `the class of each ${of}`;
  }
  const phrase = meaningOf(column);
  const title = reading.documentation.title;
  if (
    column.distinct === 2 &&
    descriptionOf(column) === "" &&
    /\?\s*$/.test(title) &&
    tokens(title).some((word) => tokens(column.name).includes(word))
  )
    return `the answer to "${title.trim()}"`;
  if (column.distinct === 2 && /^the \w+$/.test(phrase) && /(tion|ment|age|ure|ence|ance|th)$/.test(phrase))
    return phrase.replace(/^the /, "");
  return phrase;
}

/** The dataset's title when it says more than a code name. */
export function datasetTitle(reading: Reading): string {
  const title = reading.documentation.title
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "")
    .trim();
  if (title.length < 6 || !/\s/.test(title) || title.length > 110) return "";
  return title;
}

export function candidateFor(
  reading: Reading,
  evidence: Evidence,
  question: Question,
  withheld: Withheld[],
  split: string,
): Candidate {
  const phrase = phraseOf(reading, evidence.column);
  const probe = reading.probes.get(evidence.column.name);
  const gone = new Set(withheld.map((entry) => entry.column));
  const usable = reading.view.columns
    .filter((column) => column !== evidence.column && !gone.has(column.name))
    .map((column) => column.name);
  const measured =
    probe === undefined
      ? ""
      : ` The other columns predict it with a cross-validated gain of ${probe.gain.toFixed(2)} over a constant (${probe.measure}).`;
  const held =
    withheld.length === 0
      ? "No column is withheld."
      : `Withheld: ${withheld.map((entry) => `${entry.column} (${entry.reason})`).join("; ")}.`;
  return {
    id: kebab(
      `${reading.view.view.id}-${evidence.column.name}-${question.objective.replace(/_classification$/, "")}`,
    ),
    title: titleOf(reading, phrase),
    question: questionText(phrase, usable),
    view: reading.view.view.id,
    objective: question.objective,
    target: [evidence.column.name],
    metric: question.metric,
    dataUse: clip(`${held} ${split}`, 4_000),
    rationale: clip(`${upperFirst(evidence.signs.join("; "))}.${measured} Metric: ${question.why}.`, 2_000),
  };
}
