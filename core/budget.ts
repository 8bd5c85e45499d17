import { z } from "zod";
import { BadInputError, BudgetError } from "./errors.ts";
import { addUsage, costOf, noUsage, type Prices, TokenUsage } from "./prices.ts";

/** What a run has used so far; kept with the run, so that a resumed run goes on from it. */
export const BudgetTotals = z.strictObject({
  calls: z.int().nonnegative(),
  tokens: TokenUsage,
  /** Dollars; calls of models without a price are not in it and counted in `unpricedCalls`. */
  cost: z.number().nonnegative(),
  unpricedCalls: z.int().nonnegative(),
  /** Part of `cost` whose usage the endpoint never reported (timeout, cut answer), taken at its maximum. */
  assumedCost: z.number().nonnegative(),
  /** Wall seconds of earlier sittings of the run and of this one. */
  seconds: z.number().nonnegative(),
});
export type BudgetTotals = z.infer<typeof BudgetTotals>;

export interface BudgetOptions {
  /** Dollars for the whole run; null: no bound. */
  maxCost: number | null;
  /** Wall seconds for the whole run; null: no bound. */
  timeLimit: number | null;
  prices: Prices;
  /** Totals of earlier sittings of a resumed run. */
  spent?: BudgetTotals;
}

/** The most that one call can use: prompt tokens and tokens of the answer. */
export interface CallMaximum {
  model: string;
  promptTokens: number;
  outputTokens: number;
}

/** Money set aside for a call under way. Exactly one of its ends takes effect; later ones do nothing. */
export interface Reservation {
  /** Books what the endpoint reported and returns the dollars, null without a price. */
  settle(usage: TokenUsage): number | null;
  /** Books the maximum: the call reached the endpoint, but what it used is unknown. */
  settleAtMaximum(): number | null;
  /** Books nothing: the endpoint did not take the call. */
  release(): void;
}

/**
 * Bounds money and time of a run over all its concurrent calls. A call's maximum is set aside before it is made, so
 * that the bound holds whatever calls under way turn out to use.
 */
