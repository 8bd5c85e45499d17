import type { ColumnFacts } from "../../../dataset/survey.ts";
import {
  COORDINATES,
  DESIGN,
  EARLIER,
  FUTURE,
  HARMFUL,
  HARMFUL_PHRASE,
  NAMES,
  PERSONAL,
  TIMES,
} from "../../words/inputs.ts";
import { DECLARES_OUTCOME, outcomeStrength, TARGET_NAMES } from "../../words/outcomes.ts";
import { clauseOf, descriptionOf, headOf, nounOfName } from "../../words/phrases.ts";
import { singular, stems, tokens } from "../../words/tokens.ts";
import { isTransformName } from "./alike.ts";
import { conventional, isNamedTarget } from "./convention.ts";
import type { Reading } from "./reading.ts";
import { lexicalStrength } from "./strength.ts";

/** How good a target a column would be, and why. */
export interface Evidence {
  column: ColumnFacts;
  score: number;
  /** What speaks for it, as phrases for a rationale. */
  signs: string[];
  /** Set when it can be no target, whatever speaks for it. */
  veto: string | null;
  /** Documentation makes it an outcome (a model's response, "response variable", "to predict …"). */
  documented: boolean;
}

/** From this score on a column is offered. */
export const ENOUGH = 3;

/** So many columns of one stem and a number are the items of a questionnaire. */
const FEWEST_ITEMS = 10;

export function weigh(reading: Reading, column: ColumnFacts): Evidence {
  const signs: string[] = [];
  let score = 0;
  const add = (points: number, sign: string) => {
    score += points;
    if (points > 0) signs.push(sign);
  };
  const name = tokens(column.name).map(singular);
  const description = descriptionOf(column);
  const head = headOf(column).map(singular);
  const use = formulaUse(reading, column.name);

  if (use.response > 0)
    add(Math.min(5, 3 + use.response * 0.5), "the documentation's own models have it as their response");
  else if (use.shown > 0)
    add(1.5 + Math.min(1, (use.shown - 1) * 0.25), "the documentation plots it against other columns");
  const declared = reading.declared.has(column.name);
  if (!declared && use.predictor > 0 && use.response === 0) add(-2.5, "");
  else if (!declared && use.predictor > use.response) add(-1.5, "");

  if (DECLARES_OUTCOME.test(description) && !/\bof (the )?(response|outcome|target)\b/i.test(description)) {
    add(3, `its description calls it an outcome`);
  }
  if (reading.declared.has(column.name)) add(4, "the documentation calls it the response");
  const asked = askedFor(reading, column, name, head);
  if (asked !== null) add(2.5, `the documentation asks for it ("${asked}")`);
  const documented =
    use.response > 0 ||
    asked !== null ||
    reading.declared.has(column.name) ||
    (DECLARES_OUTCOME.test(description) && score >= 3);

  const lexical = lexicalStrength(column, name, head);
  if (lexical.strength > 0) add(lexical.strength, `"${lexical.word}" is something people predict`);
  if (TARGET_NAMES.has(column.name.toLowerCase()))
    add(description === "" || documented ? 1.5 : 0.5, "it is named as a target");

  if (!documented && isItem(reading, column)) add(-3, "");

  const title = stems(reading.documentation.title);
  const said = new Set([...name, ...head].filter((word) => word.length > 2));
  const flat = column.name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const ownWords = [...name, flat].filter((word) => word.length > 2);
  if (
    /\?\s*$/.test(reading.documentation.title) &&
    ownWords.some((word) => title.includes(word) || title.includes(singular(word))) &&
    (lexical.strength >= 1.8 || !titleHasOutcome(reading))
  )
    add(2.5, "the dataset's title asks for it");
  if (lexical.strength >= 1.8 && standsAlone(reading, column, lexical.strength))
    add(0.5, "nothing else in the table is of its kind");
  if (lexical.strength > 0 && title.some((word) => said.has(word))) add(1, "the dataset is named for it");
  else if (lexical.strength > 0 && reading.documentation.abstract[0] !== undefined) {
    const abstract = new Set(stems(reading.documentation.abstract[0]));
    if ([...said].some((word) => abstract.has(word) && outcomeStrength(word) > 0))
      add(0.5, "the dataset's description names it");
  }
  if (FUTURE.test(tokens(column.name).join(" ")) || FUTURE.test(clauseOf(column)))
    add(3, "it lies ahead of the other columns");
  if (
    /^(log|ln|logarithm|natural log|lg)\b/i.test(clauseOf(column)) &&
    (reading.probes.get(column.name)?.copies.length ?? 0) > 0
  )
    add(-1, "");
  if (
    reading.view.columns.some(
      (other) =>
        other !== column && isTransformName(other.name, column.name) && /^(l|ln|log)/i.test(column.name),
    )
  )
    add(-1, "");
  if (
    column.distinct === 2 &&
    /\b(diagnos\w+|disease|died|death|default\w*|surviv\w+|relapse\w*)\b/i.test(clauseOf(column))
  )
    add(1, "its description tells an event");
  if (
    /\b(house|home|housing|property|market|sale|resale|appraised|assessed) (value|price)s?\b/i.test(
      `${name.join(" ")} ${clauseOf(column)}`,
    )
  )
    add(1.5, "what a property is worth is something people predict");
  if (labelsText(reading, column)) add(3.5, "it is the one label beside the text");
  if (standsApart(reading, column, position0(reading, column)))
    add(3.25, "the first or last column holds classes which the many others tell apart");
  if (tellsApart(reading, column, name))
    add(1.5, "the other columns are measurements that tell its classes apart");
  const position = reading.view.columns.findIndex((other) => other.name === column.name);
  const first = reading.view.columns.findIndex((other) => !isCounter(other));
  if (position === reading.view.columns.length - 1) add(lexical.strength > 0 ? 0.5 : 0.25, "it stands last");
  else if (position === first) add(lexical.strength > 0 ? 0.5 : 0.25, "it stands first");
  for (const { points, sign } of conventional(reading, column)) add(points, sign);
  if (reading.view.roles.labels.includes(column.name)) add(3, "the layout itself labels by it");

  if (EARLIER.test(column.name.replace(/[._]/g, " ")) || (EARLIER.test(clauseOf(column)) && !documented))
    add(-2, "");
  const veto = vetoOf(reading, column, name, head, documented, use.response > 0);
  return { column, score, signs, veto, documented };
}

