import { setTimeout as sleep } from "node:timers/promises";
import type { Budget } from "../../core/budget.ts";
import { InterruptedError, ModelError, SmithError } from "../../core/errors.ts";
import { hashValue } from "../../core/hash.ts";
import { noUsage, type TokenUsage } from "../../core/prices.ts";
import { recordSpan } from "../../core/tracing.ts";
import { fitted, isCompletion, maximumOf, requireCompletion, usageOf } from "./bodies.ts";
import type { CompletionAnswer, CompletionBody, Post } from "./completions.ts";
import { ContextOverflow, classifyFault, type Fault, type Part } from "./faults.ts";
import { Semaphore } from "./semaphore.ts";

/** One HTTP request to the endpoint, or an answer taken from the record. Never holds the key or any text. */
export interface CallRecord {
  role: string;
  model: string;
  /** 1 for the first try of a request. */
  attempt: number;
  outcome: "answered" | "recorded" | "failed";
  /** Why it failed; one line. */
  reason?: string;
  tokens: TokenUsage;
  /** Dollars, or null without a price. */
  cost: number | null;
  milliseconds: number;
}

/** Answers by the hash of their request: what makes a resumed run ask nothing twice, and a replay ask nothing. */
export interface AnswerRecord {
  get(key: string): Promise<unknown | undefined>;
  put(key: string, answer: unknown): Promise<void>;
  /** True: a request that is not recorded is an error. */
  replayOnly: boolean;
}

export interface RetryPolicy {
  /** Tries of one request, in all. */
  attempts: number;
  /** First pause; it doubles up to `maximumMs`. */
  baseMs: number;
  maximumMs: number;
  /** The longest `retry-after` that is waited for. */
  longestRetryAfterMs: number;
  /** One try, from start to the last byte of the answer. */
  timeoutMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  baseMs: 1_000,
  maximumMs: 30_000,
  longestRetryAfterMs: 120_000,
  timeoutMs: 300_000,
};

export interface EndpointOptions {
  budget: Budget;
  record: AnswerRecord | undefined;
  retry: RetryPolicy;
  /** Requests at once. */
  concurrency: number;
  /** The key, to be cut out of whatever an endpoint says. */
  apiKey: string;
  onCall: (call: CallRecord) => void;
}

/** Who asks, and how to stop it. */
export interface RequestFacts {
  role: string;
  signal?: AbortSignal;
  /** Told of every try, beside the endpoint's own listener. */
  onCall?: (call: CallRecord) => void;
}

