import {
  type AnyStateSchema,
  END,
  type LangGraphRunnableConfig,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { approveTask } from "./nodes/approve-task.ts";
import { assertions } from "./nodes/assertions.ts";
import { design } from "./nodes/design.ts";
import { execution } from "./nodes/execution.ts";
import { formulate } from "./nodes/formulate.ts";
import { publish } from "./nodes/publish.ts";
import { refactor } from "./nodes/refactor.ts";
import { reject } from "./nodes/reject.ts";
import { review } from "./nodes/review.ts";
import { surveyForTask } from "./nodes/survey.ts";
import { type Onward, routeByBlame, routeByDecision } from "./routing.ts";
import { type LendServices, withServices } from "./services.ts";
import {
  SingleTaskInput,
  SingleTaskOutput,
  SingleTaskState,
  TaskOutput,
  TaskState,
  type TaskValues,
} from "./state.ts";

/** One candidate of a dataset that has been surveyed: what the graph of the whole runs for each. */
export function createTaskGraph(lend: LendServices) {
  return stages(lend, { input: TaskState, output: TaskOutput }).addEdge(START, "design");
}

/** One candidate that a person formulates, from the dataset on: for debugging a single design. */
export function createSingleTaskGraph(lend: LendServices) {
  return stages(lend, { input: SingleTaskInput, output: SingleTaskOutput })
    .addNode("survey", withServices(lend, surveyForTask), { input: SingleTaskState })
    .addNode("formulate", withServices(lend, formulate), { input: SingleTaskState })
    .addEdge(START, "survey")
    .addConditionalEdges("survey", (state) => (state.refusal === null ? "formulate" : END), [
      "formulate",
      END,
    ])
    .addEdge("formulate", "design");
}

/**
 * One candidate to a verified task, or to a rejection with every reason:
 * design → refactor → assertions → review → execution (→ a person's word) → publish, with feedback edges by blame.
 */
function stages(lend: LendServices, border: { input: AnyStateSchema; output: AnyStateSchema }) {
  const route = (onward: Onward) => (state: TaskValues, runtime: LangGraphRunnableConfig) =>
    lend({ input: state, runtime }, async ({ configuration }) =>
      routeByBlame(state, onward, configuration.attempts),
    );
  return new StateGraph({ state: TaskState, ...border })
    .addNode("design", withServices(lend, design))
    .addNode("refactor", withServices(lend, refactor))
    .addNode("assertions", withServices(lend, assertions))
    .addNode("review", withServices(lend, review))
    .addNode("execution", withServices(lend, execution))
    .addNode("approve_task", withServices(lend, approveTask))
    .addNode("publish", withServices(lend, publish))
    .addNode("reject", withServices(lend, reject))
    .addConditionalEdges("design", route("refactor"), ["refactor", "design", "reject"])
    .addConditionalEdges("refactor", route("assertions"), ["assertions", "design", "refactor", "reject"])
    .addConditionalEdges("assertions", route("review"), ["review", "design", "refactor", "reject"])
    .addConditionalEdges("review", route("execution"), ["execution", "design", "refactor", "reject"])
    .addConditionalEdges(
      "execution",
      (state: TaskValues, runtime) =>
        lend({ input: state, runtime }, async ({ configuration: { approve, attempts } }) =>
          routeByBlame(state, approve.tasks ? "approve_task" : "publish", attempts),
        ),
      ["approve_task", "publish", "design", "refactor", "reject"],
    )
    .addConditionalEdges(
      "approve_task",
      (state: TaskValues, runtime) =>
        lend({ input: state, runtime }, async ({ configuration, players }) =>
          routeByDecision(state, configuration.attempts, players.designer.readsRemarks),
        ),
      ["publish", "design", "reject"],
    )
    .addEdge("publish", END)
    .addEdge("reject", END);
}
