import { hashValue } from "../../core/hash.ts";
import { openDataset } from "../../dataset/open.ts";
import { surveyDataset } from "../../dataset/run-survey.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

/** Opens the dataset and measures it; a dataset of which no task can be made ends here with the reason. */
export function surveyNode(services: Services) {
  return (state: SmithValues): Promise<SmithUpdate> =>
    stage(services, "survey", { dataset: state.path }, async () => {
      const opened = await openDataset(state.path, services, { signal: services.signal });
      const survey = await surveyDataset(opened, services, { signal: services.signal });
      const surveyKey = `survey-${hashValue(survey)}`;
      await services.store.putJson(surveyKey, survey);
      services.emit({
        event: "survey_done",
        dataset: state.path,
        views: survey.views.length,
        refusal: survey.refusal,
      });
      const { name, raw, fingerprint } = opened;
      return { dataset: { path: state.path, name, raw, fingerprint }, surveyKey, refusal: survey.refusal };
    });
}
