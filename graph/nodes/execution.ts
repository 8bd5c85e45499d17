import { runLadder } from "../../verifiers/verify.ts";
import { keep, loadRecords, packageOf } from "../artefacts.ts";
import { jobMeasures } from "../job-measures.ts";
import { playerContext } from "../player-context.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/**
 * The third layer: reference solvers of rising strength show that the task can be solved and that its metric responds;
 * where a model plays the solver, a coding agent has to solve it as well.
 */
export function execution(services: Services, state: TaskValues): Promise<TaskUpdate> {
  const about = { dataset: state.dataset, candidate: state.candidate.id };
  return stage(services, "execution", about, async () => {
    const { records, ladder, agent } = await runLadder(packageOf(state), services, {
      signal: services.signal,
      onEvent: jobMeasures(services, state),
      agent: services.players.solver(playerContext(services, about)),
      onStep: (step) => services.emit({ event: "agent_step", ...about, ...step }),
    });
    for (const { name, score } of ladder)
      services.emit({ event: "ladder_step", ...about, step: name, score });
    const found = sendBack(
      services,
      state,
      records.flatMap((record) => record.defects),
    );
    const recordsKey = await keep(services, "records", [
      ...(await loadRecords(services, state.recordsKey)),
      ...records,
    ]);
    const agentKey = agent === null ? null : await keep(services, "agent", agent);
    return { recordsKey, ladderKey: await keep(services, "ladder", ladder), agentKey, ...found };
  });
}
