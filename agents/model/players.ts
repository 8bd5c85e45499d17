import { brainstorm, prompt as brainstormerPrompt } from "../brainstormer/model.ts";
import { codePrompt, design, prompt as designerPrompt } from "../designer/model.ts";
import type { PlayerContext, Players } from "../players.ts";
import { refactor, prompt as refactorPrompt } from "../refactor/model.ts";
import { review, prompt as reviewerPrompt } from "../reviewer/model.ts";
import { solve, prompt as solverPrompt } from "../solver/model.ts";
import type { AuthorRole, ModelClient } from "./client.ts";
import type { ModelPlayer } from "./player.ts";
import { explorationTools } from "./tools.ts";

/** SHA-256 of each author's prompt, for the manifest of a task. */
export const promptHashes: Record<AuthorRole, string> & { "designer-code": string } = {
  brainstormer: brainstormerPrompt.hash,
  designer: designerPrompt.hash,
  "designer-code": codePrompt.hash,
  refactor: refactorPrompt.hash,
  reviewer: reviewerPrompt.hash,
};

/** What is bound for a run beside the models. */
export interface ModelPlayersOptions {
  noValues: boolean;
  /** Actions of the coding agent. */
  actions: number;
  /** Dollars that the run has cost so far. */
  spent: () => number;
}

/**
 * The roles played by models. With `noValues` prompts hold names and statistics only, and no tools are offered,
 * since all of them reveal values; for the same reason no coding agent plays then.
 */
export function modelPlayers(client: ModelClient, options: ModelPlayersOptions): Players {
  const player = (context: PlayerContext): ModelPlayer => ({
    client,
    values: !options.noValues,
    signal: context.signal,
    onCall: (call) => context.emit({ event: "model_call", ...call, spent: options.spent() }),
    tools: (survey, raw) =>
      options.noValues || raw === undefined
        ? undefined
        : explorationTools({ programs: context.programs, survey, raw, signal: context.signal }).map(
            (tool) => ({
              ...tool,
              call: async (input) => {
                const result = await tool.call(input);
                context.emit({
                  event: "tool_call",
                  tool: tool.name,
                  ok: result.ok,
                  characters: result.text.length,
                });
                return result;
              },
            }),
          ),
  });
  return {
    brainstorm: (input, context) => brainstorm(player(context), input),
    design: (input, context) => design(player(context), input),
    designer: { name: client.modelOf("designer"), readsRemarks: true, objection: () => null },
    refactor: (input, context) => refactor(player(context), input),
    review: (input, context) => review(player(context), input),
    solver: (context) =>
      options.noValues
        ? { absent: "it would see values of the data, which are to stay on this machine" }
        : {
            name: client.modelOf("solver"),
            prompt: solverPrompt.hash,
            actions: options.actions,
            solve: (environment) => solve(player(context), environment),
          },
  };
}

/** What leaves this machine, to be said before it does. */
export function disclosure(
  models: readonly string[],
  baseUrl: string,
  options: Pick<ModelPlayersOptions, "noValues">,
): string {
  const names = [...new Set(models)].join(", ");
  const where = baseUrl === "" ? "OpenAI" : hostOf(baseUrl);
  return options.noValues
    ? `${names} at ${where} gets names of files' kinds, views and columns, and statistics; no values and no text of the data`
    : `${names} at ${where} gets names, statistics, example values and documentation of the data, and whatever its queries and programs print (--no-values sends names and statistics only)`;
}

/** The host alone: a URL may hold credentials. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the configured address";
}
