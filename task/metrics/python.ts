/** A Python string literal: JSON's escapes are Python's too; what a terminal might act on is escaped. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (character) =>
    [...character].map(escaped).join(""),
  );
}

/** A Python list of strings; one item a line when it is long. */
export function pythonStrings(texts: string[]): string {
  const items = texts.map(pythonString);
  const line = `[${items.join(", ")}]`;
  return line.length <= 100 ? line : `[\n${items.map((item) => `    ${item},\n`).join("")}]`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
