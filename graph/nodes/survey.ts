import { Overwrite } from "@langchain/langgraph";
import { hashValue } from "../../core/hash.ts";
import { openDataset } from "../../dataset/open.ts";
import { surveyDataset } from "../../dataset/run-survey.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { SingleTaskValues, SmithUpdate, SmithValues, TaskUpdate } from "../state.ts";

/** Opens the dataset and measures it; a dataset of which no task can be made ends here with the reason. */
export async function survey(services: Services, state: SmithValues): Promise<SmithUpdate> {
  const fresh = {
    candidates: [],
    approvedCandidates: [],
    replacedSlots: [],
    results: new Overwrite([]),
    funnel: null,
  };
  return { ...fresh, ...(await measure(services, state.dataset)) };
}

/** The same for one candidate. A thread may have been through another one: what it left is cleared. */
export async function surveyForTask(services: Services, state: SingleTaskValues): Promise<TaskUpdate> {
  const fresh = {
    slot: 0,
    siblings: [],
    designKey: null,
    recordsKey: null,
    reviewKey: null,
    ladderKey: null,
    agentKey: null,
    packageTree: null,
    attempts: { designer: 0, refactor: 0 },
    decision: null,
    openDefects: [],
    history: new Overwrite([]),
    results: new Overwrite([]),
  };
  return { ...fresh, ...(await measure(services, state.dataset)) };
}

function measure(services: Services, dataset: string) {
  return stage(services, "survey", { dataset }, async () => {
    const { signal } = services;
    const { path, exact } = await services.locate(dataset);
    const found = await openDataset(path, services, { signal, exact });
    const measured = await surveyDataset(found, services, { signal });
    const surveyKey = `survey-${hashValue(measured)}`;
    await services.store.putJson(surveyKey, measured);
    services.emit({
      event: "survey_done",
      dataset,
      views: measured.views.length,
      refusal: measured.refusal,
    });
    const { name, raw, fingerprint } = found;
    return { opened: { name, raw, fingerprint }, surveyKey, refusal: measured.refusal };
  });
}
