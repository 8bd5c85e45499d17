import { z } from "zod";

/** US dollars per million tokens of one model. */
export const Price = z.strictObject({
  input: z.number().nonnegative(),
  /** Prompt tokens that the endpoint had in its cache; as `input` when not given. */
  cachedInput: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});
export type Price = z.infer<typeof Price>;

/** Model name → price. Nothing is assumed of a model that is not listed. */
export type Prices = Record<string, Price>;

/** Tokens of one or many calls, as the endpoint counted them. */
export const TokenUsage = z.strictObject({
  /** Prompt tokens, cached ones included. */
  prompt: z.int().nonnegative(),
  cached: z.int().nonnegative(),
  /** Tokens of the answer, reasoning included. */
  output: z.int().nonnegative(),
  reasoning: z.int().nonnegative(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** Dollars that `usage` costs, or null for a model without a price. */
export function costOf(price: Price | undefined, usage: TokenUsage): number | null {
  if (price === undefined) return null;
  const fresh = Math.max(0, usage.prompt - usage.cached);
  const cachedPrice = price.cachedInput ?? price.input;
  return (fresh * price.input + usage.cached * cachedPrice + usage.output * price.output) / 1_000_000;
}

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    prompt: a.prompt + b.prompt,
    cached: a.cached + b.cached,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

export const noUsage: TokenUsage = { prompt: 0, cached: 0, output: 0, reasoning: 0 };
