import type { Configuration } from "../core/configuration.ts";
import { BadInputError } from "../core/errors.ts";
import type { RunInput } from "../graph/input.ts";

/**
 * The configuration of one run: the server's own, with what the caller may choose. Bounds of the server hold whatever a caller
 * asks for. @throws BadInputError for a model that the server does not allow.
 */
export function runConfiguration(server: Configuration, input: RunInput): Configuration {
  const { author, tasks, seed, license, approveCandidates, approveTasks, noValues } = input;
  const allowed = allowedAuthors(server);
  if (!allowed.includes(author))
    throw new BadInputError(`author: ${JSON.stringify(author)} is not allowed here`, {
      hint: `one of: ${allowed.join(", ")}; whoever runs the server names its models in the configuration (model, models, prices)`,
    });
  return {
    ...server,
    model: author,
    // Roles that the server gives to a certain player stay with it, unless rules are to play all.
    models: author === "rules" ? {} : server.models,
    tasks,
    seed,
    maxCost: smaller(server.maxCost, input.maxCost),
    timeLimit: smaller(server.timeLimit, input.timeLimit),
    license: license ?? server.license,
    approve: {
      candidates: approveCandidates || server.approve.candidates,
      tasks: approveTasks || server.approve.tasks,
    },
    noValues: noValues || server.noValues,
  };
}

/** `rules`, and every model that the server's configuration names. */
function allowedAuthors({ model, models, prices }: Configuration): string[] {
  return [...new Set(["rules", model, ...Object.values(models), ...Object.keys(prices)])];
}

function smaller(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
