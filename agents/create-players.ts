import type { Budget } from "../core/budget.ts";
import type { Configuration } from "../core/configuration.ts";
import type { RunEvent } from "../core/events.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { Manifest } from "../task/manifest.ts";
import { type AuthorRole, ModelClient, type RoleName } from "./model/client.ts";
import { disclosure, modelPlayers, promptHashes } from "./model/players.ts";
import { folderRecord, storeRecord } from "./model/record.ts";
import type { Players } from "./players.ts";
import { rulesPlayers, rulesVersion } from "./rules-players.ts";

/** What players are made for: one run. */
export interface PlayersContext {
  configuration: Configuration;
  budget: Budget;
  store: ArtefactStore;
  /** Id of the run: keeps its recorded answers apart from those of other runs. */
  run: string;
  emit(event: RunEvent): void;
  environment: NodeJS.ProcessEnv;
}

/**
 * Who plays each role, as configured: built-in rules, or models behind an OpenAI-compatible endpoint.
 * Says what will leave this machine before anything does. Throws BadInputError without a key or a needed price.
 */
export function createPlayers(context: PlayersContext): { players: Players; author: Manifest["author"] } {
  const { configuration, budget } = context;
  const rules = rulesPlayers();
  const named = (role: RoleName) => configuration.models[role] ?? configuration.model;
  const authors: AuthorRole[] = ["brainstormer", "designer", "refactor", "reviewer"];
  const played = [...authors, "solver" as const].filter((role) => named(role) !== "rules");
  const first = played[0];
  const byRules = { kind: "rules" as const, version: rulesVersion };
  if (first === undefined) return { players: rules, author: byRules };

  const modelOf = (role: RoleName) => (played.includes(role) ? named(role) : named(first));
  const client = new ModelClient({
    models: {
      brainstormer: modelOf("brainstormer"),
      designer: modelOf("designer"),
      refactor: modelOf("refactor"),
      reviewer: modelOf("reviewer"),
      solver: modelOf("solver"),
    },
    baseUrl: configuration.baseUrl,
    environment: context.environment,
    budget,
    seed: configuration.seed,
    retry: configuration.retry,
    record:
      configuration.answers === null
        ? storeRecord(context.store, context.run)
        : folderRecord(configuration.answers, { replayOnly: configuration.replay }),
  });
  const options = { noValues: configuration.noValues, actions: configuration.solver.actions };
  const message = disclosure(played.map(named), configuration.baseUrl, options);
  context.emit({ event: "model_disclosure", message });
  const models = modelPlayers(client, { ...options, spent: () => budget.totals().cost });
  const of = (role: RoleName): Players => (played.includes(role) ? models : rules);
  return {
    players: {
      brainstorm: (input, inner) => of("brainstormer").brainstorm(input, inner),
      design: (input, inner) => of("designer").design(input, inner),
      designer: of("designer").designer,
      refactor: (input, inner) => of("refactor").refactor(input, inner),
      review: (input, inner) => of("reviewer").review(input, inner),
      solver: (inner) => of("solver").solver(inner),
    },
    // Who solves a task is no author of it: the same task comes out with and without.
    author: authors.some((role) => named(role) !== "rules")
      ? {
          kind: "model",
          models: Object.fromEntries(authors.map((role) => [role, named(role)])),
          prompts: promptHashes,
        }
      : byRules,
  };
}
