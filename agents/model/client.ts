import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatOpenAI, type ChatOpenAIFields } from "@langchain/openai";
import type { Budget } from "../../core/budget.ts";
import { BadInputError } from "../../core/errors.ts";
import { type CompletionAnswer, PlainCompletions } from "./completions.ts";
import {
  type AnswerRecord,
  type CallRecord,
  defaultRetryPolicy,
  Endpoint,
  type RetryPolicy,
} from "./endpoint.ts";
import type { JsonSchema } from "./structured.ts";

/** Roles whose words become a task. */
export type AuthorRole = "brainstormer" | "designer" | "refactor" | "reviewer";
export type RoleName = AuthorRole | "solver";

export interface ModelClientOptions {
  /** Model per role. */
  models: Record<RoleName, string>;
  /** Base URL of an OpenAI-compatible API; empty: the OpenAI client's default. */
  baseUrl: string;
  /** Holds OPENAI_API_KEY: the only place from which a key is read. */
  environment: NodeJS.ProcessEnv;
  budget: Budget;
  /** Tokens of one answer, reasoning included, at most, in place of what roles ask for; set aside for each call. */
  maxOutputTokens?: number;
  /** Requests at once. */
  concurrency?: number;
  seed?: number;
  retry?: Partial<RetryPolicy>;
  record?: AnswerRecord;
  onCall?: (call: CallRecord) => void;
}

/** A function that the model may call, as it is sent. */
export interface ToolDeclaration {
  name: string;
  description: string;
  parameters: JsonSchema;
}

export interface CompletionRequest {
  role: RoleName;
  messages: BaseMessage[];
  tools?: ToolDeclaration[];
  /** `none` forbids calls without changing the declared tools, which are part of the cached prefix. */
  toolChoice?: "auto" | "none";
  /** Name and schema of the answer. */
  answer: { name: string; schema: JsonSchema };
  /** Tokens of the answer, at most, reasoning not included. */
  outputTokens?: number;
  signal?: AbortSignal;
  /** Told of every try of this request. */
  onCall?: (call: CallRecord) => void;
}

export interface ToolCall {
  id: string;
  name: string;
  /** Parsed arguments, or why they could not be parsed. */
  input: { ok: true; arguments: unknown } | { ok: false; error: string };
}

export interface Completion {
  text: string;
  toolCalls: ToolCall[];
  /** The model's words when it declines to answer. */
  refusal: string | null;
  /** The answer reached the bound on its tokens and is not whole. */
  cut: boolean;
  /** The message as it goes back into the conversation. */
  message: AIMessage;
}

/** Asks models over the Chat Completions API. One client serves a whole run. */
export class ModelClient {
  readonly #options: ModelClientOptions;
  readonly #endpoint: Endpoint;
  readonly #apiKey: string;

  /** @throws BadInputError without a key or, under a money budget, without a price of each model. */
  constructor(options: ModelClientOptions) {
    const replayOnly = options.record?.replayOnly ?? false;
    const key = options.environment.OPENAI_API_KEY ?? "";
    if (key === "" && !replayOnly) {
      throw new BadInputError("OPENAI_API_KEY is not set, and a model plays a role", {
        hint: "export OPENAI_API_KEY (any text for an endpoint that needs none), or let rules play: --model rules",
      });
    }
    options.budget.requirePrices(Object.values(options.models));
    this.#options = options;
    this.#apiKey = key === "" ? "replay" : key;
    this.#endpoint = new Endpoint({
      budget: options.budget,
      record: options.record,
      retry: { ...defaultRetryPolicy, ...options.retry },
      concurrency: options.concurrency ?? 4,
      apiKey: this.#apiKey,
      onCall: options.onCall ?? (() => {}),
    });
  }

  /** Name of the model that plays a role. */
  modelOf(role: RoleName): string {
    return this.#options.models[role];
  }

  /** @throws ModelError, ContextOverflow, BudgetError, InterruptedError; see Endpoint.send. */
  async complete(request: CompletionRequest): Promise<Completion> {
    let raw: CompletionAnswer | undefined;
    const model = this.#chatModel(request, (answer) => {
      raw = answer;
    });
    const message = await model.invoke(request.messages, {
      response_format: {
        type: "json_schema",
        json_schema: { name: request.answer.name, schema: request.answer.schema, strict: true },
      },
      strict: true,
      seed: this.#options.seed ?? 0,
      ...(request.tools?.length
        ? {
            tools: request.tools.map((tool) => ({ type: "function" as const, function: tool })),
            tool_choice: request.toolChoice ?? "auto",
          }
        : {}),
    });
    return readMessage(message, raw?.choices[0]?.message.refusal ?? null);
  }

  #chatModel(request: CompletionRequest, keep: (answer: CompletionAnswer) => void): ChatOpenAI {
    const { baseUrl } = this.#options;
    const name = this.modelOf(request.role);
    // Reasoning models take no temperature, and their reasoning counts as output.
    const reasons = /^(o\d|gpt-5)/.test(name);
    const outputTokens = (request.outputTokens ?? 6_000) + (reasons ? 16_000 : 0);
    const fields: ChatOpenAIFields = {
      model: name,
      apiKey: this.#apiKey,
      ...(reasons ? {} : { temperature: 0 }),
      maxTokens: this.#options.maxOutputTokens ?? outputTokens,
      maxRetries: 0,
      useResponsesApi: false,
      streaming: false,
      ...(baseUrl === "" ? {} : { configuration: { baseURL: baseUrl } }),
    };
    const completions = new PlainCompletions(fields, async (body, post) => {
      const answer = await this.#endpoint.send(body, post, request);
      keep(answer);
      return answer;
    });
    return new ChatOpenAI({ ...fields, completions });
  }
}

/** ChatOpenAI drops a refusal from what it returns: it comes from the answer itself. */
function readMessage(message: AIMessage, refusal: string | null): Completion {
  const valid = (message.tool_calls ?? []).map(
    (call): ToolCall => ({ id: call.id ?? "", name: call.name, input: { ok: true, arguments: call.args } }),
  );
  const invalid = (message.invalid_tool_calls ?? []).map(
    (call): ToolCall => ({
      id: call.id ?? "",
      name: call.name ?? "",
      input: { ok: false, error: `the arguments are not JSON: ${(call.args ?? "").slice(0, 200)}` },
    }),
  );
  const text = message.text;
  const toolCalls = [...valid, ...invalid];
  return {
    text,
    toolCalls,
    refusal: refusal === "" ? null : refusal,
    cut: message.response_metadata.finish_reason === "length",
    // Rebuilt: arguments that are not JSON would be refused by some endpoints when they are sent back.
    message: new AIMessage({
      content: text,
      tool_calls: toolCalls.map(({ id, name, input }) => ({
        id,
        name,
        args: input.ok && isRecord(input.arguments) ? input.arguments : {},
        type: "tool_call" as const,
      })),
    }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
