import type { ColumnFacts } from "../../dataset/survey.ts";
import { cleaned } from "./documentation.ts";
import { clip, humanise, lowerFirst, singular, tokens, upperFirst } from "./tokens.ts";

/** What documentation says of a column, without markup and on one line; empty when it says nothing. */
export function descriptionOf(column: ColumnFacts): string {
  const text = cleaned(column.description ?? "")
    .replace(/\s+/g, " ")
    .trim();
  return /^R Documentation$|^\d+ non-null|^(int64|float64|object)$|^[\w*./-]+\.(wav|jpg|png|csv)\b/i.test(
    text,
  )
    ? ""
    : text;
}

/** Openings that say how a column is stored rather than what it is. */
const STORAGE =
  /^((an?|the) )?((ordered |binary |numeric |nominal |categorical |character |integer |logical |two-level |dummy |indicator |real |continuous |double |string |date )*(factor|vector|variable|dummy|integer|numeric|num|int|character|logical|boolean|double|string|indicator|number(?= (?:giving|indicating|denoting|specifying|representing))|numerical|ordinal|binary|categorical|chr|dbl|fct|lgl))\b(\s*\((?:fct|dbl|int|chr|num|lgl|0\/1)\))?\s*(with (\d+ |two |three |four |five )?levels?\b[^;.:]*?(?=indicating|giving|:|;|\.|$)|vector)?\s*([:;.,–-]|of|giving|containing|for|that|which|indicating|specifying|representing|with|,)*\s*/i;

const LEADING =
  /^(indicating|giving|specifying|containing|representing|denoting|describing|is|a|an|the|this (is|variable is)|variable (for|indicating)|levels? of)\s+/i;

/** Abbreviations: the full stop after them ends no clause where the text goes on ("rank in grad. class"). */
const SHORT =
  "(?:access|acad|admin|approx|avg|bldg|cap|cent|comm|cu|dept|dev|diff|educ|elem|emp|est|excl|exp|ft|gen|govt?|grad|hh|hosp|hrs?|incl?|ind|lbs?|max|med|mfg|min|mo|nat|nr|num|obs|occ|orig|oz|pct|perc|pop|pos|prev|prob|prof|prop|rad|reg|rel|res|sec|sq|std|temp|tot|univ|vol|vs|wk|wt|yrs?)";
const CLAUSE_END = new RegExp(
  String.raw`[;:](?:\s|$)|(?<!\b${SHORT}(?=\.\s[a-z]))\.(?:\s|$)|\s+[–—-]\s+|,\s+(?:with|coded|where|a factor|factor|an? |one of|levels?)\s?|\n|\s\(?0\s*=|\s\(?1\s*=|\?`,
);

