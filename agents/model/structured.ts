import { z } from "zod";
import { untrusted } from "./prompt.ts";

/** A JSON schema as it is sent. */
export type JsonSchema = Record<string, unknown>;

/** Keywords that strict structured output takes; the rest zod checks after the answer. */
const kept = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "anyOf",
  "enum",
  "const",
  "description",
]);

/**
 * The JSON schema of a zod schema for strict structured output: objects closed, every property required, nothing but
 * widely supported keywords. Throws TypeError for what strict output cannot say (optional properties, records), which
 * is a fault of the schema's author: use `.nullable()` and arrays of pairs.
 */
export function answerSchema(schema: z.ZodType): JsonSchema {
  const result = reduce(z.toJSONSchema(schema, { reused: "inline" }), "answer");
  if (!isObject(result)) throw new TypeError("the schema of an answer must be an object");
  return result;
}

function reduce(node: unknown, path: string): unknown {
  if (!isObject(node)) return node;
  const alternatives = node.oneOf ?? node.anyOf;
  const result: JsonSchema = {};
  for (const [key, value] of Object.entries(node)) {
    if (!kept.has(key)) continue;
    if (key === "properties" && isObject(value)) {
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, reduce(inner, `${path}.${name}`)]),
      );
    } else if (key === "items") result[key] = reduce(value, `${path}[]`);
    else result[key] = value;
  }
  if (Array.isArray(alternatives))
    result.anyOf = alternatives.map((inner, at) => reduce(inner, `${path}|${at}`));
  if (node.const !== undefined && result.type === undefined) result.type = "string";
  if (node.type === "object") {
    // Strict output wants the list even where it is empty.
    result.required ??= [];
    requireClosed(node, path);
  }
  return result;
}

function requireClosed(node: JsonSchema, path: string): void {
  const names = Object.keys(isObject(node.properties) ? node.properties : {});
  const required = Array.isArray(node.required) ? node.required : [];
  if (node.additionalProperties !== false)
    throw new TypeError(`${path}: strict output takes closed objects only`);
  const open = names.filter((name) => !required.includes(name));
  if (open.length > 0) throw new TypeError(`${path}: ${open.join(", ")} must be required (use .nullable())`);
}

/** A value, or what is wrong with it in words for the model. */
export type Checked<Value> = { ok: true; value: Value } | { ok: false; errors: string[] };

/** Parses and validates the text of an answer. A fence of Markdown around the JSON is forgiven. */
export function parseAnswer<Value>(text: string, schema: z.ZodType<Value>): Checked<Value> {
  let raw: unknown;
  try {
    raw = JSON.parse(withoutFence(text));
  } catch {
    const start = text.trim().slice(0, 60);
    return {
      ok: false,
      errors: [`the answer is not JSON${start === "" ? " but empty" : `; it starts: ${start}`}`],
    };
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, errors: parsed.error.issues.slice(0, 8).map(issueText) };
}

/** The message that asks for a repair. */
export function repairMessage(errors: string[]): string {
  // Errors quote names of columns and what was answered.
  const list = untrusted("errors", errors.map((error) => `- ${error}`).join("\n"));
  return `The answer cannot be used, for these reasons:\n${list}\nAnswer again, whole, with this mended.`;
}

function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1] ?? text;
}

function isObject(value: unknown): value is JsonSchema {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
