import { setMaxListeners } from "node:events";
import { createPlayers } from "../agents/create-players.ts";
import { Budget, BudgetTotals } from "../core/budget.ts";
import { BadInputError } from "../core/errors.ts";
import type { RunEvent } from "../core/events.ts";
import { hashValue } from "../core/hash.ts";
import { withWorkIds } from "../core/work-ids.ts";
import { inputOf } from "../graph/input.ts";
import type { LendServices, NodeRun, Services } from "../graph/services.ts";
import { locateIn } from "./data-folders.ts";
import { logged } from "./logged-programs.ts";
import type { ProcessWide } from "./process-wide.ts";
import { runConfiguration } from "./run-configuration.ts";
import { withinRun } from "./run-spans.ts";

/** Milliseconds that a run without work is remembered: longer than the way from one node to the next. */
const rememberedMs = 30_000;

/** What one run has for itself. */
interface Run {
  id: string;
  own: Pick<Services, "configuration" | "players" | "author">;
  budget: Budget;
  /** Nodes under way. */
  users: number;
  forget: NodeJS.Timeout | undefined;
}

/**
 * Lends each run of a server services of its own: configuration, budget, players, signal, events. The same input on the same
 * thread is the same run: it goes on with what it had spent and with the answers that models had given. The clock of a time
 * limit stands still while nothing of the run is under way, e.g. while a person is asked.
 */
export function createLender(opened: () => Promise<ProcessWide>): LendServices {
  const runs = new Map<string, Promise<Run>>();

  async function openRun(id: string, node: NodeRun, shared: ProcessWide): Promise<Run> {
    const configuration = runConfiguration(shared.configuration, node.input);
    const { maxCost, timeLimit, prices } = configuration;
    const spent = BudgetTotals.safeParse(await shared.store.getJson(spentKey(id))).data;
    const budget = new Budget({ maxCost, timeLimit, prices, ...(spent === undefined ? {} : { spent }) });
    const own = createPlayers({
      configuration,
      budget,
      store: shared.store,
      run: id,
      emit: emitterOf(id, node, shared),
      environment: shared.environment,
    });
    return { id, own: { configuration, ...own }, budget, users: 0, forget: undefined };
  }

  /** The run that a node belongs to, from memory or anew. */
  async function runOf(node: NodeRun, shared: ProcessWide): Promise<Run> {
    const id = runId(node);
    const known = runs.get(id) ?? openRun(id, node, shared);
    runs.set(id, known);
    try {
      return await known;
    } catch (error) {
      runs.delete(id);
      throw error;
    }
  }

  return async (node, work) => {
    const shared = await opened();
    const run = await runOf(node, shared).catch((error) => {
      throw explained(error);
    });
    clearTimeout(run.forget);
    run.users += 1;
    run.budget.resume();
    try {
      return await withWorkIds({ run: run.id, thread: threadOf(node) }, () =>
        withinRun(node.runtime.configurable, () => work(servicesOf(run, node, shared))),
      );
    } catch (error) {
      throw explained(error);
    } finally {
      run.users -= 1;
      if (run.users === 0) {
        run.budget.pause();
        run.forget = setTimeout(() => {
          run.budget.close();
          runs.delete(run.id);
        }, rememberedMs).unref();
      }
      await shared.store.putJson(spentKey(run.id), run.budget.totals());
    }
  };
}

function servicesOf(run: Run, node: NodeRun, shared: ProcessWide): Services {
  const { runtime } = node;
  const { store, programs, out } = shared;
  const emit = emitterOf(run.id, node, shared);
  const signal = AbortSignal.any([run.budget.signal, ...(runtime.signal ? [runtime.signal] : [])]);
  // Every job under way listens.
  setMaxListeners(0, signal);
  return {
    ...run.own,
    store,
    programs: logged(programs, shared.log.child({ dataset: node.input.dataset })),
    signal,
    out,
    locate: (dataset) => locateIn(shared.folders, dataset),
    cost: () => run.budget.totals().cost,
    emit: (event) => {
      emit(event);
      // What was spent outlives a kill. When it cannot be written, the end of the node says so.
      if (event.event === "model_call")
        store.putJson(spentKey(run.id), run.budget.totals()).catch(() => undefined);
    },
  };
}

/** Tells the server's record, and whoever streams the run, what happens. */
function emitterOf(id: string, { runtime }: NodeRun, { events }: ProcessWide): (event: RunEvent) => void {
  return (event) => {
    const stamped = events.emit({ run: id, ...event });
    // A run that was cancelled has nobody left who listens.
    if (!runtime.signal?.aborted) runtime.writer?.(stamped);
  };
}

/** A server passes on the message of an error alone: what to do next becomes part of it. */
function explained(error: unknown): unknown {
  if (!(error instanceof BadInputError) || error.hint === undefined) return error;
  return new BadInputError(`${error.message}. ${error.hint}`, { cause: error });
}

/** The same input on the same thread is the same run. */
function runId(node: NodeRun): string {
  return `${threadOf(node)}-${hashValue(inputOf(node.input)).slice(0, 8)}`;
}

function threadOf({ runtime }: NodeRun): string {
  return String(runtime.configurable?.thread_id ?? "no-thread");
}

function spentKey(run: string): string {
  return `spent/${run}`;
}
