/** Names and phrases taken apart and put together again: `BackpackWeight` ↔ "backpack weight". */

/** Lower-case words of a column name or phrase: camel case, digits, dots and underscores split; `lnWage2` gives ln, wage, 2. */
export function tokens(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([A-Za-z])([0-9])/g, "$1 $2")
    .replace(/([0-9])([A-Za-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 0);
}

/** Crude singular, good enough to compare words: prices → price, classes → class, salaries → salary. */
export function singular(word: string): string {
  if (word.length <= 3 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return word === "species" || word === "series" ? word : `${word.slice(0, -3)}y`;
  if (/(ses|xes|ches|shes)$/.test(word) && !/(ases|oses|uses|ises|nses|rses)$/.test(word))
    return word.slice(0, -2);
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

/** The words of a phrase in singular, for comparing. */
export function stems(phrase: string): string[] {
  return tokens(phrase).map(singular);
}

/** Usual abbreviations in column names. */
const SHORT: Readonly<Record<string, string>> = {
  cnt: "count",
  amt: "amount",
  qty: "quantity",
  pct: "percent",
  avg: "average",
};

/** A column name as words a reader can take: `median_house_value` → "median house value", `GDP` stays. */
export function humanise(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[._\s]+/g, " ")
    .trim()
    .split(" ")
    .map((word) => (/^[A-Z][a-z]/.test(word) ? word.toLowerCase() : word))
    .map((word) => SHORT[word] ?? word)
    .join(" ");
}

/** First letter small unless the word is an acronym or a name of one capital and more capitals. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) || /^[AI] /.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Words in small letters joined by hyphens, for ids. */
export function kebab(text: string): string {
  const joined = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return joined.slice(0, 60).replace(/-+$/, "") || "x";
}

/** At most so many characters, cut between words. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const blank = cut.lastIndexOf(" ");
  return `${(blank > length / 2 ? cut.slice(0, blank) : cut).replace(/[\s,;:(–-]+$/, "")}…`;
}
