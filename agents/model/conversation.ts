import { type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { z } from "zod";
import type { Completion, ModelClient, RoleName, ToolCall, ToolDeclaration } from "./client.ts";
import type { CallRecord } from "./endpoint.ts";
import { ContextOverflow } from "./faults.ts";
import { clip, untrusted } from "./prompt.ts";
import { answerSchema, type Checked, parseAnswer, repairMessage } from "./structured.ts";

/** A tool with its implementation. What it returns came from data or from code over data: it is untrusted. */
export interface Tool extends ToolDeclaration {
  /** Runs a call. `ok: false` is told to the model as an error; it throws only when the run cannot go on. */
  call(input: unknown): Promise<{ ok: boolean; text: string }>;
}

export interface ConversationOptions<Raw, Value> {
  client: ModelClient;
  role: RoleName;
  /** What never changes, for the endpoint's prefix cache. */
  system: string;
  /** What this request is about. */
  user: string;
  answer: { name: string; schema: z.ZodType<Raw> };
  /** Checks what a schema cannot say; its errors are repaired like those of the schema. */
  check: (raw: Raw) => Checked<Value>;
  tools?: Tool[];
  /** Bounds of exploration: rounds of calls, calls in a round, and characters of results in all. */
  exploration?: { rounds: number; callsPerRound: number; characters: number };
  /** Tokens of an answer, at most; see CompletionRequest. */
  outputTokens?: number;
  signal?: AbortSignal;
  onCall?: (call: CallRecord) => void;
}

/** The answer, or why the model gave none that can be used. */
export type ConversationResult<Value> = { ok: true; value: Value } | { ok: false; reason: string };

const repairs = 2;
const defaultExploration = { rounds: 3, callsPerRound: 4, characters: 12_000 };

/**
 * Lets a model explore with tools for a few rounds and answer in a schema, with at most two repairs. When the prompt
 * outgrows the model's context, the results of tools are left out once and the model must answer with what it has.
 * Throws what the client throws; a second overflow is a ModelError.
 */
export async function converse<Raw, Value>(
  options: ConversationOptions<Raw, Value>,
): Promise<ConversationResult<Value>> {
  const limits = options.exploration ?? defaultExploration;
  const answer = { name: options.answer.name, schema: answerSchema(options.answer.schema) };
  let messages: BaseMessage[] = [new SystemMessage(options.system), new HumanMessage(options.user)];
  let rounds = 0;
  let characters = limits.characters;
  let shrunk = false;
  let failures = 0;

  for (;;) {
    const mayCall = options.tools !== undefined && rounds < limits.rounds && characters > 0 && !shrunk;
    let completion: Completion;
    try {
      completion = await options.client.complete({
        role: options.role,
        messages,
        tools: options.tools?.map(({ name, description, parameters }) => ({ name, description, parameters })),
        toolChoice: mayCall ? "auto" : "none",
        answer,
        outputTokens: options.outputTokens,
        signal: options.signal,
        onCall: options.onCall,
      });
    } catch (error) {
      const smaller = shrunk ? undefined : withoutResults(messages);
      if (!(error instanceof ContextOverflow) || smaller === undefined) throw error;
      messages = smaller;
      shrunk = true;
      continue;
    }
    if (completion.refusal !== null)
      return { ok: false, reason: `the model declined: ${completion.refusal.slice(0, 200)}` };
    if (completion.toolCalls.length > 0) {
      // An endpoint that calls although calls are over is answered a few times, then given up.
      rounds += 1;
      if (rounds > limits.rounds + repairs)
        return { ok: false, reason: "the model went on calling tools instead of answering" };
      messages = [...messages, completion.message];
      for (const [at, call] of completion.toolCalls.entries()) {
        const open = mayCall && at < limits.callsPerRound && characters > 0;
        const result = open
          ? await answerCall(call, options.tools ?? [])
          : { ok: false, text: "no calls are left: answer now" };
        const tool = clip(call.name, 40);
        const text = clipResult(result.text, Math.max(200, characters));
        characters -= text.length;
        messages.push(
          new ToolMessage({
            tool_call_id: call.id,
            name: call.name,
            status: result.ok ? "success" : "error",
            content: result.ok ? untrusted(`result of ${tool}`, text) : untrusted(`error of ${tool}`, text),
          }),
        );
      }
      continue;
    }
    const parsed = completion.cut
      ? { ok: false as const, errors: ["it was cut at the bound on its length: answer shorter"] }
      : parseAnswer(completion.text, options.answer.schema);
    const checked = parsed.ok ? options.check(parsed.value) : parsed;
    if (checked.ok) return checked;
    failures += 1;
    if (failures > repairs)
      return { ok: false, reason: `no usable answer after ${repairs} repairs: ${checked.errors.join("; ")}` };
    messages = [...messages, completion.message, new HumanMessage(repairMessage(checked.errors))];
  }
}

async function answerCall(call: ToolCall, tools: Tool[]): Promise<{ ok: boolean; text: string }> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined)
    return {
      ok: false,
      text: `there is no tool ${clip(call.name, 40)}; there are ${tools.map(({ name }) => name).join(", ")}`,
    };
  if (!call.input.ok) return { ok: false, text: call.input.error };
  return await tool.call(call.input.arguments);
}

function clipResult(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length)}\n… (cut: ${text.length - length} more characters)`;
}

/** The conversation with every tool result left out; undefined when there is none, so that nothing can be saved. */
function withoutResults(messages: BaseMessage[]): BaseMessage[] | undefined {
  if (!messages.some((message) => ToolMessage.isInstance(message))) return undefined;
  return messages.map((message) =>
    ToolMessage.isInstance(message)
      ? new ToolMessage({
          tool_call_id: message.tool_call_id,
          name: message.name,
          content: "(left out: the prompt was too long)",
        })
      : message,
  );
}
