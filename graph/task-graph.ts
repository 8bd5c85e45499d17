import { END, type LangGraphRunnableConfig, START, StateGraph } from "@langchain/langgraph";
import { assertions } from "./nodes/assertions.ts";
import { design } from "./nodes/design.ts";
import { execution } from "./nodes/execution.ts";
import { publish } from "./nodes/publish.ts";
import { refactor } from "./nodes/refactor.ts";
import { reject } from "./nodes/reject.ts";
import { review } from "./nodes/review.ts";
import { type Onward, routeByBlame } from "./routing.ts";
import { type LendServices, withServices } from "./services.ts";
import { TaskOutput, TaskState, type TaskValues } from "./state.ts";

/**
 * One candidate to a verified task, or to a rejection with every reason:
 * design → refactor → assertions → review → execution → publish, with feedback edges by blame.
 */
export function createTaskGraph(lend: LendServices) {
  const route = (onward: Onward) => (state: TaskValues, runtime: LangGraphRunnableConfig) =>
    lend({ input: state, runtime }, async ({ configuration }) =>
      routeByBlame(state, onward, configuration.attempts),
    );
  return new StateGraph({ state: TaskState, output: TaskOutput })
    .addNode("design", withServices(lend, design))
    .addNode("refactor", withServices(lend, refactor))
    .addNode("assertions", withServices(lend, assertions))
    .addNode("review", withServices(lend, review))
    .addNode("execution", withServices(lend, execution))
    .addNode("publish", withServices(lend, publish))
    .addNode("reject", withServices(lend, reject))
    .addEdge(START, "design")
    .addConditionalEdges("design", route("refactor"), ["refactor", "design", "reject"])
    .addConditionalEdges("refactor", route("assertions"), ["assertions", "design", "refactor", "reject"])
    .addConditionalEdges("assertions", route("review"), ["review", "design", "refactor", "reject"])
    .addConditionalEdges("review", route("execution"), ["execution", "design", "refactor", "reject"])
    .addConditionalEdges("execution", route("publish"), ["publish", "design", "refactor", "reject"])
    .addEdge("publish", END)
    .addEdge("reject", END);
}
