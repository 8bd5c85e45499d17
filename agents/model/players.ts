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
 * since all of them reveal values.
 */
export function modelPlayers(client: ModelClient, options: { noValues: boolean }): Players {
  const player = (context: PlayerContext): ModelPlayer => ({
    client,
    values: !options.noValues,
    signal: context.signal,
    onCall: (call) => context.emit({ event: "model_call", ...call }),
    tools: (survey, raw) =>
      options.noValues || raw === undefined
        ? undefined
        : explorationTools({ programs: context.programs, survey, raw, signal: context.signal }),
  });
  return {
    brainstorm: (input, context) => brainstorm(player(context), input),
    design: (input, context) => design(player(context), input),
    refactor: (input, context) => refactor(player(context), input),
    review: (input, context) => review(player(context), input),
  };
}
