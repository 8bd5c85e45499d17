import { v5 as uuid5 } from "@langchain/core/utils/uuid";
import { z } from "zod";
import { inputProblems } from "../graph/forms.ts";
import { RunInput, TaskInput } from "../graph/input.ts";
import { nameProblem } from "./data-folders.ts";

/** Assistants that a LangGraph server makes by itself, one a graph: named by the graph in this namespace. */
const graphNamespace = "6ba7b821-9dad-11d1-80b4-00c04fd430c8";
const taskAssistants = ["task", uuid5("task", graphNamespace)];

/** What a LangGraph server itself puts among the values that a caller may configure. */
const ownConfigurable =
  /^(thread_id|thread_ts|run_id|graph_id|assistant_id|user_id|checkpoint(_id|_ns|_map)?|langgraph_.*|__.*)$/;

const Record = z.record(z.string(), z.unknown());
const Configured = z.object({
  config: z.object({ configurable: Record.nullish() }).nullish(),
  context: z.unknown().optional(),
});
const Command = z.object({ update: z.unknown().optional(), goto: z.unknown().optional() });
const Run = z.object({
  assistant_id: z.string().nullish(),
  kwargs: Configured.extend({ input: z.unknown().optional(), command: Command.nullish() }),
});

/**
 * What is wrong with a run that a caller asks for, before anything of it is kept; null when nothing is. What is refused is not
 * quoted: it may be a secret.
 */
export function runProblem(value: unknown): string | null {
  const run = Run.safeParse(value);
  if (!run.success) return "the request is not one for a run";
  const { assistant_id: assistant, kwargs } = run.data;
  return (
    configuredProblem(kwargs) ?? commandProblem(kwargs.command) ?? inputProblem(kwargs.input, assistant ?? "")
  );
}

/** The same for what an assistant carries. */
export function assistantProblem(value: unknown): string | null {
  const assistant = Configured.safeParse(value);
  return assistant.success ? configuredProblem(assistant.data) : "the request is not one for an assistant";
}

/** Takes away what a server copies from the headers of a request: they are the transport's, and would be kept with the thread. */
export function dropHeaders(value: unknown): void {
  const configurable = Run.safeParse(value).success
    ? (value as { kwargs: { config?: { configurable?: Record<string, unknown> } } }).kwargs.config
        ?.configurable
    : undefined;
  for (const name of Object.keys(configurable ?? {}))
    if (name.startsWith("x-") || name === "user-agent") delete configurable?.[name];
}

function configuredProblem({ config, context }: z.infer<typeof Configured>): string | null {
  const asked = [
    ...Object.keys(config?.configurable ?? {}).filter((name) => !ownConfigurable.test(name)),
    ...(context === null || context === undefined ? [] : Object.keys(Object(context))),
  ];
  if (asked.length === 0) return null;
  const names = asked.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 60)));
  return `bad input: ${names.join(", ")} cannot be configured by a caller; what a run may choose is in its input, and keys and addresses of models come from the server's environment alone`;
}

/** A person answers by a command. One that leads to a node would hand it a state of the caller's making, which nobody checks. */
function commandProblem(command: z.infer<typeof Command> | null | undefined): string | null {
  return (command?.update ?? null) === null && (command?.goto ?? null) === null
    ? null
    : "bad input: a command may answer a question (resume), and neither change the state nor choose the node";
}

/** A run without an input goes on where its thread stands. */
function inputProblem(input: unknown, assistant: string): string | null {
  if (input === null || input === undefined) return null;
  const parsed = (taskAssistants.includes(assistant) ? TaskInput : RunInput).safeParse(input);
  // An assistant that somebody made may be of either graph: what it takes is checked again when the graph begins.
  const other = parsed.success || isOfGraph(assistant) ? parsed : TaskInput.safeParse(input);
  if (!other.success) return `bad input: ${inputProblems(parsed.success ? other.error : parsed.error)}`;
  const problem = nameProblem(other.data.dataset);
  return problem === null ? null : `bad input: dataset: ${problem}`;
}

function isOfGraph(assistant: string): boolean {
  return [...taskAssistants, "smith", uuid5("smith", graphNamespace)].includes(assistant);
}