/** The description's first clause, with storage words taken off: "A factor indicating whether …" → "whether …". */
export function clauseOf(column: ColumnFacts): string {
  let text = descriptionOf(column);
  if (/^(one|any) of\b/i.test(text.replace(STORAGE, ""))) return "";
  if (/^(an? |the )?(data ?frame|tibble|data set|dataset|matrix|list)\b/i.test(text)) return "";
  const pair =
    /^\(?(?:.{0,40}[:,(])?\s*0\s*[=:-]\s*([^,;]+?)[,;]?\s*(?:and\s*)?1\s*[=:-]\s*([^,;.)]+)\)?\.?$/i.exec(
      text,
    );
  if (
    pair?.[2] !== undefined &&
    pair[2].trim().split(" ").length >= 3 &&
    /\b(is|was|were|are|has|had|did)\b/.test(pair[2])
  )
    return `whether ${lowerFirst(pair[2].trim())}`;
  const whether =
    /\b(?:indicat\w+|dummy|factor|variable|specif\w+|denot\w+|show\w+|logical)\b[:;,]?\s*(?:for )?((?:whether|if) [^.;?]+)/i.exec(
      text,
    );
  if (whether?.[1])
    return clip(
      whether[1]
        .replace(/^if /i, "whether ")
        .replace(/\s*\((?:0|1|yes|no)[^)]*\)\s*$/i, "")
        .trim(),
      110,
    );
  const two =
    /^\(?\s*(?:0\s*[=:]\s*([^,;.]{3,40}?)[,;]?\s*(?:and\s*|or\s*)?1\s*[=:]\s*([^,;.()]{3,40})|1\s*[=:]\s*([^,;.]{3,40}?)[,;]?\s*(?:and\s*|or\s*)?0\s*[=:]\s*([^,;.()]{3,40}))\)?\.?$/i.exec(
      text,
    );
  if (two && !/^(yes|no|true|false)$/i.test((two[1] ?? two[3] ?? "").trim()))
    return oneOfTwo((two[2] ?? two[3] ?? "").trim(), (two[1] ?? two[4] ?? "").trim());
  const oneIf =
    /^\(?\s*(?:=+\s*)?(?:1|one|yes|true)\)?\s*(?:=+\s*)?(?:if|for|when|means|:)?\s+(?!=)(.{3,})$/i.exec(text);
  if (oneIf?.[1] && /^\(?\s*=*\s*(1|one|yes|true)\b/i.test(text)) {
    return `whether ${lowerFirst(oneIf[1].split(/[;.(]|, 0|,? (?:otherwise|else|0 (?:if|=|for))/i)[0]?.trim() ?? "")}`;
  }
  text = text.replace(STORAGE, "");
  for (let turn = 0; turn < 3; turn++) text = text.replace(LEADING, "");
  const first = text.split(CLAUSE_END)[0] ?? "";
  return first.replace(/[\s,:;(]+$/, "").trim();
}

/** "customer left a tip" or "no tip" → whether customer left a tip; two nouns are named both. */
function oneOfTwo(yes: string, no: string): string {
  return /\b(is|was|are|were|has|had|did|does|left|got|gave|took|made|went|died|lived|won|lost|paid|bought|used)\b/i.test(
    yes,
  )
    ? `whether ${/^(the|an?|it|he|she|they)\b/i.test(yes) ? "" : "the "}${lowerFirst(yes)}`
    : `which applies: ${lowerFirst(yes)} or ${lowerFirst(no)}`;
}

const HOLLOW = new Set(
  "number count percent percentage proportion fraction share rate average mean median total sum amount level log logarithm natural measure measured value type kind index maximum minimum annual monthly daily weekly hourly current overall actual estimated reported standardized standardised normalized gross net per real nominal final self square root of the a an in numeric factor usual binary code".split(
    " ",
  ),
);

/**
 * The words that a description is about: "Average reading score of the district" → average, reading, score.
 * Prepositions end it, except after words that only measure ("number of", "log of").
 */
export function headOf(column: ColumnFacts): string[] {
  const clause = (
    clauseOf(column)
      .replace(/\([^)]*\)/g, " ")
      .split(/[,;:]\s/)[0] ?? ""
  ).trim();
  const whether = /^whether\s+(.*)$/i.exec(clause);
  if (whether) return tokens(whether[1] ?? "");
  const parts = clause.split(
    /\b(?:of|for|in|per|at|by|from|with|to|on|that|which|who|during|among|between|when|where|if|as|divided|since|until|over|under|relative|after|before|toward|towards|about|given)\b/i,
  );
  const head: string[] = [];
  for (const part of parts) {
    const words = tokens(part);
    head.push(...words);
    if (words.some((word) => !HOLLOW.has(word))) break;
  }
  return head.slice(0, 12);
}

const UNIT =
  /\((?:(?:measured |given |expressed |values )?in )?((?:US ?\$|USD|EUR|GBP|\$|€|£|%|percent|[a-zµ]{1,3}(?:\/[a-z0-9^²³]+)?|(?:[\w,.$]+ )?(?:dollars?|pounds?|euros?|kilograms?|grams?|tonnes?|tons?|bushels?(?: per acre)?|kg(?: ?\/ ?\w+)?|metres?|meters?|centimet(?:re|er)s?|millimet(?:re|er)s?|feet|inch(?:es)?|miles?|kilomet(?:re|er)s?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|degrees(?: (?:celsius|fahrenheit))?|litres?|liters?|points?|USD ?[\d,]*|thousands?(?: of (?:US )?dollars)?|mm|cm|km|mg\/dl|g\/l|t\/ha|kg\/ha|bu\/ac|[µu]g\/[lL]|per cent)))\)|,? (?:measured |given |expressed )?in ((?:(?:US|thousands? of|millions? of|1,?000s? of|\$?[\d,]+s?)\s?)*(?:US ?dollars|dollars|USD|euros?|pounds|kilograms?|kg(?:\/ha)?|grams?|tonnes?(?: per hectare)?|tons?|bushels(?: per acre)?|metres|meters|centimet(?:re|er)s|cm|millimet(?:re|er)s|mm|feet|inches|miles|kilomet(?:re|er)s|km|years|months|weeks|days|hours|minutes|seconds|degrees(?: (?:Celsius|Fahrenheit))?|percent|thousands|millions|\$1,?000s?|1,?000s?|t\/ha|kg\/ha|bu\/ac(?:re)?))\b|, (kg(?:\/ha|\/plot)?|t\/ha|tons?\/(?:ha|ac|acre)|bu\/ac|bushels\/acre|pounds(?: per \w+)?|lbs?(?: ?\/ ?\w+)?|g|mm|cm|m|ml|bushels(?: per acre)?|grams|tonnes\/ha|kilograms(?: per \w+)?|tonnes per hectare|in \$|percent)\b/i;

