import type { z } from "zod";

type Json = ReturnType<z.ZodJSONSchema["parse"]>;

/** Text as a Python string literal; characters that do not show, or that turn the text around, are escaped. */
export function pythonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const WIDTH = 110;

/** A JSON value as a Python literal; what does not fit in a line is broken: plain lists are filled, others one item a line. */
export function pythonLiteral(value: Json, indent = 0, used = indent): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonText(value);
  if (!Array.isArray(value)) return pythonMapping(Object.entries(value), indent, used);
  const flat = `[${value.map((item) => pythonLiteral(item, 0, -10_000)).join(", ")}]`;
  if (used + flat.length <= WIDTH) return flat;
  const pad = " ".repeat(indent + 4);
  const body =
    value.length > 8 && value.every((item) => item === null || typeof item !== "object")
      ? filled(
          value.map((item) => pythonLiteral(item)),
          pad,
        )
      : value.map((item) => `${pad}${pythonLiteral(item, indent + 4, indent + 5)},`).join("\n");
  return `[\n${body}\n${" ".repeat(indent)}]`;
}

/** Keys and values, in the given order, as a Python literal. (An object would put keys such as "1" before "-1".) */
export function pythonMapping(
  entries: readonly (readonly [key: string, value: Json])[],
  indent = 0,
  used = indent,
): string {
  const items = entries.map(([key, item]): [string, Json] => [`${pythonText(key)}: `, item]);
  const flat = `{${items.map(([key, item]) => key + pythonLiteral(item, 0, -10_000)).join(", ")}}`;
  if (used + flat.length <= WIDTH) return flat;
  const pad = " ".repeat(indent + 4);
  const lines = items.map(
    ([key, item]) => `${pad}${key}${pythonLiteral(item, indent + 4, indent + 5 + key.length)},`,
  );
  return `{\n${lines.join("\n")}\n${" ".repeat(indent)}}`;
}

/** Items in lines of the usual width. */
function filled(items: readonly string[], pad: string): string {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length + 2 <= WIDTH)
      lines[lines.length - 1] = `${last} ${item},`;
    else lines.push(`${pad}${item},`);
  }
  return lines.join("\n");
}

/** Text that is safe inside a docstring or a comment: one line, no quotes that end it, no backslash. */
export function pythonRemark(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}\s]+/gu, " ")
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .trim();
}
