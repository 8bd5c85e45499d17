import { hashValue } from "../../core/hash.ts";
import { loadDesign, loadSurvey } from "../artefacts.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";
import { workplaceOf } from "../workplace.ts";

/** The Designer turns the candidate into a design, with all earlier defects of this task before it. */
export function designNode(services: Services) {
  return (state: TaskValues): Promise<TaskUpdate> => {
    const attempt = state.attempts.designer + 1;
    const attempts = { ...state.attempts, designer: attempt };
    return stage(services, "design", { dataset: state.dataset.path, candidate: state.candidate.id, attempt }, async () => {
      const design = await services.players.design(
        {
          survey: await loadSurvey(services, state.surveyKey),
          candidate: state.candidate,
          seed: services.configuration.seed,
          previous: state.designKey === null ? null : await loadDesign(services, state.designKey),
          history: state.history,
        },
        workplaceOf(services, state),
      );
      if ("giveUp" in design) return { attempts, ...sendBack(services, { ...state, attempts }, [givenUp("designer", design.giveUp)]) };
      const designKey = `design-${hashValue(design)}`;
      await services.store.putJson(designKey, design);
      return { attempts, designKey, openDefects: [] };
    });
  };
}

/** An author who sees no way on ends the task: nobody else can mend it. */
export function givenUp(role: string, reason: string) {
  return { check: `${role}-gave-up`, layer: "assertions", severity: "fatal", blame: "brainstormer", message: reason, evidence: "the author's own words", repair: null } as const;
}
