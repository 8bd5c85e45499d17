import type { Services } from "../services.ts";
import { slotsToReplace } from "../smith-graph.ts";
import { loadSurvey } from "../artefacts.ts";
import { stage } from "../stage.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

/** Asks the Brainstormer for candidates; the second time only for replacements of unsound ideas. */
export function brainstormNode(services: Services) {
  return (state: SmithValues): Promise<SmithUpdate> =>
    stage(services, "brainstorm", { dataset: state.path }, async () => {
      const survey = await loadSurvey(services, state.surveyKey);
      const replacing = slotsToReplace(state);
      const first = state.candidates.length === 0;
      const wanted = first ? services.configuration.tasks : replacing.length;
      const proposed = await services.players.brainstorm({
        survey,
        count: wanted,
        earlier: state.candidates,
        rejected: state.results
          .filter((result) => result.status === "rejected")
          .map(({ candidate, title, defects }) => ({ candidate, title, defects })),
      }, services);
      const known = new Set(state.candidates.map((candidate) => candidate.id));
      const fresh = proposed.candidates.filter((candidate) => !known.has(candidate.id)).slice(0, wanted);
      for (const candidate of fresh) {
        services.emit({ event: "candidate_proposed", dataset: state.path, candidate: candidate.id, title: candidate.title, objective: candidate.objective, metric: candidate.metric });
      }
      const candidates = [...state.candidates, ...fresh];
      // A replacement has no replacement of its own: its slot counts as replaced from the start.
      const newSlots = first ? [] : fresh.map((_candidate, index) => state.candidates.length + index);
      const refusal = candidates.length === 0
        ? { reason: proposed.reason ?? "no question that somebody would ask of this data was found", help: "name the columns in a README (what each means, and which is the outcome), or let a model play: --model NAME" }
        : null;
      return { candidates, replacedSlots: [...state.replacedSlots, ...replacing, ...newSlots], refusal };
    });
}
