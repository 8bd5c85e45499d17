import { END, START, StateGraph } from "@langchain/langgraph";
import { assertionsNode } from "./nodes/assertions.ts";
import { designNode } from "./nodes/design.ts";
import { executionNode } from "./nodes/execution.ts";
import { publishNode } from "./nodes/publish.ts";
import { refactorNode } from "./nodes/refactor.ts";
import { rejectNode } from "./nodes/reject.ts";
import { reviewNode } from "./nodes/review.ts";
import { routeByBlame } from "./routing.ts";
import type { Services } from "./services.ts";
import { TaskOutput, TaskState, type TaskValues } from "./state.ts";

/**
 * One candidate to a verified task, or to a rejection with every reason:
 * design → refactor → assertions → review → execution → publish, with feedback edges by blame.
 */
export function createTaskGraph(services: Services) {
  const limits = services.configuration.attempts;
  return new StateGraph({ state: TaskState, output: TaskOutput })
    .addNode("design", designNode(services))
    .addNode("refactor", refactorNode(services))
    .addNode("assertions", assertionsNode(services))
    .addNode("review", reviewNode(services))
    .addNode("execution", executionNode(services))
    .addNode("publish", publishNode(services))
    .addNode("reject", rejectNode(services))
    .addEdge(START, "design")
    .addConditionalEdges("design", (state: TaskValues) => routeByBlame(state, "refactor", limits), [
      "refactor",
      "design",
      "reject",
    ])
    .addConditionalEdges("refactor", (state: TaskValues) => routeByBlame(state, "assertions", limits), [
      "assertions",
      "design",
      "refactor",
      "reject",
    ])
    .addConditionalEdges("assertions", (state: TaskValues) => routeByBlame(state, "review", limits), [
      "review",
      "design",
      "refactor",
      "reject",
    ])
    .addConditionalEdges("review", (state: TaskValues) => routeByBlame(state, "execution", limits), [
      "execution",
      "design",
      "refactor",
      "reject",
    ])
    .addConditionalEdges("execution", (state: TaskValues) => routeByBlame(state, "publish", limits), [
      "publish",
      "design",
      "refactor",
      "reject",
    ])
    .addEdge("publish", END)
    .addEdge("reject", END);
}