/** "yield, kg/ha", "annual salary, thousands $": the unit after the last comma. */
const TRAILING_UNIT =
  /,\s*(?:in )?((?:[\w$%/.^²³µ-]+ ?){0,3}(?:\$|%|\b(?:kg|g|mg|lbs?|pounds?|grams?|tons?|tonnes?|Mg|t|ha|hectare|acre|ac|plot|bu|bushels?|dollars?|euros?|baht|yen|ohms?|mm|cm|m|km|feet|ft|inch(?:es)?|miles?|mph|hours?|days?|weeks?|months?|years?|minutes?|seconds?|thousands?|millions?|percent)\b)(?: ?[/$] ?\w*)*)\s*$/i;

/** What the column is measured in, when its description says so. */
export function unitOf(column: ColumnFacts): string | null {
  const trailing = TRAILING_UNIT.exec(clauseOf(column))?.[1];
  if (trailing !== undefined) return trailing.trim();
  const named = nameUnit(column.name).unit;
  if (named !== null && descriptionOf(column) === "") return named;
  const match = UNIT.exec(descriptionOf(column));
  const unit = (match?.[1] ?? match?.[2] ?? match?.[3] ?? "").trim();
  return unit.length === 0 || unit.length > 40 ? null : unit.replace(/^in /i, "");
}

/** "Body Mass (g)" → Body Mass, g; "Concrete compressive strength(MPa, megapascals)" → …, MPa; "Spending Score (1-100)" keeps its range. */
function nameUnit(name: string): { name: string; unit: string | null } {
  const parts = /^(.*?[A-Za-z].*?)\s*[([]([^()[\]]{1,30})[)\]]\s*$/.exec(name.trim());
  const inner = parts?.[2]?.split(",")[0]?.trim() ?? "";
  if (parts?.[1] === undefined || !/[A-Za-z%$€£°]/.test(inner) || inner.split(/\s/).length > 3)
    return { name, unit: null };
  return { name: parts[1], unit: inner };
}

const SENTENCE =
  /^(did|does|do|is|are|was|were|has|have|had|what|how|which|who|when|why|can|will|would|should|i|we|they|he|she|it|please|see|used|used to|same|as|these|there)\b/i;

