import type { ColumnFacts } from "../../../dataset/survey.ts";
import type { Candidate } from "../../roles.ts";
import { classesPhrase, eventPhrase, HOLLOW_NAME, listed } from "../../words/classes.ts";
import { meaningFor } from "../../words/meanings.ts";
import { isTelling, nameSpan, readablePhrase } from "../../words/naming.ts";
import { descriptionOf, meaningOf } from "../../words/phrases.ts";
import { clip, humanise, kebab, lowerFirst, stems, tokens, upperFirst } from "../../words/tokens.ts";
import type { Evidence } from "./evidence.ts";
import { figure, type Question } from "./objective.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";

/** Title of a question about one column: the phrase, and what the dataset calls itself. */
export function titleOf(reading: Reading, phrase: string): string {
  const from = datasetTitle(reading);
  const asked = /^the answer to "(.{8,90}\?)"/.exec(phrase)?.[1];
  if (asked !== undefined && `${asked} ${from}`.length <= 118)
    return from === "" || asked.includes(from) ? asked : `${asked} (${from})`;
  const ask = `Predict ${phrase}`;
  const noun = phrase.replace(/^(the|an?) /i, "").toLowerCase();
  if (noun.includes(" ") && from.toLowerCase().startsWith(`${noun} `) && from.length <= 100)
    return `Predict ${phrase.startsWith("the ") ? "the " : ""}${lowerFirst(from)}`;
  const joined = joinedTo(noun, from);
  if (joined !== null) return `Predict the ${joined}`;
  if (from === "" || ask.includes(from) || `${ask}: ${from}`.length > 118) return upperFirst(clip(ask, 118));
  return `${ask}: ${from}`;
}

/** "rating" and "Ratings of professors" → "rating of professors": a title that begins with what is asked for. */
function joinedTo(noun: string, title: string): string | null {
  const words = noun.split(" ").length;
  const parts = title.split(" ");
  const rest = parts.slice(words).join(" ");
  const same = stems(parts.slice(0, words).join(" ")).join(" ") === stems(noun).join(" ");
  return same && words <= 3 && /^(?:of|for) \S+/.test(rest) && title.length <= 100 ? `${noun} ${rest}` : null;
}

