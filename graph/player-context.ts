import type { PlayerContext } from "../agents/players.ts";
import type { Services } from "./services.ts";

/** What a player works with; its events carry the dataset and candidate they are about. */
export function playerContext(
  services: Services,
  about: { dataset: string; candidate?: string },
): PlayerContext {
  const { programs, store, signal } = services;
  return { programs, store, signal, emit: (event) => services.emit({ ...about, ...event }) };
}
