import { END, Send, START, StateGraph } from "@langchain/langgraph";
import { inputOf } from "./input.ts";
import { approveCandidates } from "./nodes/approve-candidates.ts";
import { brainstorm } from "./nodes/brainstorm.ts";
import { report } from "./nodes/report.ts";
import { survey } from "./nodes/survey.ts";
import { candidatesToTry, slotsToReplace } from "./routing.ts";
import { type LendServices, withServices } from "./services.ts";
import { SmithInput, SmithOutput, SmithState, type SmithValues } from "./state.ts";
import { createTaskGraph } from "./task-graph.ts";

/** Steps of one graph, at most: three candidates with all their attempts stay far below. LangGraph's own bound is 25. */
export const recursionLimit = 200;

/** The whole: dataset → survey → brainstorm (→ a person's word) → one task graph per candidate, in parallel → replacement ideas → report. */
export function createSmithGraph(lend: LendServices) {
  return new StateGraph({ state: SmithState, input: SmithInput, output: SmithOutput })
    .addNode("survey", withServices(lend, survey))
    .addNode("brainstorm", withServices(lend, brainstorm))
    .addNode("approve_candidates", withServices(lend, approveCandidates))
    .addNode("task", createTaskGraph(lend).compile())
    .addNode("report", withServices(lend, report))
    .addEdge(START, "survey")
    .addConditionalEdges(
      "survey",
      (state: SmithValues) => (state.refusal === null ? "brainstorm" : "report"),
      ["brainstorm", "report"],
    )
    .addConditionalEdges(
      "brainstorm",
      (state: SmithValues, runtime) =>
        lend({ input: state, runtime }, async ({ configuration }) =>
          configuration.approve.candidates ? ("approve_candidates" as const) : fanOut(state),
        ),
      ["approve_candidates", "task", "report"],
    )
    .addConditionalEdges("approve_candidates", fanOut, ["task", "report"])
    .addConditionalEdges(
      "task",
      (state: SmithValues) => (slotsToReplace(state).length > 0 ? "brainstorm" : "report"),
      ["brainstorm", "report"],
    )
    .addEdge("report", END);
}

/** One task graph per candidate without a result. */
function fanOut(state: SmithValues): Send[] | "report" {
  const { opened, surveyKey } = state;
  const waiting = candidatesToTry(state);
  if (waiting.length === 0 || opened === null || surveyKey === null) return "report";
  return waiting.map(({ candidate, slot }) => {
    const siblings = state.candidates
      .filter((other) => other.id !== candidate.id)
      .map((other) => other.title);
    return new Send("task", { ...inputOf(state), opened, surveyKey, slot, candidate, siblings });
  });
}