export class Budget {
  readonly #options: BudgetOptions;
  /** Since when the clock runs; null while it stands. */
  #running: number | null = performance.now();
  /** Seconds of this sitting before it last stood. */
  #counted = 0;
  readonly #deadline = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #totals: BudgetTotals;
  #reserved = 0;
  #open = 0;
  /** Calls that wait, in order, for reservations under way to settle. */
  #waiting: (() => void)[] = [];

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#totals = options.spent ?? {
      calls: 0,
      tokens: noUsage,
      cost: 0,
      unpricedCalls: 0,
      assumedCost: 0,
      seconds: 0,
    };
    this.#arm();
  }

  /** Stops the clock, while nothing is worked on. */
  pause(): void {
    this.#counted = this.#sitting();
    this.#running = null;
    clearTimeout(this.#timer);
  }

  /** Lets the clock run on. */
  resume(): void {
    if (this.#running !== null) return;
    this.#running = performance.now();
    this.#arm();
  }

  /** Aborted, with a BudgetError as reason, when the time limit is reached. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Seconds left, or null without a limit. */
  get secondsLeft(): number | null {
    return this.#options.timeLimit === null ? null : Math.max(0, this.#options.timeLimit - this.#seconds());
  }

  /** Throws BadInputError when money is bounded and a model that will be called has no price. */
  requirePrices(models: Iterable<string>): void {
    if (this.#options.maxCost === null) return;
    for (const model of models) {
      if (this.#options.prices[model] !== undefined) continue;
      throw new BadInputError(`--max-cost needs a price for the model ${model}, and none is configured`, {
        hint: `add prices: {"${model}": {input: …, output: …}} (US dollars per million tokens) to the configuration, or leave --max-cost out`,
      });
    }
  }

  /**
   * Sets the maximum of a call aside. Waits while it fits only when calls under way use less than theirs.
   * Throws BudgetError when it does not fit, or when the time is over; BadInputError as requirePrices;
   * the signal's reason when aborted.
   */
  async reserve(call: CallMaximum, signal?: AbortSignal): Promise<Reservation> {
    this.requirePrices([call.model]);
    const price = this.#options.prices[call.model];
    const maximum = { ...noUsage, prompt: call.promptTokens, output: call.outputTokens };
    const amount = costOf(price, maximum) ?? 0;
    for (;;) {
      signal?.throwIfAborted();
      if (this.#deadline.signal.aborted) throw this.#timeError();
      const left = this.#left();
      if (amount <= left) break;
      if (this.#open === 0) throw this.#costError(call.model, amount, left);
      await this.#settled(signal);
    }
    return this.#hold(call.model, amount, maximum);
  }

  /** What was used so far, calls under way not included. */
  totals(): BudgetTotals {
    return { ...this.#totals, tokens: { ...this.#totals.tokens }, seconds: this.#seconds() };
  }

  /** Stops the clock for good. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const { secondsLeft } = this;
    if (secondsLeft === null) return;
    // A timer holds at most 2^31 - 1 ms: longer limits end no run of ours.
    this.#timer = setTimeout(
      () => {
        this.#deadline.abort(this.#timeError());
        this.#wake();
      },
      Math.min(secondsLeft * 1000, 2_147_483_647),
    );
    this.#timer.unref();
  }

  #hold(model: string, amount: number, maximum: TokenUsage): Reservation {
    this.#reserved += amount;
    this.#open += 1;
    let ended = false;
    const end = (usage: TokenUsage | null, assumed: boolean): number | null => {
      const cost = usage === null ? null : costOf(this.#options.prices[model], usage);
      if (ended) return cost;
      ended = true;
      this.#reserved -= amount;
      this.#open -= 1;
      if (this.#open === 0) this.#reserved = 0; // no drift by rounding
      if (usage !== null) this.#book(usage, cost, assumed);
      this.#wake();
      return cost;
    };
    return {
      settle: (usage) => end(usage, false),
      settleAtMaximum: () => end(maximum, true),
      release: () => void end(null, false),
    };
  }

  /** Lets every waiting call look again. */
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #book(usage: TokenUsage, cost: number | null, assumed: boolean): void {
    const totals = this.#totals;
    this.#totals = {
      ...totals,
      calls: totals.calls + 1,
      // An assumed maximum is money at risk, not tokens that anybody counted.
      tokens: assumed ? totals.tokens : addUsage(totals.tokens, usage),
      cost: totals.cost + (cost ?? 0),
      unpricedCalls: totals.unpricedCalls + (cost === null ? 1 : 0),
      assumedCost: totals.assumedCost + (assumed ? (cost ?? 0) : 0),
    };
  }

  #left(): number {
    if (this.#options.maxCost === null) return Number.POSITIVE_INFINITY;
    return this.#options.maxCost - this.#totals.cost - this.#reserved;
  }

  /** Resolves when some reservation ends, or at the deadline or the caller's abort (which the loop then sees). */
  async #settled(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.push(wake);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  #seconds(): number {
    return (this.#options.spent?.seconds ?? 0) + this.#sitting();
  }

  #sitting(): number {
    return this.#counted + (this.#running === null ? 0 : (performance.now() - this.#running) / 1000);
  }

  #timeError(): BudgetError {
    return new BudgetError(`the time limit of ${this.#options.timeLimit} s is reached`, {
      hint: "raise --time-limit and go on with --resume",
    });
  }

  #costError(model: string, amount: number, left: number): BudgetError {
    const dollars = (value: number) => `$${value.toFixed(4)}`;
    return new BudgetError(
      `a call of ${model} may cost up to ${dollars(amount)}, and ${dollars(Math.max(0, left))} of --max-cost ${dollars(this.#options.maxCost ?? 0)} is left`,
      { hint: "raise --max-cost and go on with --resume" },
    );
  }
}
