import { isGiveUp } from "../../agents/players.ts";
import { keepDesign, loadDesign, loadSurvey } from "../artefacts.ts";
import { playerContext } from "../player-context.ts";
import { givenUp, sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** The Designer turns the candidate into a design, with all earlier defects of this task before it. */
export function design(services: Services, state: TaskValues): Promise<TaskUpdate> {
  const attempts = { ...state.attempts, designer: state.attempts.designer + 1 };
  const about = { dataset: state.dataset, candidate: state.candidate.id };
  return stage(services, "design", { ...about, attempt: attempts.designer }, async () => {
    const { candidate, siblings, history } = state;
    const survey = await loadSurvey(services, state.surveyKey);
    const previous = state.designKey === null ? null : await loadDesign(services, state.designKey);
    const { seed } = services.configuration;
    const design = await services.players.design(
      { survey, raw: state.opened.raw, candidate, siblings, history, previous, seed },
      playerContext(services, about),
    );
    if (isGiveUp(design))
      return {
        attempts,
        ...sendBack(services, { ...state, attempts }, [givenUp("designer", design.giveUp)]),
      };
    return { attempts, designKey: await keepDesign(services, design), openDefects: [] };
  });
}
