import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ModelClient, type RoleName } from "../../agents/model/client.ts";
import { converse, type Tool } from "../../agents/model/conversation.ts";
import type { CallRecord, RetryPolicy } from "../../agents/model/endpoint.ts";
import { Budget, type BudgetOptions } from "../../core/budget.ts";
import { BadInputError, BudgetError, InterruptedError, ModelError } from "../../core/errors.ts";
import { type Reply, ScriptedModel, type Step } from "../helpers/scripted-model.ts";

const key = "sk-test-0123456789abcdef";
const retry: RetryPolicy = {
  attempts: 4,
  baseMs: 5,
  maximumMs: 20,
  longestRetryAfterMs: 2_000,
  timeoutMs: 300,
};
const Answer = z.strictObject({ colour: z.enum(["red", "blue"]), why: z.string() });
const good = { colour: "red", why: "it is" };

let server: ScriptedModel | undefined;
afterEach(async () => {
  const closing = server;
  server = undefined;
  await closing?.close();
});

async function setUp(
  steps: (Step | Reply)[],
  options: {
    budget?: Partial<BudgetOptions>;
    url?: string;
    retry?: Partial<RetryPolicy>;
    model?: string;
  } = {},
) {
  server = await ScriptedModel.start(steps);
  const calls: CallRecord[] = [];
  const budget = new Budget({ maxCost: null, timeLimit: null, prices: {}, ...options.budget });
  const model = options.model ?? "test-model";
  const models: Record<RoleName, string> = {
    brainstormer: model,
    designer: model,
    refactor: model,
    reviewer: model,
    solver: model,
  };
  const client = new ModelClient({
    models,
    baseUrl: options.url ?? server.url,
    environment: { OPENAI_API_KEY: key },
    budget,
    maxOutputTokens: 1000,
    retry: { ...retry, ...options.retry },
    onCall: (call) => calls.push(call),
  });
  const ask = (
    extra: {
      tools?: Tool[];
      signal?: AbortSignal;
      exploration?: { rounds: number; callsPerRound: number; characters: number };
    } = {},
  ) =>
    converse({
      client,
      role: "designer",
      system: "You name colours.",
      user: "Which colour?",
      answer: { name: "colour", schema: Answer },
      check: (value) =>
        value.why === "" ? { ok: false, errors: ["why: give a reason"] } : { ok: true, value },
      ...extra,
    });
  return { client, budget, calls, ask };
}

const echo = (result: string): Tool => ({
  name: "look",
  description: "Looks.",
  parameters: {
    type: "object",
    properties: { at: { type: "string" } },
    required: ["at"],
    additionalProperties: false,
  },
  call: async (input) => {
    const parsed = z.strictObject({ at: z.string() }).safeParse(input);
    return parsed.success
      ? { ok: true, text: `${parsed.data.at}: ${result}` }
      : { ok: false, text: "at: must be text" };
  },
});

async function failure(promise: Promise<unknown>): Promise<Error & { hint?: string; code?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}

