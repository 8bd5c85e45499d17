import { candidateAsked } from "../../agents/brainstormer/asked.ts";
import { loadSurvey } from "../artefacts.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { SingleTaskValues, TaskUpdate } from "../state.ts";

/** Makes a candidate of what a person asks for, where a Brainstormer would propose one. */
export function formulate(services: Services, state: SingleTaskValues): Promise<TaskUpdate> {
  return stage(services, "formulate", { dataset: state.dataset }, async () => {
    const candidate = candidateAsked(await loadSurvey(services, state.surveyKey), state);
    const { id, title, objective, metric } = candidate;
    services.emit({
      event: "candidate_proposed",
      dataset: state.dataset,
      candidate: id,
      number: 1,
      of: 1,
      title,
      objective,
      metric,
    });
    return { candidate };
  });
}
