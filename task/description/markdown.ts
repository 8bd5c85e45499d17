/** One line: white space collapsed, characters that do not show or that turn text around left out. */
export function oneLine(text: string, length = 400): string {
  const line = text
    .replace(/\s+/g, " ")
    .replace(/[\p{C}\u2028\u2029]/gu, "")
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

/** Text of data as Markdown prose or table cell: nothing in it is markup, HTML, a link or a cell border. */
export function escaped(text: string, length?: number): string {
  return oneLine(text, length)
    .replace(/[\\`*[\]<>|~$]/g, "\\$&")
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\_")
    .replace(/&(?=[#A-Za-z])/g, "&amp;")
    .replace(/^([#+-]|\d+[.)])(?=\s|$)/, "\\$1");
}

/** A name or value of the data as a code span that stays one, in tables too. */
export function code(text: string, length = 120): string {
  const line = oneLine(text, length).replaceAll("|", "\\|");
  if (line === "") return "(blank)";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Paragraphs by an author who is not trusted with markup: headings, HTML, images and fences lose their force. */
export function prose(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{C}\n]/gu, "")
    .replace(/^\s*(#{1,6}\s+|```.*|~~~.*|={3,}|-{3,})/gm, "")
    .replace(/<(?=[A-Za-z/!?])/g, "&lt;")
    .replace(/!\[/g, "[")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** A Markdown table; cells are Markdown already. */
export function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Whole numbers with separators: 15,480. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** `1 row`, `2 rows`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A measured number: as it is when short, else with six significant digits; what is left of arithmetic (49.000001) is left out. */
export function figure(number: number): string {
  const whole = String(number);
  const rounded = Number(number.toPrecision(6));
  return whole.length <= 10 && Math.abs(number - rounded) > 1e-7 * Math.abs(number) ? whole : String(rounded);
}

/** A share as a percentage that is never rounded to nothing or to all. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return share === 0 ? "0%" : "100%";
  const shown = (share * 100).toFixed(share < 0.01 || share > 0.99 ? 2 : 1).replace(/\.?0+$/, "");
  return shown === "0" ? "under 0.01%" : shown === "100" ? "over 99.99%" : `${shown}%`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[], last = "and"): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}
