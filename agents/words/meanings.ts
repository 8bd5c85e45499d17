import type { ColumnFacts } from "../../dataset/survey.ts";
import { withoutFalseClaims } from "./claims.ts";
import { listNames, namesOnlyValues, namesValues, plainValues } from "./listings.ts";
import { descriptionOf } from "./phrases.ts";
import { humanise, lowerFirst, upperFirst } from "./tokens.ts";

/** Words for how a column is stored; `KIND` is a whole noun: "ordered factor", "numeric vector", "character string". */
const ADJECTIVE =
  "(?:(?:ordered|binary|nominal|categorical|two-level|logical|real|continuous|numeric|integer|character|dummy|indicator|unordered)\\s+)*";
const KIND = `(?:${ADJECTIVE}(?:factor|vector|variable|dummy|indicator|character string|string|value)|numeric|integer|character|factor|logical|boolean|double|num|int|chr|dbl|fct|lgl)`;
const OF_LEVELS =
  "(?:\\s+(?:with|of|consisting of|having|on)\\s+(?:\\d+|two|three|four|five|six|seven|eight|nine|ten)\\s+(?:levels?|categories))";
const GIVING =
  "(?:to )?(?:indicat|giv|denot|represent|specify|specif|identify|identif|describ|cod|show|contain|stat|stor|record)(?:ing|es|s|e|ies)?|that equals|equal(?:ling|s)? to|for";

const whole = (pattern: string) => new RegExp(`^(?:an? |the )?${pattern}\\s*[.;:]?$`, "i");
const NOTHING = [
  whole(`${KIND}(?:\\s+vector)?${OF_LEVELS}?`),
  /^(?:as it says|self[- ]explanatory|see (?:above|below|details?|description|source|references?|note)|same as above|not documented|undocumented|unknown|a variable|none)[\s.]*$/i,
];