/** An outcome word of the title stands in some column's name. */
function titleHasOutcome(reading: Reading): boolean {
  const title = new Set(stems(reading.documentation.title));
  return reading.view.columns.some((column) =>
    tokens(column.name)
      .map(singular)
      .some((word) => title.has(word) && outcomeStrength(word) > 0),
  );
}

/** No other column, its own transforms aside, has nearly as good a word. */
function standsAlone(reading: Reading, column: ColumnFacts, strength: number): boolean {
  const copies = new Set(reading.probes.get(column.name)?.copies ?? []);
  return !reading.view.columns.some(
    (other) =>
      other !== column &&
      !copies.has(other.name) &&
      other.type !== "constant" &&
      lexicalStrength(other, tokens(other.name).map(singular), headOf(other).map(singular)).strength >
        strength - 0.8,
  );
}

/** The only column of classes in a table of texts. */
export function labelsText(reading: Reading, column: ColumnFacts): boolean {
  if (!reading.view.columns.some((other) => other.type === "text")) return false;
  const part = reading.view.published?.column;
  const classes = reading.view.columns.filter(
    (other) =>
      other.name !== part &&
      other.type !== "text" &&
      other.type !== "constant" &&
      !other.flags.includes("row_number") &&
      !other.flags.includes("identifier"),
  );
  return (
    classes.length === 1 &&
    classes[0] === column &&
    column.distinct >= 2 &&
    column.distinct <= 200 &&
    (column.type === "category" || column.type === "boolean")
  );
}

function position0(reading: Reading, column: ColumnFacts): boolean {
  const named = reading.view.columns.filter((other) => !isCounter(other));
  return named[0] === column || named.at(-1) === column;
}

/** Tables without a header, and wide ones of like columns: a class at one end that the others predict well. */
function standsApart(reading: Reading, column: ColumnFacts, atEnd: boolean): boolean {
  const probe = reading.probes.get(column.name);
  if (
    !atEnd ||
    reading.view.columns.length < 12 ||
    column.distinct < 2 ||
    column.distinct > 30 ||
    probe === undefined ||
    probe.gain < 0.3
  )
    return false;
  const stems = reading.view.columns
    .filter((other) => other !== column)
    .map((other) => other.name.replace(/\d+$/, ""));
  const like = Math.max(...[...new Set(stems)].map((stem) => stems.filter((entry) => entry === stem).length));
  return like >= 0.9 * stems.length;
}

const KINDS = new Set(
  "species sp variety cultivar class type breed diagnosis dx origin kind region area site".split(" "),
);

/** A class of few values in a table that else holds mostly measurements. */
function tellsApart(reading: Reading, column: ColumnFacts, name: string[]): boolean {
  if (column.distinct < 2 || column.distinct > 12 || (column.numeric !== null && column.type !== "boolean"))
    return false;
  if (
    !name.some((word) => KINDS.has(word)) &&
    !headOf(column)
      .map(singular)
      .some((word) => KINDS.has(word))
  )
    return false;
  const others = reading.view.columns.filter(
    (other) =>
      other !== column &&
      other.type !== "constant" &&
      !other.flags.includes("row_number") &&
      !other.flags.includes("identifier"),
  );
  const measured = others.filter(
    (other) => other.type === "number" || (other.type === "integer" && other.distinct > 15),
  );
  const places = name.some((word) => /^(region|area|site|origin)$/.test(word));
  return measured.length >= (places ? 6 : 4) && measured.length >= (places ? 0.8 : 0.4) * others.length;
}

