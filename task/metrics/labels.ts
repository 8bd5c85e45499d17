/**
 * Labels live as text in CSV files, and a CSV reader guesses types: `1` comes back as a number, `1.0` as another,
 * `True` as a boolean, `None` as nothing. What is the same here is the same in `plain_text` of a compiled metric.
 */

/** What `pandas.read_csv` takes for a missing value. */
const MISSING = new Set([
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
]);

/** True when the label comes back from a CSV file as itself: not read as missing or infinite, no odd white space. */
export function safeLabel(label: string): boolean {
  return (
    !MISSING.has(label) &&
    !/^[+-]?inf(inity)?$/i.test(label) &&
    label.length <= 200 &&
    label === label.trim() &&
    !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(label) &&
    !/^Unnamed: \d+$/.test(label)
  );
}

/** The text that a compiled metric compares: `1`, `1.0` and `01` are `1`; `TRUE` is `true`. */
export function plainText(label: string): string {
  const text = label.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  if (text.length > 300 || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return text;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace("+", "")).toString();
  const number = Number(text);
  return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}

/** Two labels that a compiled metric could not tell apart, if there are such. */
export function colliding(labels: string[]): [string, string] | null {
  const seen = new Map<string, string>();
  for (const label of labels) {
    const plain = plainText(label);
    const other = seen.get(plain);
    if (other !== undefined) return [other, label];
    seen.set(plain, label);
  }
  return null;
}

/**
 * Raw values → labels that survive a CSV file and differ from each other; values that are safe stay as they are
 * (`None` becomes `none`, an empty text `(empty)`). For authors and for the compiler of `prepare.py`.
 */
export function safeLabels(values: string[]): Map<string, string> {
  const taken = new Set(values.filter(safeLabel).map(plainText));
  const labels = new Map<string, string>();
  const given = new Set<string>();
  for (const value of values) {
    if (labels.has(value)) continue;
    const keep = safeLabel(value) && !given.has(plainText(value));
    const label = keep
      ? value
      : freshLabel(value, (text) => taken.has(plainText(text)) || given.has(plainText(text)));
    labels.set(value, label);
    given.add(plainText(label));
  }
  return labels;
}

function freshLabel(value: string, isTaken: (text: string) => boolean): string {
  const clean = value
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, 160)
    .trim();
  const lower = clean.toLowerCase();
  const start = clean === "" ? "(empty)" : safeLabel(clean) ? clean : safeLabel(lower) ? lower : `(${clean})`;
  for (let count = 1; ; count += 1) {
    const label = count === 1 ? start : `${start} (${count})`;
    if (safeLabel(label) && !isTaken(label)) return label;
  }
}