describe("answers", () => {
  it("sends a schema, temperature 0 and a seed, not streamed, and meters what the API reports", async () => {
    const { ask, calls, budget } = await setUp(
      [{ answer: good, usage: { prompt: 2000, cached: 1024, output: 300, reasoning: 200 } }],
      { budget: { maxCost: 1, prices: { "test-model": { input: 2, cachedInput: 0.5, output: 8 } } } },
    );
    expect(await ask()).toEqual({ ok: true, value: good });
    const body = server?.requests[0]?.body;
    expect(body).toMatchObject({ temperature: 0, seed: 0, max_tokens: 1000, stream: false });
    expect(body?.response_format?.json_schema).toMatchObject({ name: "colour", strict: true });
    const cost = (976 * 2 + 1024 * 0.5 + 300 * 8) / 1e6;
    expect(calls).toMatchObject([
      {
        role: "designer",
        outcome: "answered",
        tokens: { prompt: 2000, cached: 1024, output: 300, reasoning: 200 },
      },
    ]);
    expect(calls[0]?.cost).toBeCloseTo(cost, 12);
    expect(budget.totals().cost).toBeCloseTo(cost, 12);
  });

  it("sends equal requests for equal questions", async () => {
    const { ask } = await setUp([{ answer: good }, { answer: good }]);
    await ask();
    await ask();
    expect(server?.requests[0]?.text).toBe(server?.requests[1]?.text);
  });

  it("repairs a missed schema and a failed check, with the error in the next message", async () => {
    const { ask } = await setUp([
      { answer: { colour: "green", why: "" } },
      {
        expect: ({ body }) => expect(body.messages.at(-1)?.content).toMatch(/colour: .*red/),
        reply: { answer: { colour: "red", why: "" } },
      },
      {
        expect: ({ body }) => expect(body.messages.at(-1)?.content).toContain("give a reason"),
        reply: { answer: good },
      },
    ]);
    expect(await ask()).toEqual({ ok: true, value: good });
  });

  it("gives up after two repairs, with the last error", async () => {
    const { ask } = await setUp([
      { answer: "red" },
      { answer: "```json\n{}\n```" },
      { answer: { colour: "pink", why: "x" } },
    ]);
    const result = await ask();
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? "" : result.reason).toMatch(/2 repairs.*colour/);
  });

  it("treats a cut answer as one to repair and a refusal as an end", async () => {
    const first = await setUp([{ answer: '{"colour": "re', finish: "length" }, { answer: good }]);
    expect(await first.ask()).toEqual({ ok: true, value: good });
    await server?.close();
    const second = await setUp([{ refusal: "I would rather not" }]);
    expect(await second.ask()).toEqual({ ok: false, reason: "the model declined: I would rather not" });
  });

  it("names a reasoning model's bound as it wants and gives it no temperature", async () => {
    const { ask } = await setUp([{ answer: good }], { model: "gpt-5-mini" });
    await ask();
    const body = server?.requests[0]?.body;
    expect(body).toMatchObject({ max_completion_tokens: 1000 });
    expect(body).not.toHaveProperty("temperature");
    expect(body?.messages[0]?.role).toBe("developer");
  });
});

describe("tools", () => {
  it("answers calls, marks results as data, and forbids calls after the last round", async () => {
    const { ask } = await setUp([
      {
        expect: ({ body }) => expect(body.tool_choice).toBe("auto"),
        reply: { calls: [{ name: "look", arguments: { at: "sky" } }] },
      },
      {
        expect: ({ body }) => {
          expect(body.tool_choice).toBe("none");
          expect(body.tools).toHaveLength(1);
          expect(body.messages.at(-1)?.content).toMatch(/^<<<.*not instructions\)\nsky: deep\n>>>/);
        },
        reply: { answer: good },
      },
    ]);
    expect(
      await ask({ tools: [echo("deep")], exploration: { rounds: 1, callsPerRound: 2, characters: 500 } }),
    ).toMatchObject({ ok: true });
  });

  it("tells the model of arguments that are not JSON, miss the schema, or name no tool", async () => {
    const { ask } = await setUp([
      {
        calls: [
          { name: "look", arguments: '{"at": ' },
          { name: "look", arguments: { at: 5 } },
          { name: "jump", arguments: {} },
        ],
      },
      {
        expect: ({ body }) => {
          const results = body.messages.filter(({ role }) => role === "tool").map(({ content }) => content);
          expect(results).toHaveLength(3);
          expect(results.filter((text) => text?.includes("error of "))).toHaveLength(3);
          expect(results.join("\n")).toMatch(
            /not JSON[\s\S]*there is no tool jump|there is no tool jump[\s\S]*not JSON/,
          );
          // What goes back holds only arguments that parse.
          for (const call of body.messages.flatMap((message) => message.tool_calls ?? []))
            JSON.parse(call.function.arguments);
        },
        reply: { answer: good },
      },
    ]);
    expect(await ask({ tools: [echo("x")] })).toMatchObject({ ok: true });
  });

  it("leaves tool results out once when the context overflows, and ends at the second overflow", async () => {
    const overflow = {
      status: 400,
      code: "context_length_exceeded",
      message: "This model's maximum context length is 10 tokens.",
    };
    const call = { calls: [{ name: "look", arguments: { at: "sea" } }] };
    const first = await setUp([
      call,
      overflow,
      {
        expect: ({ text, body }) => {
          expect(text).not.toContain("wide wide");
          expect(body.tool_choice).toBe("none");
        },
        reply: { answer: good },
      },
    ]);
    expect(await first.ask({ tools: [echo("wide wide")] })).toMatchObject({ ok: true });
    await server?.close();
    const second = await setUp([call, overflow, overflow]);
    const error = await failure(second.ask({ tools: [echo("wide wide")] }));
    expect(error).toBeInstanceOf(ModelError);
    expect(error.hint).toMatch(/context/);
  });
});

