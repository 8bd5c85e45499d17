import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Players } from "../agents/players.ts";
import type { Configuration } from "../core/configuration.ts";
import type { RunEvent } from "../core/events.ts";
import type { ArtefactStore } from "../core/store.ts";
import { withWorkIds } from "../core/work-ids.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { Manifest } from "../task/manifest.ts";
import type { RunInput } from "./input.ts";

/** Where a dataset lies. `exact`: at this very path, no part of which may be a link, now or later. */
export interface DatasetPlace {
  path: string;
  exact: boolean;
}

/** What nodes work with, made for one run by whoever owns the run (command line, API server, tests). */
export interface Services {
  configuration: Configuration;
  store: ArtefactStore;
  programs: ProgramRunner;
  players: Players;
  /** Who writes, as manifests say it. */
  author: Manifest["author"];
  /** Where the dataset lies that the caller names. @throws BadInputError for a place that a caller may not name. */
  locate(dataset: string): Promise<DatasetPlace>;
  emit(event: RunEvent): void;
  /** US dollars that models have cost in this run so far. */
  cost(): number;
  /** Aborted when the run is to stop: interrupted, cancelled, or out of budget. */
  signal: AbortSignal;
  /** Folder that receives `datasets/` and `tasks/`. */
  out: string;
}

/** What a node knows of the run that it works for: what was chosen for it, and LangGraph's own account of the run. */
export interface NodeRun {
  input: RunInput;
  runtime: LangGraphRunnableConfig;
}

/**
 * Lends a run's services to a piece of work. A command line has one run and lends the same to all; a server tells runs apart,
 * and knows by the return of the work when a run has nothing under way.
 */
export type LendServices = <Result>(
  run: NodeRun,
  work: (services: Services) => Promise<Result>,
) => Promise<Result>;

/** A node as it is written: services and state in, an update of the state out. */
type Work<State, Update> = (services: Services, state: State) => Promise<Update> | Update;

/** A node as LangGraph calls it. */
export function withServices<State extends RunInput, Update>(
  lend: LendServices,
  work: Work<State, Update>,
): (state: State, runtime: LangGraphRunnableConfig) => Promise<Update> {
  return (state, runtime) => {
    const thread: unknown = runtime.configurable?.thread_id;
    return withWorkIds(typeof thread === "string" ? { thread } : {}, () =>
      lend({ input: state, runtime }, async (services) => work(services, state)),
    );
  };
}
