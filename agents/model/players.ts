import { brainstorm, prompt as brainstormerPrompt } from "../brainstormer/model.ts";
import { codePrompt, design, prompt as designerPrompt } from "../designer/model.ts";
import type { PlayerContext, Players } from "../players.ts";
import { refactor, prompt as refactorPrompt } from "../refactor/model.ts";
import { review, prompt as reviewerPrompt } from "../reviewer/model.ts";
import type { ModelClient, RoleName } from "./client.ts";
import type { ModelPlayer } from "./player.ts";
import { explorationTools } from "./tools.ts";

/** SHA-256 of each role's prompt, for the manifest of a task. */
export const promptHashes: Record<RoleName, string> & { "designer-code": string } = {
  brainstormer: brainstormerPrompt.hash,
  designer: designerPrompt.hash,
  "designer-code": codePrompt.hash,
  refactor: refactorPrompt.hash,
  reviewer: reviewerPrompt.hash,
};

/**
 * The four roles played by models. With `noValues` prompts hold names and statistics only, and no tools are offered,
 * since all of them reveal values. `spent` says what the run has cost so far, in dollars.
 */
export function modelPlayers(
  client: ModelClient,
  options: { noValues: boolean; spent: () => number },
): Players {
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
    refactor: (input, context) => refactor(player(context), input),
    review: (input, context) => review(player(context), input),
  };
}

/** What leaves this machine, to be said before it does. */
export function disclosure(client: ModelClient, baseUrl: string, options: { noValues: boolean }): string {
  const roles = ["brainstormer", "designer", "refactor", "reviewer"] as const;
  const models = [...new Set(roles.map((role) => client.modelOf(role)))].join(", ");
  const where = baseUrl === "" ? "OpenAI" : hostOf(baseUrl);
  return options.noValues
    ? `${models} at ${where} gets names of files' kinds, views and columns, and statistics; no values and no text of the data`
    : `${models} at ${where} gets names, statistics, example values and documentation of the data, and whatever its queries return (--no-values sends names and statistics only)`;
}

/** The host alone: a URL may hold credentials. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the configured address";
}