/** A noun phrase for the column that fits "Predict …": from its description, else from its name. */
export function meaningOf(column: ColumnFacts): string {
  const clause = shortened(clauseOf(column))
    .replace(/\s*\((?:in |measured in |US|USD|\$|%)[^)]*\)/gi, "")
    .replace(/\s*\[[^\]]*\]\s*$/, "")
    .replace(/\s*\((?:numeric|integer|character|factor|logical|double|binary|categorical)\b[^)]*\)?/gi, "")
    .replace(/,?\s*\(?the (response|outcome|dependent|target)( variable)?\)?$/i, "")
    .replace(/["“”]/g, "")
    .replace(
      /\s+in (\$[\d,]*s?|1,?000s|US ?dollars|dollars|USD|euros|thousands?|millions?|percent)(?=$|\s(?:of|for)\b)/i,
      "",
    )
    .replace(/,\s*(19|20)\d\d$/, "")
    .replace(TRAILING_UNIT, "")
    .replace(/\s*\((?=[^)]{1,14}\)$)[^)]*[/%$][^)]*\)$/, "")
    .replace(
      /\s*\((?:grams|US dollars|dollars|millimeters|centimeters|kg|cm|mm|seconds|minutes|hours|years)\)$/i,
      "",
    )
    .trim();
  const log = /^(?:natural )?(?:log|ln|log10)\s?\(([\w ./%$-]{2,60})\)\.?$/i.exec(descriptionOf(column));
  if (log) return `the logarithm of ${humanise(log[1] ?? "")}`;
  const one =
    /^one of (?:the )?(?:\d+ |[a-z]+ )?(?:possible |different |distinct )?([a-z]+s) (for|of|in) ((?:an?|the|each|every) [a-z][a-z ]{2,30}?)(?=[.,;]|\s\(|$)/i.exec(
      descriptionOf(column),
    );
  if (one) return `the ${singular(one[1] ?? "")} ${one[2]} ${one[3]}`;
  const asked = questionOf(descriptionOf(column).replace(STORAGE, ""));
  if (asked !== null) return asked;
  const usable =
    clause.length >= 3 &&
    clause.length <= 95 &&
    /[a-z]{3}/i.test(clause) &&
    (!SENTENCE.test(clause) || /^which applies: /.test(clause)) &&
    !/^(one|two|three|four|five|some|any|not|no|yes)\b|^whether of\b/i.test(clause) &&
    tokens(clause).length >= 1 &&
    !/[=<>{}|\\^*]|\w\(|\)[-/+]/.test(clause) &&
    balanced(clause);
  if (/^whether\s+\S+/i.test(clause) && usable)
    return lowerFirst(clause).replace(/^whether whether/, "whether");
  const counted = /^(?:count|num|number|n)[_. ](?:of[_. ])?([A-Za-z].*)$/i.exec(column.name)?.[1];
  const phrase = usable
    ? lowerFirst(clause)
    : counted !== undefined
      ? `number of ${humanise(counted)}`
      : humanise(nameUnit(column.name).name);
  const name = tokens(column.name);
  const logged =
    (/^(log|ln|log10|lg)$/.test(name[0] ?? "") || /\bin log\b|\(log\b/i.test(descriptionOf(column))) &&
    !/\b(log|logarithm|ln|logs?-?odds|logged)\b/i.test(phrase);
  const plain = logged
    ? `the log of ${/^(the|an?)\s/i.test(phrase) ? "" : "the "}${phrase.replace(/^(log|ln) /, "")}`
    : phrase;
  if (/^(the|an?|whether|how|which|who|his|her|their)\s/i.test(plain)) return plain;
  return `the ${plain}`;
}

/** A long phrase cut to its opening noun phrase: "recorded time (in seconds) from when the runner …" → recorded time. */
function shortened(clause: string): string {
  if (clause.length <= 70 || /^whether\b/i.test(clause)) return clause;
  const opening =
    clause
      .split(
        /,|\s(?:from|that|which|when|where|who|during|by|using|based|computed|calculated|defined|as|if|since|with|because)\s|\s\(/,
      )[0]
      ?.trim() ?? "";
  return opening.split(" ").length >= 2 ? opening : clause;
}

/** "Is the person employed?" → whether the person is employed; other questions are quoted. */
function questionOf(description: string): string | null {
  const question =
    /^((?:is|was|are|were|has|have|had|did|does|do|what|how|which|who|when|why|can|will|would|should)\b[^?;:]{6,120})\?/i.exec(
      description,
    )?.[1];
  if (question === undefined) return null;
  const turned =
    /^(is|was|are|were|has|have|had)\s+((?:the|a|an|this|these|their|his|her)\s+\w+|they|he|she|it|there)\s+(.+)$/i.exec(
      question,
    );
  if (turned)
    return `whether ${(turned[2] ?? "").toLowerCase()} ${(turned[1] ?? "").toLowerCase()} ${turned[3]}`;
  return `the answer to "${upperFirst(question)}?"`;
}

function balanced(text: string): boolean {
  return (text.match(/\(/g)?.length ?? 0) === (text.match(/\)/g)?.length ?? 0);
}

const UNITS = new Set(
  "usd eur gbp dollar dollars euro euros pct percent kg g mg lb lbs mm cm m km ft in miles hrs hours hr min mins minutes sec seconds days weeks months years yr num n cat code raw adj total mean avg median per".split(
    " ",
  ),
);

/** The word that a name is about: the last that is no number and no unit (`sale_price_usd` → price). */
export function nounOfName(name: string): string | null {
  const words = tokens(name).filter((word) => !/^\d+$/.test(word));
  return words.filter((word) => !UNITS.has(word)).at(-1) ?? words.at(-1) ?? null;
}