/** "(numeric)", "(a factor)", "(factor with 3 levels)", "(fct)". */
const IN_PARENTHESES = new RegExp(`\\s*[([](?:an? )?${KIND}(?:\\s+vector)?${OF_LEVELS}?[)\\]]`, "gi");
/** "(integer: 0=no, 1=yes)" → "(0=no, 1=yes)". */
const KIND_IN_PARENTHESES = new RegExp(
  `([([])(?:an? )?${KIND}(?:\\s+vector)?${OF_LEVELS}?\\s*[:;,]\\s+(?=\\S)`,
  "gi",
);
/** ", a numeric vector" and "- a factor" before a stop. */
const TRAILING = new RegExp(
  `\\s*(?:[,;:]|\\s[-–—]|,? (?:represented|stored|coded|given|recorded) as)\\s+(?:an? )?${KIND}(?:\\s+vector)?${OF_LEVELS}?\\s*(?=[.;]|$)`,
  "gi",
);
/** "A factor with 2 levels indicating …", "Numeric value representing …", "a character vector for …". */
const OPENING = new RegExp(
  `^(?:an? )?(?:${KIND}|number(?= (?:denoting|indicating|representing|giving|specifying))|variable)(?:\\s+(?:vector|value|string))?${OF_LEVELS}?,?\\s+(?:(?:that |which )?(?:${GIVING})|of(?= the\\b))\\s+(?=\\S)`,
  "i",
);
/** "factor. Is there …?", "a numeric vector, y1 from …". */
const OPENING_STOP = new RegExp(
  `^(?:an? )?${KIND}(?:\\s+vector)?${OF_LEVELS}?\\s*[.,:;–—-]+\\s+(?=\\S)`,
  "i",
);
const LISTED =
  /(?:(^|[,;.:(–—-]\s*|\b(?:represented|stored|coded|given) as\s+)(?:an?\s+)?((?:ordered |unordered |binary |categorical |two-level )*factor|categorical variable|factor variable)\b\s*,?\s*with\s+(?:(?:\d+|two|three|four|five|six)\s+)?(?:levels?|categories)\s*:?\s*|(^|[.;,(–—-]\s*)levels(?:\s+are|\s+of|:)\s+|\s+with levels:?\s+)/i;

/** What the documentation says a column means, for readers: not how R stores it, and nothing that the values contradict; null when that is nothing. */
export function meaningFor(column: ColumnFacts): string | null {
  const said = descriptionOf(column);
  let text = said
    .replace(/[\u2060\ufeff]/g, "")
    .replace(/\s+([?;,!]|\.(?!\.))(?=\s|$)/g, "$1")
    .replace(/[\s/]+$/, "")
    .trim();
  if (text === "" || isOtherQuestion(text, column)) return null;
  text = text.replace(KIND_IN_PARENTHESES, "$1").replace(IN_PARENTHESES, "");
  text = withoutListing(text, column);
  text = text.replace(TRAILING, "");
  if (NOTHING.some((pattern) => pattern.test(text.trim()))) return null;
  const opened = text
    .replace(OPENING, (found, at: number) => {
      const rest = text.slice(at + found.length);
      if (/\bidentif\w+\s+$/i.test(found)) return "identifies ";
      return /^(?:an? )?(?:logical|boolean)\b/i.test(found) && !/^(?:whether|if|that|1|true)\b/i.test(rest)
        ? "true for "
        : "";
    })
    .replace(OPENING_STOP, "");
  if (opened !== text) text = told(opened);
  text = text
    .replace(/^indicates that /i, "whether ")
    .replace(/^(?:indicates|specifies|denotes|represents|describes|gives|shows) (?=\S)/i, "")
    .replace(/^(?:if|for if)\s(?=[a-z])/i, (found) => (/^(?:if|for if)/i.test(said) ? found : "whether "))
    .replace(/^numeric (?=(?:subject|patient|case|participant|person|individual) id\b)/i, "")
    .replace(/^(?:the )?(?:factor|numeric vector) (?=identifying)/i, "");
  text = withoutKind(withoutFalseClaims(text, column), column)
    .replace(/\(\s*\)/g, "")
    .replace(/\s+([;,)]|\.(?=\s|$))/g, "$1")
    .replace(/[\s,;:(–—-]+$/, "")
    .replace(/^[\s,;:.–—-]+/, "")
    .replace(/\.(?:\s*\.)+$/, ".")
    .trim();
  if (balance(text) !== 0 && balance(said) === 0) text = said;
  if (/^in [a-z]+\.?$/i.test(text) && /^[A-Za-z]{3,}$/.test(column.name))
    text = `${humanise(column.name)} ${text}`;
  if (!/[A-Za-z]{2}|[A-Z]/.test(text) || NOTHING.some((pattern) => pattern.test(text))) return null;
  return /^[A-Z]/.test(said) || /^[A-Z][a-z]+ (?:factor|vector|value|string)\b/.test(said)
    ? upperFirst(text)
    : text;
}

/** "Is the person male?" of a column of `female` and `male`: the values answer something else than what is said. */
function isOtherQuestion(text: string, column: ColumnFacts): boolean {
  const values = column.top.map(([value]) => value.trim().toLowerCase());
  return (
    /^(?:factor[.,:]?\s+)?(?:is|was|are|were|has|have|does|did|do)\b[^?]*\?\W*$/i.test(text) &&
    column.distinct <= 12 &&
    values.length > 0 &&
    !values.some((value) => /^(?:y|n|yes|no|true|false|t|f|[01](?:\.0)?)$/.test(value))
  );
}

const balance = (text: string) => (text.match(/[([]/g)?.length ?? 0) - (text.match(/[)\]]/g)?.length ?? 0);

/** What follows an opening, as a phrase of its own. */
function told(text: string): string {
  return text
    .replace(/^if (?=\S)/i, "whether ")
    .replace(/^(?:for|that) (?=(?:whether|if|the)\b)/i, "")
    .replace(/^if (?=\S)/i, "whether ");
}

/** "genotype/cultivar factor, 28 levels" → "genotype/cultivar": category columns are levels anyway. */
function withoutKind(text: string, column: ColumnFacts): string {
  const category = ["category", "boolean", "string", "integer"].includes(column.type);
  const plain = text
    .replace(
      /,?\s*\(?\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten) levels\b\)?(?=\s*(?:[,.;)]|$))/i,
      (found, at: number) => (/\b(?:into|to|[-–])\s*$/i.test(text.slice(0, at)) ? found : ""),
    )
    .replace(/[;,]\s*type\.?$/i, "")
    .replace(/[;,]?\s*\btype:\s*(?:factor|character|numeric|integer|logical|date)\b/i, "")
    .replace(/[,;.]\s*(?:an? )?(?:ordered )?factor(?=\s*(?:[,;:.]|$))/gi, "");
  if (!category) return plain;
  return plain.replace(/(?<=[a-z/]{3}) factor(?=\s*(?:[,;.]|with\b|$))/i, (found, at: number) =>
    /\b(?:risk|known|unmeasured|major|important|scal(?:e|ing)|form|power|load|correction|conversion|impact)$/i.test(
      plain.slice(0, at),
    )
      ? found
      : "",
  );
}

