import { assertPackage } from "../../verifiers/verify.ts";
import { keep, packageOf } from "../artefacts.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** The first layer: deterministic checks of the package, its data and its metric. */
export function assertionsNode(services: Services) {
  return (state: TaskValues): Promise<TaskUpdate> =>
    stage(
      services,
      "assertions",
      { dataset: state.dataset.path, candidate: state.candidate.id },
      async () => {
        const records = await assertPackage(packageOf(state), services, {
          raw: state.dataset.raw,
          signal: services.signal,
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
