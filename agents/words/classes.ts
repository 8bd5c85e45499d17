import { humanise, tokens } from "./tokens.ts";

/** What one row is, where layout tells. */
export type RowNoun = "text" | "image" | "recording" | "series" | "molecule" | "row";

/** Names that only say "this is the target". */
export const HOLLOW_NAME =
  /^(label|labels|class|classes|target|category|y|v1|output|column_?\d+|unnamed_?\d*|folder(_\d+)?|directory(_\d+)?|part_?\d*|name_\d+)$/i;

/** Nouns of classes that a dataset's own title or description may name, singular. */
const NOUNS =
  "intent sentiment emotion species breed genre topic language speaker accent digit letter gesture flower fruit vegetable cuisine scene instrument command keyword disease polarity toxicity cultivar variety author".split(
    " ",
  );
const SPOKEN = new Set(["digit", "letter", "command", "keyword"]);

/**
 * What the classes are, as a phrase for "Predict …": from the labels themselves (spam and ham), else from a noun of
 * the dataset's own words (intents), else the labels one by one; null when nothing tells more than "the class".
 */
export function classesPhrase(labels: readonly string[], words: string, row: RowNoun): string | null {
  const plain = labels.map((label) => label.trim().toLowerCase());
  const each = `each ${row}`;
  if (plain.includes("spam") && plain.length === 2) return `whether ${each} is spam`;
  if (
    plain.length >= 2 &&
    plain.every((label) =>
      /^((very |somewhat |extremely )?(positive|negative)|neutral|mixed|pos|neg|neu)$/.test(label),
    )
  )
    return `the sentiment of ${each}`;
  const said = new Set(tokens(words).map((word) => word.replace(/(?<=[a-rt-z])s$/, "")));
  const digits = plain.length === 10 && plain.every((label) => /^\d$/.test(label));
  for (const noun of NOUNS) {
    if (!said.has(noun) || (noun === "digit" && !digits)) continue;
    if (noun !== "digit" && plain.every((label) => /^\d+$/.test(label)) && row !== "text") continue;
    if (row === "recording" && SPOKEN.has(noun)) return `the ${noun} spoken in ${each}`;
    if (row === "recording" && noun === "instrument") return `the instrument heard in ${each}`;
    if (row === "image") return `the ${noun} shown in ${each}`;
    if (row === "row" && noun !== "species" && noun !== "cultivar" && noun !== "variety") continue;
    return `the ${noun} of ${each}`;
  }
  return null;
}

/** "the class (e or p)": few short labels are told, so that a reader knows what is asked. */
export function listed(phrase: string, labels: readonly string[]): string {
  if (
    labels.length < 2 ||
    labels.length > 4 ||
    labels.some((label) => label.length > 24 || /[()"]/.test(label))
  )
    return phrase;
  return `${phrase} (${labels.slice(0, -1).join(", ")} or ${labels.at(-1)})`;
}

/** Events as nouns, by the words that tables name them by. */
const EVENTS: Readonly<Record<string, string>> = {
  survived: "survival",
  survive: "survival",
  survival: "survival",
  churn: "churn",
  churned: "churn",
  exited: "exit",
  attrition: "attrition",
  died: "death",
  death: "death",
  dead: "death",
  fraud: "fraud",
  fraudulent: "fraud",
  stroke: "stroke",
  diabetes: "diabetes",
  default: "default",
  defaulted: "default",
  purchased: "purchase",
  bought: "purchase",
  approved: "approval",
  subscribed: "subscription",
  canceled: "cancellation",
  cancelled: "cancellation",
  clicked: "clicks",
  converted: "conversion",
  admitted: "admission",
  accepted: "acceptance",
  readmitted: "readmission",
  relapse: "relapse",
  bankrupt: "bankruptcy",
  spam: "spam",
};

/** A yes or no that nothing describes: `Survived` → "survival", `is_fraud` → "fraud"; null for other names. */
export function eventPhrase(name: string): string | null {
  const words = tokens(name.replace(/^(is|has|was|did|will)(?=[_A-Z ])[_ ]?/i, ""));
  const noun = EVENTS[words.at(-1) ?? ""];
  if (noun === undefined || words.length > 3) return null;
  return humanise([...words.slice(0, -1), noun].join(" "));
}
