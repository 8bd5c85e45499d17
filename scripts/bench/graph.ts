import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { createPlayers } from "../../agents/create-players.ts";
import { Budget } from "../../core/budget.ts";
import { type Configuration, loadConfiguration } from "../../core/configuration.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import type { LendServices, Services } from "../../graph/services.ts";
import { createSmithGraph, recursionLimit } from "../../graph/smith-graph.ts";
import { openEngine } from "../../sandbox/open-engine.ts";
import { createProgramRunner } from "../../sandbox/program-runner.ts";

/** Those of the bundled examples that are datasets. */
const datasets = ["chinook", "penguins"];

type Print = (name: string, value: number, unit: string) => void;

/**
 * What the graph and its checkpoints take of a run: its wall time without the time in the bodies of nodes. One candidate is tried,
 * so that nodes run one at a time and nothing of the graph hides behind a node that runs beside it. Checkpoints are written as
 * `generate` writes them: to SQLite, after every step, before the next one begins.
 */
export async function benchGraph(print: Print): Promise<void> {
  const examples = join(import.meta.dirname, "../../examples");
  let [wall, bodies, steps, most] = [0, 0, 0, 0];
  for (const name of datasets) {
    const run = await measure(join(examples, name));
    print(`graph/${name}/share`, ((run.wall - run.bodies) / run.wall) * 100, "%");
    print(`graph/${name}/checkpoints`, run.bytes / 1e6, "MB");
    wall += run.wall;
    bodies += run.bodies;
    steps += run.steps;
    most = Math.max(most, run.bytes);
  }
  print("graph/share", ((wall - bodies) / wall) * 100, "%");
  print("graph/per-step", (wall - bodies) / steps, "ms");
  print("graph/checkpoints-largest", most / 1e6, "MB");
}

interface Measured {
  /** Milliseconds of the whole, and of them in nodes. */
  wall: number;
  bodies: number;
  steps: number;
  /** Size of the checkpoint database. */
  bytes: number;
}

async function measure(dataset: string): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  const configuration = loadConfiguration({ flags: { workers: 1, tasks: 1 } });
  const { services, close } = await openServices(folder, configuration);
  const checkpoints = SqliteSaver.fromConnString(join(folder, "checkpoints.sqlite"));
  let [bodies, steps, running] = [0, 0, 0];
  const lend: LendServices = async (_run, work) => {
    running += 1;
    if (running > 1) throw new Error("two nodes ran at once: their times cannot be told apart");
    const started = performance.now();
    try {
      return await work(services);
    } finally {
      bodies += performance.now() - started;
      steps += 1;
      running -= 1;
    }
  };
  try {
    const graph = createSmithGraph(lend).compile({ checkpointer: checkpoints });
    const { model: author, tasks, seed, maxCost, timeLimit, license, noValues } = configuration;
    const started = performance.now();
    const ended = await graph.invoke(
      { dataset, author, tasks, seed, maxCost, timeLimit, license, noValues },
      {
        configurable: { thread_id: basename(dataset) },
        durability: "sync",
        recursionLimit,
      },
    );
    const wall = performance.now() - started;
    if (ended.results.length === 0)
      throw new Error(`${dataset}: no candidate was tried: ${ended.refusal?.reason}`);
    return { wall, bodies, steps, bytes: databaseBytes(folder) };
  } finally {
    checkpoints.db.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of the database and of what it has not written into its file yet. */
function databaseBytes(folder: string): number {
  return readdirSync(folder)
    .filter((name) => name.startsWith("checkpoints.sqlite"))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

async function openServices(
  folder: string,
  configuration: Configuration,
): Promise<{ services: Services; close(): Promise<void> }> {
  const store = await openStore(join(folder, "store"));
  const sandbox = await openEngine(configuration, { slots: 1, store });
  const { maxCost, timeLimit, prices } = configuration;
  const budget = new Budget({ maxCost, timeLimit, prices });
  const emit = () => undefined;
  const environment = process.env;
  return {
    services: {
      configuration,
      store,
      programs: createProgramRunner(sandbox, store),
      ...createPlayers({ configuration, budget, store, run: "bench", emit, environment }),
      emit,
      signal: new AbortController().signal,
      out: folder,
      locate: async (path) => ({ path, exact: false }),
      cost: () => budget.totals().cost,
    },
    async close() {
      budget.close();
      await sandbox.close();
      await removeStore(store.folder);
    },
  };
}
