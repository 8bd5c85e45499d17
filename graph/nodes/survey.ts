import { hashValue } from "../../core/hash.ts";
import { openDataset } from "../../dataset/open.ts";
import { surveyDataset } from "../../dataset/run-survey.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { SmithUpdate, SmithValues } from "../state.ts";

/** Opens the dataset and measures it; a dataset of which no task can be made ends here with the reason. */
export function survey(services: Services, state: SmithValues): Promise<SmithUpdate> {
  return stage(services, "survey", { dataset: state.dataset }, async () => {
    const opened = await openDataset(state.dataset, services, { signal: services.signal });
    const survey = await surveyDataset(opened, services, { signal: services.signal });
    const surveyKey = `survey-${hashValue(survey)}`;
    await services.store.putJson(surveyKey, survey);
    services.emit({
      event: "survey_done",
      dataset: state.dataset,
      views: survey.views.length,
      refusal: survey.refusal,
    });
    const { name, raw, fingerprint } = opened;
    return { opened: { name, raw, fingerprint }, surveyKey, refusal: survey.refusal };
  });
}
