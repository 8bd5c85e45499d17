import { assertPackage } from "../../verifiers/verify.ts";
import { keep, packageOf } from "../artefacts.ts";
import { jobMeasures } from "../job-measures.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** The first layer: deterministic checks of the package, its data and its metric. */
export function assertions(services: Services, state: TaskValues): Promise<TaskUpdate> {
  return stage(
    services,
    "assertions",
    { dataset: state.dataset, candidate: state.candidate.id },
    async () => {
      const records = await assertPackage(packageOf(state), services, {
        raw: state.opened.raw,
        signal: services.signal,
        onEvent: jobMeasures(services, state),
      });
      const found = sendBack(
        services,
        state,
        records.flatMap((record) => record.defects),
      );
      return { recordsKey: await keep(services, "records", records), ...found };
    },
  );
}