/** How documentation uses a column in its formulas. */
export function formulaUse(
  reading: Reading,
  column: string,
): { response: number; predictor: number; shown: number } {
  let response = 0;
  let predictor = 0;
  let shown = 0;
  for (const formula of reading.formulas) {
    const left = formula.left.includes(column);
    const right = formula.right.includes(column);
    // Many responses at once (MANOVA) make none of them the outcome.
    if (formula.use === "model" && left && !right && formula.left.length >= 3 && formula.survival === null)
      shown++;
    else if (formula.use === "model" && left && !right && formula.right.length > 0) response++;
    if (formula.use === "model" && right && !left && formula.left.length > 0 && formula.left.length < 3)
      predictor++;
    if (formula.use === "plot" && left && formula.right.length > 0) shown++;
  }
  return { response, predictor, shown };
}

/** The documentation's phrase that asks for this column, or null. */
function askedFor(reading: Reading, column: ColumnFacts, name: string[], head: string[]): string | null {
  const key = column.name.toLowerCase();
  const said = [...new Set([...name, ...head.slice(-4)])].filter(
    (word) => word.length > 2 && !/^\d+$/.test(word),
  );
  const noun = head.at(-1) ?? singular(nounOfName(column.name) ?? "");
  for (const phrase of reading.asked) {
    const words = tokens(phrase).slice(0, 10);
    if (key.length > 2 && outcomeStrength(singular(key)) > 0 && words.includes(key)) return phrase;
    if (key.length > 2 && words.slice(0, 2).includes(key)) return phrase;
    const spoken = new Set(words.map(singular));
    if (outcomeStrength(noun) >= 3 && spoken.has(noun)) return phrase;
    if (outcomeStrength(noun) >= 2 && spoken.has(noun) && said.filter((word) => spoken.has(word)).length >= 2)
      return phrase;
  }
  return null;
}

function vetoOf(
  reading: Reading,
  column: ColumnFacts,
  name: string[],
  head: string[],
  documented: boolean,
  modelled: boolean,
): string | null {
  const flags = new Set(column.flags);
  if (column.type === "constant" || column.type === "empty") return "it holds one value or none";
  if (flags.has("row_number")) return "it is a row number";
  if (column.type === "path") return "it names a file";
  if (/\b(identification|identifier|id) (number|code)?\b/i.test(clauseOf(column)) && column.distinct > 20)
    return "it is an identifier";
  if (flags.has("weight")) return "it is a sampling weight";
  if (flags.has("sensitive")) return "it holds personal data";
  if (column.type === "datetime") return "it is a date";
  if (column.type === "text" || column.type === "list") return "it is free text";
  if (column.type === "string") return "it has too many distinct texts";
  if (name.some((word) => HARMFUL.has(word)) || HARMFUL_PHRASE.test(head.join(" ")))
    return "it asks for a protected trait of people";
  if (column.missing > 0.6) return "most of its values are missing";
  const numeric = column.type === "number" && !flags.has("unique");
  if (flags.has("identifier") && !numeric && !modelled) return "it is an identifier";
  if (flags.has("unique") && column.type === "integer" && flags.has("sorted")) return "it numbers the rows";
  if (modelled) return flags.has("place_like") || flags.has("time_like") ? "it is a time or place" : null;
  if (flags.has("place_like") || flags.has("time_like")) return "it is a time or place";
  if (isNamedTarget(reading, column)) return null;
  if (tellsApart(reading, column, name)) return null;
  const last = name.filter((word) => !/^\d+$/.test(word)).at(-1) ?? "";
  if (NAMES.has(last) || name.every((word) => NAMES.has(word) || /^\d+$/.test(word)))
    return "it names or numbers something";
  if (name.every((word) => COORDINATES.has(word) || TIMES.has(word) || /^\d+$/.test(word)))
    return "it is a time or place";
  if (name.some((word) => DESIGN.has(word)) && !documented) return "it was set by whoever ran the study";
  if (/\b(had|has|have) been (a|an)\b/i.test(clauseOf(column)) && !documented)
    return "it tells what was so before, which is known of everybody";
  if (
    !documented &&
    name.some((word) => PERSONAL.has(word)) &&
    !name.some((word) => outcomeStrength(word) >= 3)
  )
    return "it is a trait people are asked for, not predicted";
  return null;
}

/** `Q26` among `Q2_1` … `Q33`: one of many questions put to the same people, whose words say what was asked, not what is sought. */
function isItem(reading: Reading, column: ColumnFacts): boolean {
  const stem = (name: string) =>
    /^([A-Za-z]{1,8}?)[._]?\d+(?:[._]\d+|[a-z])?$/.exec(name)?.[1]?.toLowerCase();
  const own = stem(column.name);
  return (
    own !== undefined && reading.view.columns.filter(({ name }) => stem(name) === own).length >= FEWEST_ITEMS
  );
}

function isCounter(column: ColumnFacts): boolean {
  return (
    column.flags.includes("row_number") || column.flags.includes("identifier") || column.type === "constant"
  );
}
