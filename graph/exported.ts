import { mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { createPlayers } from "../agents/create-players.ts";
import { Budget } from "../core/budget.ts";
import { loadConfiguration } from "../core/configuration.ts";
import { EventLog } from "../core/events.ts";
import { openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import type { Services } from "./services.ts";
import { createSmithGraph } from "./smith-graph.ts";
import { createTaskGraph } from "./task-graph.ts";

/**
 * The graphs that `langgraph.json` names, for a LangGraph server or Studio. Configured by the server's environment
 * (MLE_SMITH_OUT, MLE_SMITH_MODEL, OPENAI_BASE_URL …); the server brings its own checkpointer.
 */
async function servicesFromEnvironment(): Promise<Services> {
  const out = resolve(process.env.MLE_SMITH_OUT ?? "smith-out");
  mkdirSync(join(out, "server"), { recursive: true });
  const configuration = loadConfiguration({ environment: process.env });
  const signal = new AbortController().signal;
  const events = new EventLog(join(out, "server", "events.jsonl"));
  const store = await openStore(join(out, "server", "store"));
  const sandbox = await openSandbox({
    slots: configuration.workers || cpus().length,
    store,
    engine: configuration.engine,
    docker: configuration.docker,
  });
  const programs = createProgramRunner(sandbox, store);
  const budget = new Budget({
    maxCost: configuration.maxCost,
    timeLimit: null,
    prices: configuration.prices,
  });
  return {
    configuration,
    store,
    programs,
    ...createPlayers({
      configuration,
      budget,
      store,
      run: "server",
      emit: events.emit,
      environment: process.env,
    }),
    emit: events.emit,
    signal,
    out,
  };
}

const services = await servicesFromEnvironment();
export const smith = createSmithGraph(services).compile();
export const task = createTaskGraph(services).compile();
