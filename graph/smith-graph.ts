import { END, Send, START, StateGraph } from "@langchain/langgraph";
import { brainstormNode } from "./nodes/brainstorm.ts";
import { surveyNode } from "./nodes/survey.ts";
import { slotsToReplace } from "./routing.ts";
import type { Services } from "./services.ts";
import { SmithState, type SmithValues } from "./state.ts";
import { createTaskGraph } from "./task-graph.ts";

/** The whole: dataset → survey → brainstorm → one task graph per candidate, in parallel → replacement ideas → end. */
export function createSmithGraph(services: Services) {
  return new StateGraph(SmithState)
    .addNode("survey", surveyNode(services))
    .addNode("brainstorm", brainstormNode(services))
    .addNode("task", createTaskGraph(services).compile())
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
  const { dataset, surveyKey } = state;
  const waiting = state.candidates
    .map((candidate, slot) => ({ candidate, slot }))
    .filter(({ candidate }) => !state.results.some((result) => result.candidate === candidate.id));
  if (waiting.length === 0 || dataset === null || surveyKey === null) return END;
  return waiting.map(({ candidate, slot }) => {
    const siblings = state.candidates
      .filter((other) => other.id !== candidate.id)
      .map((other) => other.title);
    return new Send("task", { dataset, surveyKey, slot, candidate, siblings });
  });
}