/** Sends requests to one endpoint: bounded at once, paid from the budget, tried again as the fault calls for. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #slots: Semaphore;
  /** Parts of a request that a model turned out not to take, per model. */
  readonly #refused = new Map<string, Set<Part>>();

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#slots = new Semaphore(options.concurrency);
  }

  /**
   * @throws ModelError when no try helps or all are used up, ContextOverflow, BudgetError, InterruptedError.
   */
  async send(body: CompletionBody, post: Post, about: RequestFacts): Promise<CompletionAnswer> {
    const { role, signal } = about;
    const { record } = this.#options;
    const key = hashValue(body);
    const kept = await record?.get(key);
    if (isCompletion(kept)) {
      const tokens = usageOf(kept) ?? noUsage;
      this.#tell(about, {
        role,
        model: body.model,
        attempt: 1,
        outcome: "recorded",
        tokens,
        cost: 0,
        milliseconds: 0,
      });
      return kept;
    }
    if (record?.replayOnly) {
      throw new ModelError(`no recorded answer to this request of the ${role} (${key})`, {
        hint: "the prompt, the data or the settings differ from those of the recording",
      });
    }
    const stop =
      signal === undefined
        ? this.#options.budget.signal
        : AbortSignal.any([signal, this.#options.budget.signal]);
    const answer = await this.#slots
      .use(() => this.#tryOften(body, post, about, stop), stop)
      .catch((error: unknown) => {
        throw stop.aborted ? this.#stopped(stop, error) : error;
      });
    await record?.put(key, answer);
    return answer;
  }

  async #tryOften(
    body: CompletionBody,
    post: Post,
    about: RequestFacts,
    stop: AbortSignal,
  ): Promise<CompletionAnswer> {
    const { retry } = this.#options;
    let attempt = 1;
    for (;;) {
      const outcome = await this.#tryOnce(body, post, about, attempt, stop);
      if ("answer" in outcome) return outcome.answer;
      const { fault } = outcome;
      if (fault.kind === "unsupported" && this.#refuse(body.model, fault.part)) continue;
      if (fault.kind === "overflow")
        throw new ContextOverflow(`the request does not fit the model's context: ${fault.reason}`, {
          hint: "choose a model with a larger context, or a smaller dataset",
        });
      if (fault.kind === "unsupported")
        throw this.#failed(
          body.model,
          fault.reason,
          "the endpoint does not accept this request; another model may",
        );
      if (fault.kind === "final") throw this.#failed(body.model, fault.reason, fault.hint);
      const pause = fault.retryAfterMs ?? backoff(attempt, retry);
      if (attempt >= retry.attempts || pause > retry.longestRetryAfterMs) {
        const tries = attempt === 1 ? "at the first try" : `${attempt} times`;
        throw this.#failed(
          body.model,
          `failed ${tries}, last: ${fault.reason}`,
          "try again later with --resume; what was done is kept",
        );
      }
      await sleep(pause, undefined, { signal: stop });
      attempt += 1;
    }
  }

  async #tryOnce(
    wanted: CompletionBody,
    post: Post,
    about: RequestFacts,
    attempt: number,
    stop: AbortSignal,
  ): Promise<{ answer: CompletionAnswer } | { fault: Fault }> {
    const { budget, retry } = this.#options;
    const body = fitted(wanted, this.#refused.get(wanted.model));
    const reservation = await budget.reserve(maximumOf(body), stop);
    const started = performance.now();
    const call = { role: about.role, model: body.model, attempt };
    try {
      const answer = await post(body, AbortSignal.any([stop, AbortSignal.timeout(retry.timeoutMs)]));
      const milliseconds = Math.round(performance.now() - started);
      requireCompletion(answer);
      const tokens = usageOf(answer);
      const cost = tokens === null ? reservation.settleAtMaximum() : reservation.settle(tokens);
      this.#tell(about, { ...call, outcome: "answered", tokens: tokens ?? noUsage, cost, milliseconds });
      return { answer };
    } catch (error) {
      const milliseconds = Math.round(performance.now() - started);
      const fault = stop.aborted ? interrupted : classifyFault(error, (text) => this.#scrub(text));
      const billed = fault.kind === "transient" && fault.reached;
      const cost = billed ? reservation.settleAtMaximum() : 0;
      reservation.release();
      this.#tell(about, {
        ...call,
        outcome: "failed",
        reason: fault.reason,
        tokens: noUsage,
        cost,
        milliseconds,
      });
      if (stop.aborted) throw error;
      return { fault };
    }
  }

  /** True when the part was not known to be refused, so that a request without it is worth a try. */
  #refuse(model: string, part: Part): boolean {
    const refused = this.#refused.get(model) ?? new Set();
    if (refused.has(part)) return false;
    this.#refused.set(model, refused.add(part));
    return true;
  }

  #tell(about: RequestFacts, call: CallRecord): void {
    recordCall(call);
    this.#options.onCall(call);
    about.onCall?.(call);
  }

  #failed(model: string, reason: string, hint: string): ModelError {
    // Without `cause`: what a client throws may hold more of the request than belongs in a log.
    return new ModelError(this.#scrub(`model ${model}: ${reason}`), { hint });
  }

  /** The error of a time limit or of the user's interrupt, in place of the abort that it caused. */
  #stopped(stop: AbortSignal, error: unknown): unknown {
    const { budget } = this.#options;
    if (budget.signal.aborted) return budget.signal.reason;
    return stop.reason instanceof SmithError
      ? stop.reason
      : new InterruptedError("interrupted", { cause: error });
  }

  #scrub(text: string): string {
    const { apiKey } = this.#options;
    const known = apiKey.length < 4 ? text : text.replaceAll(apiKey, "[key]");
    return known.replace(/\b(sk|pk|key)-[\w*-]{4,}/g, "[key]");
  }
}

/** The call as a span, by the names of OpenTelemetry's conventions for generative models: sizes and names, no text. */
function recordCall({ role, model, attempt, outcome, tokens, cost, milliseconds }: CallRecord): void {
  recordSpan(`chat ${model}`, {
    kind: "client",
    startedAt: Date.now() - milliseconds,
    ...(outcome === "failed" ? { failed: "model_call_failed" } : {}),
    facts: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": model,
      "gen_ai.usage.input_tokens": tokens.prompt,
      "gen_ai.usage.output_tokens": tokens.output,
      "smith.cached_tokens": tokens.cached,
      "smith.reasoning_tokens": tokens.reasoning,
      "smith.role": role,
      "smith.attempt": attempt,
      "smith.outcome": outcome,
      "smith.cost": cost,
    },
  });
}

const interrupted: Fault = { kind: "transient", reason: "interrupted", retryAfterMs: null, reached: true };

/** Pause before the next try: exponential, with the upper half random so that parallel callers spread. */
function backoff(attempt: number, { baseMs, maximumMs }: RetryPolicy): number {
  const full = Math.min(maximumMs, baseMs * 2 ** (attempt - 1));
  return full / 2 + (Math.random() * full) / 2;
}
