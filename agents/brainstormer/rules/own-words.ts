import { paragraphs } from "../../words/documentation.ts";
import { upperFirst } from "../../words/tokens.ts";
import type { Reading } from "./reading.ts";

const LICENCE_TALK =
  /\b(renamed|the dataset name has been|naming convention|suffix|package|loads lazily|load lazily|lazy|replication data|R ecosystem|www\.|kindly provided|confidentiality|working paper|dissertation|archive at|has not been modified|have not been modified)\b|https?:|\b(data|help|library)\(/i;

/** Talk of R, of how a table is stored, and of the text that it illustrates. */
const CODE_TALK =
  /\b(tidyverse|dplyr|ggplot2?|tsibble|vignettes?|codebook|CRAN|help page|merge issues|R Documentation)\b|\bR (package|code|function|users?|data)\b|\b(Table|Figure|Chapter|Exercise|Section|Example|Problem) \d|\b(is|are) the subset\b/;

/** Rows and columns counted: "1858 observations and 16 variables", "(1295 rows)". */
const SIZE =
  /\b\d[\d,]* (rows|observations|records|cases|obs)\b.{0,40}\b\d+ (variables|columns|features|attributes|measurements)\b|\b(data ?set|data ?frame|tibble)\b[^.]{0,30}\(\d[\d,]* (rows|observations)\)|data ?frame (has|with|containing) \d+ (rows|observations)/i;

/** Consoles, code and their output. */
const CONSOLE =
  />>>|\bnon-null\b|\bdtypes?\b|\bRangeIndex\b|\w\(\)|<-|==|^[$#%>]\s|^(?:import|from \w+ import|def|pip|git|npm|conda)\s|[{}]|(?:^|\s)\[\d+\]\s/;

/** Fragments that name a kind of data and nothing else: "a cross-section from 1993 to 1995". */
const FRAGMENT =
  /^(?:[Aa]n? )?(?:\w+ )?(?:[Cc]ross[- ]?sections?|[Pp]anel|[Tt]ime[- ][Ss]eries|[Dd]ata ?frame|[Tt]ibble|[Dd]ata ?set|[Mm]atrix|[Ll]ist|[Vv]ector)\b[^,;A-Z]{0,60}$/;

/** Where data were published: `Journal of …, 13, 163-183`, `(1998), "…"`. */
const CITATION =
  /\bJournal of\b|\b(Press|Wiley|Springer)\b|\bpp?\.? ?\d|\b\d{1,3}(\(\d+\))?, ?\d+ ?[-–] ?\d+|\((19|20)\d\d[a-z]?\), ?["“‘]/;

/** "This dataset, x_df, is a data frame containing …": what it contains is quoted from there on. */
const STORED =
  /^(?:(?:this|the)\s+)?(?:data ?set|data ?frame|tibble|data)?,?\s*(?:\S+,?\s+)?(?:(?:data ?set|data ?frame|data)\s+)?(?:is|are|contains?|provides?)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?(?:data ?frame|tibble|data ?set|data set)\s+(?:containing|with|of|that contains|that has|that includes|which contains|on|about)\s+(?=\S+ \S+ \S+)/i;

/** What the documentation says of the data, without talk of packages, licences and sources, and not the title again. */
export function ownParagraphs(reading: Reading): string[] {
  const { abstract, sections, title } = reading.documentation;
  const told = quotable(abstract, title, reading);
  if (told.length > 0) return told;
  // Later sections speak of much else: only whole sentences that are not about the author.
  for (const name of ["details", "background", "note", "source"]) {
    const whole = paragraphs(sections.get(name) ?? "").map((part) =>
      sentencesOf(part)
        .filter((sentence) => /^[A-Z].*[.!?][”"]?$/.test(sentence) && !ASIDE.test(sentence))
        .filter((sentence) => name !== "source" || OBSERVED.test(sentence))
        .join(" "),
    );
    const other = quotable(whole, title, reading);
    if (other.length > 0) return other;
  }
  return [];
}

function quotable(parts: readonly string[], title: string, reading: Reading): string[] {
  const named = flat(title);
  return parts
    .map((part) =>
      part
        .replace(/^Wooldridge Source: ?/i, "")
        .split(SENTENCE_END)
        .map(withoutAddress)
        .filter((sentence) => tells(sentence, reading) && flat(sentence) !== named)
        .map(fromTheWorld)
        .join(" "),
    )
    .filter((part) => part.split(" ").length >= 6)
    .slice(0, 2);
}

const SENTENCE_END = /(?<=[^A-Z\s][.!?][”"]?)\s+(?=[A-Z“"])/;
const sentencesOf = (text: string) => text.split(SENTENCE_END);

/** The author's asides, and beginnings of lists. */
const ASIDE = /\b(we|our|us|you|your|this issue|the idea)\b|^\w+:\s|:.*\b\w+:/i;

/** Of where data come from, only what says how they were observed. */
const OBSERVED =
  /^(?!They|He|She)(?=.*\b(contains?|consists? of|(one|each|every) (row|record)|collected|census|survey(ed)?|measured|recorded|observed|sampled|patients|participants|respondents|experiment)\b)/;

/** Addresses in passing: "(https://…)" and ", https://…" at the end. */
const withoutAddress = (sentence: string) =>
  sentence.replace(/\s*\((?:see |at )?https?:[^\s()]*\)/g, "").replace(/,\s*https?:\S*?(\.?)$/, "$1");

function tells(sentence: string, reading: Reading): boolean {
  const first = /^([\w.]+)\s*[:=]\s/.exec(sentence)?.[1];
  return (
    !LICENCE_TALK.test(sentence) &&
    !CITATION.test(sentence) &&
    !CODE_TALK.test(sentence) &&
    !SIZE.test(sentence) &&
    !CONSOLE.test(sentence) &&
    !isListOfNumbers(sentence) &&
    !contradictsAges(sentence, reading) &&
    !FRAGMENT.test(sentence.replace(/\.$/, "")) &&
    !/(^|\s)(I|I'm|I've|I'll|my|me)\s/.test(sentence) &&
    !/^(See|Used in|Data from|Data originally from|Source|\S+ Source|For more|For details|More (details|information))\b/.test(
      sentence,
    ) &&
    // Markup that was not understood, and a beginning without its list.
    !/`|__|\*\*|\]\(|:\s*$/.test(sentence) &&
    (first === undefined || !reading.columns.has(first))
  );
}

/** "aged 18-64", where the data have people of 74. */
function contradictsAges(sentence: string, reading: Reading): boolean {
  const said = /\b(?:ages?|aged)\s+(?:between |from )?(\d{1,2})\s*(?:-|–|to|and)\s*(\d{1,3})\b/i.exec(
    sentence,
  );
  const ages = reading.view.columns.find((column) => /^age$/i.test(column.name))?.numeric;
  if (said === null || ages === null || ages === undefined) return false;
  return ages.min < Number(said[1]) || ages.max > Number(said[2]);
}

/** Rows of a table that were taken for prose. */
function isListOfNumbers(sentence: string): boolean {
  const words = sentence.split(/\s+/);
  return (
    words.length >= 8 &&
    words.filter((word) => /^[-+$€£]?[\d.,:%/-]+$/.test(word)).length > 0.3 * words.length
  );
}

/** A sentence from where it speaks of the world; what stands for the rest is marked. */
function fromTheWorld(sentence: string): string {
  const rest = sentence.replace(STORED, "");
  return rest === sentence ? upperFirst(sentence) : `[They hold] ${rest}`;
}

const flat = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
