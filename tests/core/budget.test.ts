import { describe, expect, it } from "vitest";
import { Budget, BudgetTotals } from "../../core/budget.ts";
import { BadInputError, BudgetError } from "../../core/errors.ts";
import { costOf } from "../../core/prices.ts";

const prices = { m: { input: 1, output: 10 } };
const call = { model: "m", promptTokens: 100_000, outputTokens: 40_000 }; // $0.50 at most
const usage = (output: number) => ({ prompt: 0, cached: 0, output, reasoning: 0 });

describe("cost of a call", () => {
  it("takes cached tokens at their own price, or as fresh ones without it", () => {
    const used = { prompt: 1_000_000, cached: 500_000, output: 100_000, reasoning: 50_000 };
    expect(costOf({ input: 2, cachedInput: 1, output: 10 }, used)).toBeCloseTo(1 + 0.5 + 1, 12);
    expect(costOf({ input: 2, output: 10 }, used)).toBeCloseTo(3, 12);
    expect(costOf(undefined, used)).toBeNull();
  });
});

describe("money", () => {
  it("makes a call wait for others that may leave room, and lets it go when they did", async () => {
    const budget = new Budget({ maxCost: 1, timeLimit: null, prices });
    const [first, second] = [await budget.reserve(call), await budget.reserve(call)];
    let third: Awaited<ReturnType<Budget["reserve"]>> | undefined;
    const waiting = budget.reserve(call).then((reservation) => {
      third = reservation;
    });
    first.settle(usage(20_000)); // $0.20 of $0.50: $0.30 are left beside the second, too little
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(third).toBeUndefined();
    second.settle(usage(10_000)); // $0.10: $0.70 are left
    await waiting;
    third?.settle(usage(30_000));
    expect(budget.totals().cost).toBeCloseTo(0.6, 12);
    await expect(budget.reserve(call)).rejects.toThrow(BudgetError);
  });

  it("never lets concurrent calls pass the bound, whatever they use", async () => {
    const budget = new Budget({ maxCost: 2, timeLimit: null, prices });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, at) => {
        const reservation = await budget.reserve(call);
        await new Promise((resolve) => setTimeout(resolve, at % 3));
        reservation.settle({ ...usage(30_000 + (at % 2) * 10_000), prompt: 100_000 });
      }),
    );
    expect(budget.totals().cost).toBeLessThanOrEqual(2 + 1e-9);
    const failed = outcomes.filter(({ status }) => status === "rejected");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length + budget.totals().calls).toBe(20);
  });

  it("counts a reservation once, whatever is done to it later", async () => {
    const budget = new Budget({ maxCost: 1, timeLimit: null, prices });
    const reservation = await budget.reserve(call);
    expect(reservation.settle(usage(1000))).toBeCloseTo(0.01, 12);
    reservation.settleAtMaximum();
    reservation.release();
    expect(budget.totals()).toMatchObject({ calls: 1, assumedCost: 0 });
  });

  it("goes on from earlier totals, which survive JSON", async () => {
    const earlier = new Budget({ maxCost: 1, timeLimit: null, prices });
    (await earlier.reserve(call)).settle(usage(80_000));
    const spent = BudgetTotals.parse(JSON.parse(JSON.stringify(earlier.totals())));
    const budget = new Budget({ maxCost: 1, timeLimit: null, prices, spent });
    await expect(budget.reserve(call)).rejects.toThrow(/\$0\.2000 of --max-cost \$1\.0000 is left/);
    expect(
      (await new Budget({ maxCost: 2, timeLimit: null, prices, spent }).reserve(call)).settle(usage(0)),
    ).toBe(0);
  });

  it("refuses a model without a price under a bound, and counts it without one", async () => {
    const bounded = new Budget({ maxCost: 1, timeLimit: null, prices });
    expect(() => bounded.requirePrices(["m", "other"])).toThrow(BadInputError);
    await expect(bounded.reserve({ ...call, model: "other" })).rejects.toThrow(/no|none/);
    const free = new Budget({ maxCost: null, timeLimit: null, prices: {} });
    (await free.reserve(call)).settle(usage(10));
    expect(free.totals()).toMatchObject({ cost: 0, unpricedCalls: 1, tokens: { output: 10 } });
  });
});

describe("time", () => {
  it("ends at the limit: its signal, calls that wait, and calls to come", async () => {
    const budget = new Budget({ maxCost: 0.5, timeLimit: 0.05, prices });
    await budget.reserve(call);
    await expect(budget.reserve(call)).rejects.toThrow(/time limit of 0.05 s/);
    expect(budget.signal.reason).toBeInstanceOf(BudgetError);
    await expect(budget.reserve({ ...call, promptTokens: 0, outputTokens: 0 })).rejects.toThrow(BudgetError);
  });

  it("counts earlier sittings", () => {
    const tokens = { prompt: 0, cached: 0, output: 0, reasoning: 0 };
    const spent = { calls: 0, tokens, cost: 0, unpricedCalls: 0, assumedCost: 0, seconds: 90 };
    const budget = new Budget({ maxCost: null, timeLimit: 100, prices, spent });
    expect(budget.secondsLeft).toBeGreaterThan(9);
    expect(budget.secondsLeft).toBeLessThan(10.001);
    budget.close();
  });

  it("wakes a waiting call when its caller gives up", async () => {
    const budget = new Budget({ maxCost: 0.5, timeLimit: null, prices });
    await budget.reserve(call);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 10);
    await expect(budget.reserve(call, controller.signal)).rejects.toThrow("enough");
  });
});
