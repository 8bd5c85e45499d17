import type { Budget } from "../core/budget.ts";
import type { Configuration } from "../core/configuration.ts";
import type { Manifest } from "../task/manifest.ts";
import type { Players } from "./players.ts";
import { rulesPlayers, rulesVersion } from "./rules-players.ts";

/** Who plays each role, as configured: built-in rules, or models behind an OpenAI-compatible endpoint. */
export function createPlayers(_configuration: Configuration, _budget: Budget): { players: Players; author: Manifest["author"] } {
  return { players: rulesPlayers(), author: { kind: "rules", version: rulesVersion } };
}
