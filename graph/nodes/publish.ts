import { publishDataset, publishTask } from "../../task/package/publish.ts";
import { readPackage } from "../../task/package/read.ts";
import { loadAgent, loadLadder, loadRecords, loadReview, packageOf } from "../artefacts.ts";
import { certify } from "../certify.ts";
import type { Services } from "../services.ts";
import { stage } from "../stage.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";
import { endTaskSpan } from "../task-span.ts";

/** Puts the accepted package and one copy of its dataset in place, whole or not at all. */
export function publish(services: Services, state: TaskValues): Promise<TaskUpdate> {
  const { dataset, opened, candidate, slot, attempts } = state;
  const about = { dataset, candidate: candidate.id };
  return stage(services, "publish", about, async () => {
    const tree = packageOf(state);
    const { manifest } = await readPackage(services.store.treePath(tree), { content: false });
    const certificate = await certify({
      task: manifest.id,
      records: await loadRecords(services, state.recordsKey),
      ladder: await loadLadder(services, state.ladderKey),
      agent: await loadAgent(services, state.agentKey),
      review: await loadReview(services, state.reviewKey),
      author: manifest.author,
      runtime: manifest.runtime,
    });
    await publishDataset(opened.raw, opened, services.out, services.store);
    const path = await publishTask(tree, certificate, { out: services.out, id: manifest.id }, services.store);
    services.emit({ event: "task_published", ...about, id: manifest.id, path, title: manifest.title });
    endTaskSpan(about, "accepted");
    const defects = state.history.map(({ attempt, defect }) => ({
      attempt,
      check: defect.check,
      blame: defect.blame,
      message: defect.message,
      evidence: defect.evidence,
    }));
    return {
      results: [
        {
          slot,
          title: manifest.title,
          candidate: candidate.id,
          objective: manifest.objective,
          metric: manifest.metric.name,
          status: "accepted" as const,
          unsoundIdea: false,
          id: manifest.id,
          path,
          approvedByPerson: state.decision === "approve",
          attempts,
          defects,
        },
      ],
    };
  });
}
