import { runLadder } from "../../verifiers/verify.ts";
import { keep, loadRecords, packageOf } from "../artefacts.ts";
import { jobMeasures } from "../job-measures.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** The third layer: reference solvers of rising strength show that the task can be solved and that its metric responds. */
export function execution(services: Services, state: TaskValues): Promise<TaskUpdate> {
  return stage(services, "execution", { dataset: state.dataset, candidate: state.candidate.id }, async () => {
    const { records, ladder } = await runLadder(packageOf(state), services, {
      signal: services.signal,
      onEvent: jobMeasures(services, state),
    });
    for (const { name, score } of ladder)
      services.emit({
        event: "ladder_step",
        dataset: state.dataset,
        candidate: state.candidate.id,
        step: name,
        score,
      });
    const found = sendBack(
      services,
      state,
      records.flatMap((record) => record.defects),
    );
    const recordsKey = await keep(services, "records", [
      ...(await loadRecords(services, state.recordsKey)),
      ...records,
    ]);
    return { recordsKey, ladderKey: await keep(services, "ladder", ladder), ...found };
  });
}
