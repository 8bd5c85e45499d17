import type { ColumnFacts } from "../../dataset/survey.ts";
import { meaningFor } from "./meanings.ts";
import { meaningOf, unitOf } from "./phrases.ts";
import { tokens } from "./tokens.ts";

const WHEN = new Set("year month week day date time timestamp hour period season quarter wave".split(" "));

/** Whether a column is worth naming as one that the target is told from: no identifier, group key, date, name or serial number. */
export function isTelling(column: ColumnFacts): boolean {
  if (["datetime", "path", "empty", "constant", "text"].includes(column.type)) return false;
  if (column.flags.some((flag) => /^(identifier|row_number|time_like|sensitive|weight)$/.test(flag)))
    return false;
  if (
    column.flags.includes("group_like") &&
    column.numeric !== null &&
    column.numeric.whole === 1 &&
    column.distinct > 20
  )
    return false;
  const words = tokens(column.name);
  if (words.some((word) => word === "id" || word === "timestamp") || WHEN.has(words.at(-1) ?? ""))
    return false;
  const said = meaningFor(column) ?? "";
  if (
    /\b(id|ids|identifiers?|identification|identifying|identifies|serial number|bib number|row number|facility code|area code)\b/i.test(
      said,
    )
  )
    return false;
  if (
    /\b(date|year|month|week|day) (of|that|when|in which)\b|^(the )?(\w+ )?(date|year|timestamp)\b/i.test(
      said,
    )
  )
    return false;
  return !(
    column.numeric === null &&
    column.distinct > 30 &&
    /\b(?:names?|codes?)\b/i.test(`${words.join(" ")} ${said}`)
  );
}

/** Ends that leave a phrase open. */
const OPEN_END =
  /\b(?:of|in|is|are|was|were|be|the|an?|and|or|by|for|from|with|at|on|to|that|which|who|per|as|than|if|a numeric|such|given|not|has|have|had)$/i;
const STORED =
  /\b(?:factors?|levels?(?= [a-z])|vector|numeric|integer|variable|indicator|dummy|coded|coding|values?(?= of \w+$)|component|raw|hus|yrs|avg|temp|num|perc|pct|prop|approx|concen|wght|wtd|freq|tot)\b/i;
const VERB =
  /\b(?:is|was|were|are|has|have|had|did|does|do|can|will|would|includes?|owns?|lives?|uses?|believes?)\b/i;

/**
 * The documentation's noun phrase for a column ("the number of bedrooms", "whether the house has a garage") where it is
 * complete and reads well in a sentence; null otherwise: the column's name is then the better word.
 */
export function readablePhrase(column: ColumnFacts): string | null {
  const said = meaningFor(column);
  if (said === null || /^values: /i.test(said)) return null;
  const phrase = meaningOf({ ...column, description: said })
    .replace(/\s*\([^)]*\)/g, "")
    .trim();
  if (phrase.length < 5 || phrase.length > 64 || phrase.split(" ").length > 11) return null;
  if (/["“”?:;#%()/=<>+*`_,.]|\d/.test(phrase) || OPEN_END.test(phrase) || STORED.test(phrase)) return null;
  if (/\b(\w+) \1\b/i.test(phrase) || /\bor\b/.test(phrase.replace(/^whether\b.*$/, ""))) return null;
  if (
    /^(?:the|whether|an?) (?:of|in|if|from|for|with|at|on|by|never|not|as|to|and|this|that)\b/i.test(phrase)
  )
    return null;
  if (/^whether\b/.test(phrase))
    return VERB.test(phrase) && /^whether (?:the|an?|there|any|it|they|he|she|\w+s?\b)/.test(phrase)
      ? phrase
      : null;
  if (yesNo(column)) return null;
  const core = tokens(phrase.replace(/^(?:the|an?|his|her|their) /i, ""));
  const values = new Set(column.numeric === null ? column.top.flatMap(([value]) => tokens(value)) : []);
  if (core.length === 0 || core.every((word) => values.has(word))) return null;
  // A cut phrase may say something else than the whole does; a unit may go.
  const whole = tokens(
    (/^(.*?)(?:[.;:?](?:\s|$)|\s[-–—]\s|$)/.exec(said)?.[1] ?? said)
      .replace(/\s*[([][^)\]]*[)\]]/g, "")
      .replace(/^(?:the|an?) /i, ""),
  );
  const rest = whole.slice(core.length);
  if (core.some((word, index) => word !== whole[index]) || rest.length > 4) return null;
  if (rest.length > 0 && !/^(?:in|measured|per)$/.test(rest[0] ?? "") && unitOf(column) === null) return null;
  return phrase;
}

/** Yes or no: what such a column is needs a "whether". */
function yesNo(column: ColumnFacts): boolean {
  if (column.type === "boolean") return true;
  const plain = column.top.map(([value]) => value.toLowerCase());
  return column.distinct <= 4 && plain.some((value) => /^(?:y|yes|true)$/.test(value));
}

/** A column's name as a code span; null for names that no code span in prose can hold. */
export function nameSpan(column: ColumnFacts): string | null {
  const { name } = column;
  const fits =
    /^[\p{L}\p{N}_][\p{L}\p{N}_ .%()/-]{0,39}$/u.test(name) &&
    !/\s$/.test(name) &&
    name.toLowerCase() !== "id";
  return fits ? `\`${name}\`` : null;
}
