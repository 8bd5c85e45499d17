import type { TokenUsage } from "../../core/prices.ts";
import type { CompletionAnswer, CompletionBody } from "./completions.ts";
import { looksLikeHtml, NotACompletion, type Part } from "./faults.ts";

/**
 * An upper bound of what a request can use. A token of a byte-level tokenizer stands for at least one byte, and what
 * the endpoint adds to a message is shorter than the JSON around it: the bytes of the body bound the prompt.
 */
export function maximumOf(body: CompletionBody): {
  model: string;
  promptTokens: number;
  outputTokens: number;
} {
  const outputTokens = body.max_completion_tokens ?? body.max_tokens ?? 0;
  return { model: body.model, promptTokens: Buffer.byteLength(JSON.stringify(body)), outputTokens };
}

/** The request without what its model does not take. */
export function fitted(body: CompletionBody, refused: Set<Part> | undefined): CompletionBody {
  if (refused === undefined) return body;
  const result = { ...body };
  if (refused.has("temperature")) delete result.temperature;
  if (refused.has("seed")) delete result.seed;
  if (refused.has("max_tokens")) {
    const { max_tokens: older, max_completion_tokens: newer } = body;
    delete result.max_tokens;
    delete result.max_completion_tokens;
    if (newer === undefined || newer === null) result.max_completion_tokens = older;
    else result.max_tokens = newer;
  }
  if (refused.has("strict") && result.tools !== undefined) {
    result.tools = result.tools.map((tool) =>
      tool.type === "function" ? { ...tool, function: { ...tool.function, strict: false } } : tool,
    );
  }
  if (refused.has("response_format") && result.response_format?.type === "json_schema") {
    const schema = JSON.stringify(result.response_format.json_schema.schema);
    delete result.response_format;
    const text = `Answer with one JSON object that fits this JSON schema, and nothing else:\n${schema}`;
    result.messages = [...result.messages, { role: "user", content: text }];
  }
  return result;
}

export function usageOf(answer: CompletionAnswer): TokenUsage | null {
  const usage = answer.usage;
  if (typeof usage?.prompt_tokens !== "number" || typeof usage.completion_tokens !== "number") return null;
  return {
    prompt: usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
    output: usage.completion_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}

export function isCompletion(answer: unknown): answer is CompletionAnswer {
  if (answer === null || typeof answer !== "object" || !("choices" in answer)) return false;
  const { choices } = answer;
  return (
    Array.isArray(choices) &&
    choices.length > 0 &&
    choices.every((choice) => typeof choice?.message === "object")
  );
}

export function requireCompletion(answer: unknown): asserts answer is CompletionAnswer {
  if (isCompletion(answer)) return;
  if (typeof answer === "string" && looksLikeHtml(answer)) {
    throw new NotACompletion("the endpoint answered with a page of HTML instead of JSON", false);
  }
  if (typeof answer === "string")
    throw new NotACompletion("the endpoint answered with text that is not JSON", true);
  throw new NotACompletion("the endpoint answered with JSON that is not a chat completion", true);
}