/** What is asked, with some of the columns it is asked from. */
export function questionText(
  reading: Reading,
  target: string,
  phrase: string,
  features: readonly string[],
): string {
  const unit = subjectOf(reading);
  const of =
    unit === null || phrase.includes(unit) || /^whether|^the answer|\beach\b/.test(phrase)
      ? ""
      : ` for each ${unit}`;
  const asked = `${phrase}${of}${choicesOf(reading, target, phrase)}`;
  const count = `${figure(features.length)} column${features.length === 1 ? "" : "s"}`;
  const named = namesOf(reading, target, features);
  if (features.length === 1) {
    const [only = ""] = features;
    if (reading.columns.get(only)?.type === "text") return `Predict ${asked} from its words.`;
    return `Predict ${asked} from ${named[0] ?? `the column \`${only}\``}.`;
  }
  if (named.length === 0) return `Predict ${asked} from ${count}.`;
  const list = named.length === 1 ? named[0] : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
  return `Predict ${asked} from ${features.length === named.length ? "" : `${count}, such as `}${list}.`;
}

/** " (a, b or c)": the few labels of a target whose phrase is one word and so says little. */
function choicesOf(reading: Reading, target: string, phrase: string): string {
  const column = reading.columns.get(target);
  const bare = tokens(phrase.replace(/^(the|an?) /i, "")).length <= 1;
  if (!bare || column === undefined || column.numeric !== null || column.top.length < column.distinct)
    return "";
  const labels = column.top.map(([value]) => value).sort();
  return /^[\p{L}\p{N} .+-]+$/u.test(labels.join("")) && labels.every((label) => /\p{L}{2}/u.test(label))
    ? listed("", labels)
    : "";
}

/** The features that tell most of the target, up to three: all in the documentation's words, or all by name. */
function namesOf(reading: Reading, target: string, features: readonly string[]): string[] {
  const telling = reading.probes.get(target)?.singles.map((single) => single.column) ?? [];
  const order = [
    ...telling.filter((name) => features.includes(name)),
    ...features.filter((name) => !telling.includes(name)),
  ];
  const columns = order.slice(0, 12).flatMap((name) => {
    const column = reading.columns.get(name);
    return column !== undefined && (features.length === 1 || isTelling(column)) ? [column] : [];
  });
  const most = features.length > 5 ? 3 : 2;
  const phrases: string[] = [];
  for (const column of columns.slice(0, most + 1)) {
    const phrase = readablePhrase(column);
    if (phrase !== null && !phrases.includes(phrase)) phrases.push(phrase);
  }
  const enough = Math.min(most, columns.length);
  if (phrases.length >= enough) return phrases.slice(0, most);
  // Of names that differ in case alone, the package renames one.
  const known = reading.view.columns.map((column) => column.name.toLowerCase());
  return columns
    .filter(({ name }) => known.filter((other) => other === name.toLowerCase()).length === 1)
    .map(nameSpan)
    .filter((name) => name !== null)
    .slice(0, most);
}

/** What a row is, where the documentation says it outright: "each row is one listing", "embryos, one per row". */
function subjectOf(reading: Reading): string | null {
  const text = reading.documentation.prose.replace(/\s+/g, " ").slice(0, 4_000);
  const found =
    /\b(?:each|every|one|a) (?:row|record|observation|line|case|entry) (?:is|represents|describes|corresponds to|stands for|refers to|contains (?:information|data) (?:on|about)) (?:an?|one|a single|a different|the)? ?([a-z]+(?:[ -][a-z]+)?)(?=[.,;)]|\s(?:in|of|with|from|at|on|and|that|for|during)\b)/i.exec(
      text,
    )?.[1];
  if (
    found === undefined ||
    /^(row|record|observation|single|unique|different|data|value|set|number)\b/i.test(found)
  )
    return null;
  return found.toLowerCase();
}

/** The target as a phrase; where nothing describes it, what its labels, its name and the dataset's own words tell. */
export function phraseOf(reading: Reading, measured: ColumnFacts): string {
  const said = meaningFor(measured);
  const column = { ...measured, description: said === null || /^values: /i.test(said) ? null : said };
  if (descriptionOf(column) !== "") return meaningOf(column);
  const labels = column.top.length >= column.distinct ? column.top.map(([value]) => value).sort() : [];
  const row = reading.view.columns.some((other) => other.type === "text") ? "text" : "row";
  if (HOLLOW_NAME.test(column.name)) {
    if (column.numeric !== null && column.distinct > 50)
      return /^(y|output)$/i.test(column.name)
        ? `the value of ${column.name}`
        : `the target value of each ${row}`;
    const told = classesPhrase(labels, ownWords(reading), row);
    if (told !== null) return told;
    const named = /^(target|y|output)$/i.test(column.name)
      ? `the target class of each ${row}`
      : `the class of each ${row}`;
    return listed(named, labels);
  }
  const title = reading.documentation.title;
  if (
    column.distinct === 2 &&
    /\?\s*$/.test(title) &&
    tokens(title).some((word) => tokens(column.name).includes(word))
  )
    return `the answer to "${title.trim()}"`;
  if (column.distinct === 2) {
    const event = eventPhrase(column.name);
    if (event !== null) return event;
  }
  const phrase = meaningOf(column);
  if (
    column.numeric !== null &&
    column.distinct > 2 &&
    phrase === `the ${humanise(column.name)}` &&
    isCode(column.name)
  )
    return `the value of ${column.name}`;
  if (column.distinct === 2 && /^the \w+$/.test(phrase) && /(tion|ment|age|ure|ence|ance|th)$/.test(phrase))
    return phrase.replace(/^the /, "");
  return phrase;
}

/** Names that are no words: G3, y1, SBP. */
const isCode = (name: string) =>
  /^[A-Za-z]{1,3}\d{1,3}$|^[A-Z]{1,4}$|^[b-df-hj-np-tv-xz]{1,5}$/.test(name) && !/^(price|age)$/i.test(name);

/** The target's phrase, with what its labels stand for where they are codes that the documentation explains. */
export function targetMeaning(
  reading: Reading,
  column: ColumnFacts,
  labels: readonly string[] | null,
): string {
  const phrase = phraseOf(reading, column);
  if (labels === null || labels.length > 12 || /\(|=/.test(phrase)) return phrase;
  const said = column.labels ?? {};
  if (!labels.every((label) => label.length <= 4)) return phrase;
  const known = labels.map((label) => (said[label] ?? "").trim());
  if (known.every((text) => text !== "" && text.length <= 60 && !/[()=]/.test(text)))
    return `${phrase} (${labels.map((label, index) => `${label} = ${known[index]}`).join(", ")})`;
  // "1 if the baby died": the documentation says which of the two is yes.
  const one = /^\W*1\W* *(?:=+ *)?(?:if|for|when)\b/i.test(descriptionOf(column));
  if (one && /^whether /.test(phrase) && labels.join() === "0,1") return `${phrase} (1 = yes, 0 = no)`;
  return phrase;
}

/** What the dataset says it is: title and the first lines of its description. */
export function ownWords(reading: Reading): string {
  return `${reading.documentation.title} ${reading.documentation.abstract.slice(0, 2).join(" ").slice(0, 400)}`;
}

/** The dataset's title when it says more than a code name. */
export function datasetTitle(reading: Reading): string {
  const title = reading.documentation.title
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "")
    .trim();
  if (
    title.length > 110 ||
    /^(data (from|for|used in)|table|exercise|example|chapter|section|problem)\b.*\d/i.test(title)
  )
    return "";
  if (title.length >= 6 && /\s/.test(title)) return title;
  return nameAsTitle(reading.survey.dataset.name);
}

/** `credit_default` → "credit default"; empty for names that say nothing: codes, numbers, a package's name before them. */
function nameAsTitle(name: string): string {
  if (/__|[a-z]\d|\d[a-z]/i.test(name)) return "";
  const plain = humanise(
    name.replace(/\.(csv|tsv|zip|json|parquet|xlsx?|sqlite|db)$/i, "").replace(/[-_]+/g, " "),
  );
  const hollow =
    /^(data|dataset|datasets|archive|raw|input|inputs|train|training|test|table|file|files|upload|download|main|tmp|temp|d|day|hour)( ?\d+)?$/i;
  return plain.length < 4 || hollow.test(plain) || !/[A-Za-z]{3}/.test(plain) ? "" : plain;
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
    question: questionText(reading, evidence.column.name, phrase, usable),
    view: reading.view.view.id,
    objective: question.objective,
    target: [evidence.column.name],
    metric: question.metric,
    dataUse: clip(`${held} ${split}`, 4_000),
    rationale: clip(`${upperFirst(evidence.signs.join("; "))}.${measured} Metric: ${question.why}.`, 2_000),
  };
}