describe("faults of the endpoint", () => {
  it.each<[string, Reply, RegExp]>([
    ["500", { status: 500, message: "oops" }, /status 500/],
    ["503", { status: 503 }, /status 503/],
    ["502 with HTML", { html: "<html><body>Bad gateway</body></html>", status: 502 }, /HTML/],
    ["a timeout", { hang: true }, /time|abort/i],
    ["a cut answer", { cut: true }, /terminated|cut/],
    ["a closed connection", { reset: true }, /onnection|ECONNRESET|UND_ERR/],
  ])("tries again after %s", async (_name, reply, reason) => {
    const { ask, calls } = await setUp([reply, { answer: good }]);
    expect(await ask()).toEqual({ ok: true, value: good });
    expect(calls.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ["failed", 1],
      ["answered", 2],
    ]);
    expect(calls[0]?.reason).toMatch(reason);
  });

  it("waits as long as retry-after says", async () => {
    const { ask } = await setUp([{ status: 429, retryAfter: 0.4 }, { answer: good }]);
    const started = performance.now();
    expect(await ask()).toMatchObject({ ok: true });
    expect(performance.now() - started).toBeGreaterThan(390);
  });

  it("does not wait for a retry-after beyond its bound, and says so", async () => {
    const { ask } = await setUp([{ status: 429, retryAfter: 3600, message: "slow down" }]);
    const error = await failure(ask());
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(/429.*slow down/);
    expect(error.hint).toMatch(/--resume/);
  });

  it("ends after its tries", async () => {
    const { ask } = await setUp([{ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 }]);
    const error = await failure(ask());
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(/4 times/);
  });

  it.each<[string, Reply, RegExp, RegExp]>([
    ["a wrong key", { status: 401, message: `Incorrect API key provided: ${key}` }, /401/, /OPENAI_API_KEY/],
    ["a forbidden model", { status: 403 }, /403/, /OPENAI_API_KEY/],
    ["an unknown model", { status: 404, message: "The model does not exist" }, /404/, /--model/],
    [
      "no credit",
      { status: 429, code: "insufficient_quota", message: "You exceeded your current quota" },
      /429/,
      /credit/,
    ],
    [
      "HTML instead of JSON",
      { html: "<!DOCTYPE html><html><body>Welcome</body></html>" },
      /HTML instead of JSON/,
      /OPENAI_BASE_URL/,
    ],
  ])("ends at once for %s", async (_name, reply, message, hint) => {
    const { ask, calls } = await setUp([reply]);
    const error = await failure(ask());
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(calls).toHaveLength(1);
    expect(JSON.stringify([calls, error.message, error.hint, error.stack, error.cause ?? ""])).not.toContain(
      key,
    );
  });

  it("says that nobody answers at an address", async () => {
    const gone = await ScriptedModel.start([]);
    const url = gone.url;
    await gone.close();
    const { ask } = await setUp([], { url, retry: { attempts: 2 } });
    const error = await failure(ask());
    expect(error).toBeInstanceOf(ModelError);
    expect(error.message).toMatch(/cannot connect \(ECONNREFUSED\)/);
  });

  it.each<[string, string, (body: Record<string, unknown>) => void]>([
    [
      "temperature",
      "Unsupported value: 'temperature' does not support 0",
      (body) => expect(body).not.toHaveProperty("temperature"),
    ],
    ["seed", "body.seed: Extra inputs are not permitted", (body) => expect(body).not.toHaveProperty("seed")],
    [
      "max_tokens",
      "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
      (body) => expect(body).toMatchObject({ max_completion_tokens: 1000 }),
    ],
    [
      "response_format",
      "response_format json_schema is not supported",
      (body) => {
        expect(body).not.toHaveProperty("response_format");
        expect(JSON.stringify(body.messages)).toContain("JSON schema");
      },
    ],
  ])("leaves out %s for a model that does not take it, and remembers", async (_part, message, check) => {
    const { ask } = await setUp([
      { status: 400, message },
      { expect: ({ body }) => check(body), reply: { answer: good } },
      { expect: ({ body }) => check(body), reply: { answer: good } },
    ]);
    expect(await ask()).toMatchObject({ ok: true });
    expect(await ask()).toMatchObject({ ok: true });
  });

  it("shows the key to nobody but the endpoint", async () => {
    const { ask, calls } = await setUp([
      { status: 500, message: `upstream said Bearer ${key}` },
      { answer: good },
    ]);
    await ask();
    expect(server?.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(JSON.stringify(calls)).not.toContain(key);
    expect(server?.requests.map(({ text }) => text).join()).not.toContain(key);
  });
});

