import { END, Send, START, StateGraph } from "@langchain/langgraph";
import { inputOf } from "./input.ts";
import { brainstorm } from "./nodes/brainstorm.ts";
import { survey } from "./nodes/survey.ts";
import { slotsToReplace } from "./routing.ts";
import { type LendServices, withServices } from "./services.ts";
import { SmithState, type SmithValues } from "./state.ts";
import { createTaskGraph } from "./task-graph.ts";

/** The whole: dataset → survey → brainstorm → one task graph per candidate, in parallel → replacement ideas → end. */
export function createSmithGraph(lend: LendServices) {
  return new StateGraph(SmithState)
    .addNode("survey", withServices(lend, survey))
    .addNode("brainstorm", withServices(lend, brainstorm))
    .addNode("task", createTaskGraph(lend).compile())
    .addEdge(START, "survey")
    .addConditionalEdges("survey", (state: SmithValues) => (state.refusal === null ? "brainstorm" : END), [
      "brainstorm",
      END,
    ])
    .addConditionalEdges("brainstorm", fanOut, ["task", END])
    .addConditionalEdges(
      "task",
      (state: SmithValues) => (slotsToReplace(state).length > 0 ? "brainstorm" : END),
      ["brainstorm", END],
    );
}

/** One task graph per candidate without a result. */
function fanOut(state: SmithValues): Send[] | typeof END {
  const { opened, surveyKey } = state;
  const waiting = state.candidates
    .map((candidate, slot) => ({ candidate, slot }))
    .filter(({ candidate }) => !state.results.some((result) => result.candidate === candidate.id));
  if (waiting.length === 0 || opened === null || surveyKey === null) return END;
  return waiting.map(({ candidate, slot }) => {
    const siblings = state.candidates
      .filter((other) => other.id !== candidate.id)
      .map((other) => other.title);
    return new Send("task", { ...inputOf(state), opened, surveyKey, slot, candidate, siblings });
  });
}
