import { createPlayers } from "../agents/create-players.ts";
import { Budget } from "../core/budget.ts";
import type { Configuration } from "../core/configuration.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { CodingAgent, NoAgent } from "../verifiers/execution/agent/play.ts";

/**
 * The coding agent that a configuration names, for a command that keeps no run. `say` is told what leaves this machine.
 * Throws BadInputError without a key or a needed price.
 */
export function openSolver(
  configuration: Configuration,
  services: { store: ArtefactStore; programs: ProgramRunner },
  options: { signal: AbortSignal; environment: NodeJS.ProcessEnv; say(line: string): void },
): { agent: CodingAgent | NoAgent; budget: Budget } {
  const { maxCost, timeLimit, prices } = configuration;
  const budget = new Budget({ maxCost, timeLimit, prices });
  const signal = AbortSignal.any([options.signal, budget.signal]);
  const solver = configuration.models.solver ?? configuration.model;
  const { players } = createPlayers({
    // The other roles have nothing to do here.
    configuration: { ...configuration, model: "rules", models: { solver } },
    budget,
    store: services.store,
    run: "verify",
    emit: ({ event, message }) => {
      if (event === "model_disclosure") options.say(String(message));
    },
    environment: options.environment,
  });
  const context = { ...services, emit: () => {}, signal };
  return { agent: players.solver(context), budget };
}
