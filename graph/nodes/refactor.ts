import { isGiveUp } from "../../agents/players.ts";
import type { Design } from "../../agents/roles.ts";
import { keepDesign, loadDesign, loadSurvey } from "../artefacts.ts";
import { authorOf } from "../author.ts";
import { datasetFacts } from "../dataset-facts.ts";
import { packageDesign } from "../package-design.ts";
import { playerContext } from "../player-context.ts";
import { givenUp, sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** Brings the design into the standard layout; when form was found wanting, Refactor mends the design first. */
export function refactor(services: Services, state: TaskValues): Promise<TaskUpdate> {
  const mending = state.openDefects.length > 0;
  const attempts = { ...state.attempts, refactor: state.attempts.refactor + (mending ? 1 : 0) };
  const about = { dataset: state.dataset, candidate: state.candidate.id };
  return stage(
    services,
    "refactor",
    { ...about, attempt: attempts.designer + attempts.refactor },
    async () => {
      const survey = await loadSurvey(services, state.surveyKey);
      let design: Design = await loadDesign(services, state.designKey);
      if (mending) {
        const { candidate, history, openDefects } = state;
        const mended = await services.players.refactor(
          { survey, raw: state.opened.raw, candidate, design, defects: openDefects, history },
          playerContext(services, about),
        );
        if (isGiveUp(mended))
          return {
            attempts,
            ...sendBack(services, { ...state, attempts }, [givenUp("refactor", mended.giveUp)]),
          };
        design = mended;
      }
      const designKey = await keepDesign(services, design);
      const context = {
        raw: state.opened.raw,
        dataset: datasetFacts(services, state.opened, survey),
        author: authorOf(services, state.candidate),
      };
      const packaged = await packageDesign(services, design, context);
      if (!packaged.ok)
        return { attempts, designKey, ...sendBack(services, { ...state, attempts }, [packaged.defect]) };
      return { attempts, designKey, packageTree: packaged.tree, openDefects: [] };
    },
  );
}
