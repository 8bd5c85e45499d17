import { loadSurvey } from "../artefacts.ts";
import { playerContext } from "../player-context.ts";
import { slotsToReplace } from "../routing.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

const noQuestion = {
  reason: "no question that somebody would ask of this data was found",
  help: "say in a README what the columns mean and which is the outcome, or let a model play: --model NAME",
};

/** Asks the Brainstormer for candidates; the second time only for replacements of unsound ideas. */
export function brainstorm(services: Services, state: SmithValues): Promise<SmithUpdate> {
  return stage(services, "brainstorm", { dataset: state.dataset }, async () => {
    const replacing = slotsToReplace(state);
    const first = state.candidates.length === 0;
    const count = first ? services.configuration.tasks : replacing.length;
    const ideas = await services.players.brainstorm(
      {
        survey: await loadSurvey(services, state.surveyKey),
        ...(state.opened === null ? {} : { raw: state.opened.raw }),
        count,
        earlier: state.candidates,
        rejected: state.results.filter((result) => result.status === "rejected"),
      },
      playerContext(services, { dataset: state.dataset }),
    );
    const known = new Set(state.candidates.map((candidate) => candidate.id));
    const fresh = ideas.candidates.filter((candidate) => !known.has(candidate.id)).slice(0, count);
    for (const [index, { id, title, objective, metric }] of fresh.entries()) {
      services.emit({
        event: "candidate_proposed",
        dataset: state.dataset,
        candidate: id,
        number: state.candidates.length + index + 1,
        of: state.candidates.length + fresh.length,
        title,
        objective,
        metric,
      });
    }
    const candidates = [...state.candidates, ...fresh];
    // A replacement has no replacement of its own: its slot counts as replaced from the start.
    const newSlots = first ? [] : fresh.map((_candidate, index) => state.candidates.length + index);
    const refusal =
      candidates.length > 0
        ? null
        : { reason: ideas.reason ?? noQuestion.reason, help: ideas.help ?? noQuestion.help };
    return { candidates, replacedSlots: [...state.replacedSlots, ...replacing, ...newSlots], refusal };
  });
}