/**
 * Lists of levels: left out where they only repeat the values that are shown beside them, kept as "low < mid < high" or
 * with what each stands for where they say more.
 */
function withoutListing(text: string, column: ColumnFacts): string {
  const opening = LISTED.exec(text);
  if (opening === null) return repeatedParenthesis(text, column);
  const before = text.slice(0, opening.index) + (/^[.(]/.test(opening[0]) ? (opening[0][0] ?? "") : "");
  const after = text.slice(opening.index + opening[0].length);
  const end = endOfListing(after);
  const listing = after
    .slice(0, end.at)
    .trim()
    .replace(/[\s.]+$/, "");
  const rest = after.slice(end.next);
  const values = plainValues(column);
  const head = before.replace(/[\s,;:–—-]+$/, "").replace(/\($/, "");
  if (end.telling) {
    const meaning = told(rest.trim());
    // "The outcome. A factor denoting whether …": its head says nothing.
    return head === "" ||
      /^(?:the )?(?:outcome|response|target|class|label|result|variable)s?\.?$/i.test(head)
      ? meaning
      : `${head.replace(/\.$/, "")}: ${lowerFirst(meaning)}`;
  }
  // After a colon stands something else than a list where it has no value in it.
  if (/:\s*$/.test(opening[0]) && listing !== "" && values.size > 0 && !namesValues(listing, values))
    return head === "" ? after : text;
  const kept = /^(?:for each|for every)\b|^\d+ (?:to|-|–) \d+$/i.test(listing)
    ? ""
    : listNames(listing.replace(/^(?:representing|giving)\s+/i, ""), values);
  const tail = rest.trim();
  const said = /[<>]/.test(kept) && !/:/.test(kept) ? `ordered ${kept}` : kept;
  if (said === "")
    return tail === "" || /^[.)]/.test(tail) || head === "" ? `${head}${tail}` : `${head} ${tail}`;
  const joined =
    head === ""
      ? `values: ${said}`
      : head.endsWith("(")
        ? `${head}${said}`
        : `${head.replace(/\.$/, "")}: ${said}`;
  return tail === "" ? joined : `${joined}${/^[.)]/.test(tail) ? "" : ". "}${tail}`;
}

/** Where a list of levels ends: at "indicating …", at a sentence, or at its parenthesis. */
function endOfListing(text: string): { at: number; next: number; telling: boolean } {
  const direct =
    /^(?:to indicate|indicating|giving|denoting|specifying|describing|representing|for(?! (?:each|every)\b))\s+/i.exec(
      text,
    );
  if (direct) return { at: 0, next: direct[0].length, telling: true };
  const telling =
    /[\s,]+(?:to indicate|indicating|giving|denoting|representing|specifying|describing)\s+(?=\w)/i.exec(
      text,
    );
  const stop = /(?<![\d\s][A-Z]?)(?<!\b[A-Z])(?<!\b\d)\.(?:\s+(?=[A-Z])|$)/.exec(text);
  const bracket = text.includes("(") ? -1 : text.indexOf(")");
  const limit = Math.min(stop?.index ?? text.length, bracket < 0 ? text.length : bracket);
  if (telling && telling.index < limit)
    return { at: telling.index, next: telling.index + telling[0].length, telling: true };
  if (bracket >= 0 && bracket <= limit) return { at: bracket, next: bracket, telling: false };
  return { at: limit, next: stop && stop.index === limit ? limit + stop[0].length : limit, telling: false };
}

/** "(noreast, midwest, west)" and "(Yes, No)": a list in parentheses of values and nothing else. */
function repeatedParenthesis(text: string, column: ColumnFacts): string {
  const values = plainValues(column);
  if (values.size === 0) return text;
  return text.replace(/\s*\((?:\w+ levels:\s*)?([^()=:]{2,200})\)/g, (found, inner: string) => {
    const parts = inner.split(/\s*(?:[,/;]|\bor\b|\band\b)\s*/).filter((part) => part !== "");
    return parts.length >= 2 && namesOnlyValues(inner, values) ? "" : found;
  });
}
