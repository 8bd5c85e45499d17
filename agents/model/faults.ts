import { ModelError } from "../../core/errors.ts";

/** What a failed request calls for. */
export type Fault =
  /** Worth another try; `retryAfterMs` when the endpoint said when. `reached`: it may have been worked on and billed. */
  | { kind: "transient"; reason: string; retryAfterMs: number | null; reached: boolean }
  /** The prompt does not fit the model's context. */
  | { kind: "overflow"; reason: string }
  /** The endpoint does not know a part of the request that can be left out. */
  | { kind: "unsupported"; part: Part; reason: string }
  /** No try will help. */
  | { kind: "final"; reason: string; hint: string };

/** Parts of a request that not every endpoint or model takes. */
export type Part = "temperature" | "seed" | "max_tokens" | "strict" | "response_format";

/** Thrown to the conversation, which can shrink what it sends. */
export class ContextOverflow extends ModelError {}

/** Thrown for an answer with status 200 that is not a chat completion. */
export class NotACompletion extends Error {
  readonly transient: boolean;
  constructor(message: string, transient: boolean) {
    super(message);
    this.transient = transient;
  }
}

/** Sorts what a request threw. `text` must be free of the key. */
export function classifyFault(error: unknown, scrub: (text: string) => string): Fault {
  if (error instanceof NotACompletion) {
    return error.transient
      ? { kind: "transient", reason: error.message, retryAfterMs: null, reached: true }
      : { kind: "final", reason: error.message, hint: hints.address };
  }
  const status = numberAt(error, "status");
  // The OpenAI client puts the status before the endpoint's words.
  const message = scrub(messageOf(error))
    .replace(/^\d{3} /, "")
    .slice(0, 300);
  if (status === undefined) return classifyBroken(error, message);
  const reason = looksLikeHtml(message)
    ? `status ${status} with a page of HTML`
    : `status ${status}: ${message}`;
  if (isOverflow(error, message)) return { kind: "overflow", reason };
  if (status === 401 || status === 403) return { kind: "final", reason, hint: hints.key };
  if (status === 404) return { kind: "final", reason, hint: hints.name };
  if (status === 429 && isOutOfQuota(error, message)) return { kind: "final", reason, hint: hints.quota };
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return { kind: "transient", reason, retryAfterMs: retryAfter(error), reached: gatewayStatus.has(status) };
  }
  if (status === 400 || status === 422) {
    const part = unsupportedPart(message);
    if (part !== undefined) return { kind: "unsupported", part, reason };
  }
  return { kind: "final", reason, hint: hints.refused };
}

/** A gateway gave up waiting: the model behind it may have answered, and billed, all the same. */
const gatewayStatus = new Set([502, 504, 524]);

const hints = {
  key: "check OPENAI_API_KEY, and that it may use this model at this address",
  name: "check the name of the model (--model) and the address (OPENAI_BASE_URL, which usually ends in /v1)",
  address:
    "check OPENAI_BASE_URL: it must be the address of an OpenAI-compatible API, which usually ends in /v1",
  quota: "the account has no credit left; add some, or choose another key or model, and go on with --resume",
  refused: "the endpoint does not accept this request; another model may",
};

/** The request got no answer: refused, timed out, cut, or not readable. */
function classifyBroken(error: unknown, message: string): Fault {
  const chain = [error, causeOf(error), causeOf(causeOf(error))];
  const codes = chain.map((link) => textAt(link, "code") ?? "");
  const names = chain.map((link) => (link instanceof Error ? link.constructor.name : ""));
  const neverSent = codes.some((code) =>
    ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(code),
  );
  if (
    codes.some(
      (code) => code.startsWith("CERT_") || code.includes("SELF_SIGNED") || code === "ERR_INVALID_URL",
    )
  ) {
    return { kind: "final", reason: message, hint: hints.address };
  }
  if (names.includes("SyntaxError")) {
    return { kind: "transient", reason: "the answer is cut or not JSON", retryAfterMs: null, reached: true };
  }
  const detail = codes.find((code) => code !== "") ?? "";
  const reason = neverSent
    ? `cannot connect (${detail})`
    : detail === ""
      ? message
      : `${message} (${detail})`;
  return { kind: "transient", reason, retryAfterMs: null, reached: !neverSent };
}

function isOverflow(error: unknown, message: string): boolean {
  return (
    textAt(error, "code") === "context_length_exceeded" ||
    numberAt(error, "status") === 413 ||
    /context[_ ]length|context window|maximum context|too many tokens|prompt is too long|input tokens exceed/i.test(
      message,
    )
  );
}

function isOutOfQuota(error: unknown, message: string): boolean {
  return (
    textAt(error, "code") === "insufficient_quota" ||
    /insufficient[_ ]quota|out of credits|credit balance/i.test(message)
  );
}

/** Endpoints word it in many ways; all name the field. Order: the most specific first. */
function unsupportedPart(message: string): Part | undefined {
  if (
    !/unsupported|not support|unknown|unrecognized|unexpected|not permitted|extra (fields|inputs)|invalid|not allowed/i.test(
      message,
    )
  )
    return undefined;
  if (/max_completion_tokens|max_tokens/i.test(message)) return "max_tokens";
  if (/temperature/i.test(message)) return "temperature";
  if (/\bseed\b/i.test(message)) return "seed";
  if (/response_format|json_schema|structured output/i.test(message)) return "response_format";
  if (/\bstrict\b/i.test(message)) return "strict";
  return undefined;
}

/** Milliseconds of `retry-after-ms` or `retry-after` (seconds or an HTTP date). */
function retryAfter(error: unknown): number | null {
  const headers =
    error !== null && typeof error === "object" && "headers" in error ? error.headers : undefined;
  if (!(headers instanceof Headers)) return null;
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = headers.get("retry-after");
  if (text === null) return null;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

export function looksLikeHtml(text: string): boolean {
  return /<(!doctype html|html|head|body)\b/i.test(text.slice(0, 500));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function numberAt(value: unknown, key: "status"): number | undefined {
  if (value === null || typeof value !== "object" || !(key in value)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "number" ? found : undefined;
}

function textAt(value: unknown, key: "code"): string | undefined {
  if (value === null || typeof value !== "object" || !(key in value)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "string" ? found : undefined;
}
