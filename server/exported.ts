import { createSmithGraph } from "../graph/smith-graph.ts";
import { createTaskGraph } from "../graph/task-graph.ts";
import { once, openProcessWide } from "./process-wide.ts";
import { createLender } from "./runs.ts";

/**
 * The graphs that `langgraph.json` names, for a LangGraph server or Studio. The server brings its own checkpointer. Nothing is
 * opened before the first run: graphs are also loaded to be looked at.
 */
const lend = createLender(once(() => openProcessWide(process.env)));

export const smith = createSmithGraph(lend).compile();
export const task = createTaskGraph(lend).compile();
