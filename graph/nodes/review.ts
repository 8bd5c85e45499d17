import { isGiveUp } from "../../agents/players.ts";
import { judgeReview } from "../../agents/reviewer/judge.ts";
import { keep, loadDesign, loadRecords, packageOf } from "../artefacts.ts";
import { readPackageTexts } from "../package-texts.ts";
import { playerContext } from "../player-context.ts";
import { givenUp, sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** The second layer: the Reviewer's rubric; our code decides what its answer means and discards unproven objections. */
export function review(services: Services, state: TaskValues): Promise<TaskUpdate> {
  const about = { dataset: state.dataset, candidate: state.candidate.id };
  return stage(services, "review", about, async () => {
    const design = await loadDesign(services, state.designKey);
    const records = await loadRecords(services, state.recordsKey);
    const { files, samples } = await readPackageTexts(services.store.treePath(packageOf(state)));
    const { candidate, siblings } = state;
    const review = await services.players.review(
      { candidate, design, files, samples, records, siblings },
      playerContext(services, about),
    );
    if (isGiveUp(review)) return sendBack(services, state, [givenUp("reviewer", review.giveUp)]);
    const record = judgeReview(review, { files, samples, records });
    const recordsKey = await keep(services, "records", [...records, record]);
    return {
      recordsKey,
      reviewKey: await keep(services, "review", review),
      ...sendBack(services, state, record.defects),
    };
  });
}