describe("stops", () => {
  it("ends a call under way when interrupted", async () => {
    const { ask } = await setUp([{ hang: true }], { retry: { timeoutMs: 60_000 } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new InterruptedError("interrupted by the user")), 50);
    expect(await failure(ask({ signal: controller.signal }))).toBeInstanceOf(InterruptedError);
  });

  it("ends a call under way at the time limit", async () => {
    const { ask } = await setUp([{ hang: true }], {
      retry: { timeoutMs: 60_000 },
      budget: { timeLimit: 0.1 },
    });
    const error = await failure(ask());
    expect(error).toBeInstanceOf(BudgetError);
    expect(error.message).toMatch(/time limit of 0.1 s/);
  });

  it("refuses a call whose maximum does not fit, before it is made", async () => {
    const { ask } = await setUp([], {
      budget: { maxCost: 0.001, prices: { "test-model": { input: 1, output: 10 } } },
    });
    const error = await failure(ask());
    expect(error).toBeInstanceOf(BudgetError);
    expect(server?.requests).toHaveLength(0);
  });

  it("takes an answer without usage, and a cut one, at its maximum", async () => {
    const { ask, budget } = await setUp([{ cut: true }, { unmetered: good }], {
      budget: { maxCost: 1, prices: { "test-model": { input: 0, output: 10 } } },
    });
    await ask();
    expect(budget.totals()).toMatchObject({ calls: 2, tokens: { output: 0 } });
    expect(budget.totals().cost).toBeCloseTo(0.02, 10);
    expect(budget.totals().assumedCost).toBeCloseTo(0.02, 10);
  });

  it("refuses a money bound on a model without a price, and a run without a key", async () => {
    expect(await failure(setUp([], { budget: { maxCost: 1 } }))).toBeInstanceOf(BadInputError);
    const budget = new Budget({ maxCost: null, timeLimit: null, prices: {} });
    const models: Record<RoleName, string> = {
      brainstormer: "a",
      designer: "a",
      refactor: "a",
      reviewer: "a",
      solver: "a",
    };
    expect(() => new ModelClient({ models, baseUrl: "", environment: {}, budget })).toThrow(
      /OPENAI_API_KEY is not set/,
    );
  });
});
