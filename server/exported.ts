import { createSmithGraph, recursionLimit } from "../graph/smith-graph.ts";
import { createSingleTaskGraph } from "../graph/task-graph.ts";
import { once, openProcessWide } from "./process-wide.ts";
import { createLender } from "./runs.ts";

/**
 * The graphs that `langgraph.json` names, for a LangGraph server or Studio. The server brings its own checkpointer. Nothing is
 * opened before the first run: graphs are also loaded to be looked at. Each run gets a graph of its own, since the server sets
 * the checkpointer on the graph that it runs.
 */
const lend = createLender(once(() => openProcessWide(process.env)));

export const smith = () => createSmithGraph(lend).compile().withConfig({ recursionLimit });
export const task = () => createSingleTaskGraph(lend).compile().withConfig({ recursionLimit });
