import { assertPackage } from "../../verifiers/verify.ts";
import { keep } from "../artefacts.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";
import { packageOf } from "../artefacts.ts";

/** The first layer: deterministic checks of the package, its data and its metric. */
export function assertionsNode(services: Services) {
  return (state: TaskValues): Promise<TaskUpdate> =>
    stage(services, "assertions", { dataset: state.dataset.path, candidate: state.candidate.id }, async () => {
      const records = await assertPackage(packageOf(state), services, { raw: state.dataset.raw, signal: services.signal });
      const found = sendBack(services, state, records.flatMap((record) => record.defects).filter((defect) => !isForReviewer(defect)));
      return { recordsKey: await keep(services, "records", records), ...found };
    });
}

/** A strong feature is not a leak: what is major and measured by layer 1 as a question for the Reviewer goes on to it. */
function isForReviewer(defect: { severity: string; layer: string }): boolean {
  return defect.layer === "review";
}
