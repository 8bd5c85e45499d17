import { readPackage } from "../../task/package/read.ts";
import { type Defect, personChecks } from "../../verifiers/defect.ts";
import { loadLadder, loadRecords, packageOf } from "../artefacts.ts";
import { type TaskAnswer, taskAnswer } from "../people/answers.ts";
import { ask } from "../people/ask.ts";
import { taskFacts, taskQuestionText } from "../people/task-question.ts";
import { sendBack } from "../send-back.ts";
import type { Services } from "../services.ts";
import type { TaskUpdate, TaskValues } from "../state.ts";

/** Asks a person whether a verified task is published; it may be rejected, or sent back with a remark. */
export async function approveTask(services: Services, state: TaskValues): Promise<TaskUpdate> {
  // A run may be resumed without people being asked.
  if (!services.configuration.approve.tasks) return { decision: null, openDefects: [] };
  const { dataset, opened, candidate, attempts } = state;
  const preview = services.store.treePath(packageOf(state));
  const { manifest } = await readPackage(preview, { content: false });
  const records = await loadRecords(services, state.recordsKey);
  const ladder = await loadLadder(services, state.ladderKey);
  const { designer } = services.players;
  const designsLeft = Math.max(0, services.configuration.attempts.designer - attempts.designer);
  const answer = ask(
    {
      asks: "approve_task",
      question: taskQuestionText(designer, designsLeft),
      dataset: opened.name,
      candidate: candidate.id,
      task: taskFacts(manifest, records, ladder),
      preview,
      designsLeft,
      sendingBack: designer.readsRemarks && designsLeft > 0 ? "design" : "reject",
    },
    taskAnswer(candidate.id),
    (value) => ({ ok: true, value }),
  );
  const { decision } = answer;
  const words = wordsOf(answer);
  services.emit({
    event: "person_answered",
    dataset,
    candidate: candidate.id,
    asked: "approve_task",
    task: manifest.id,
    decision,
    ...(words === null ? {} : { words }),
  });
  return { decision, ...sendBack(services, state, words === null ? [] : [asDefect(decision, words)]) };
}

/** Reason or remark; null where the task was approved. */
function wordsOf(answer: TaskAnswer): string | null {
  if (answer.decision === "approve") return null;
  return answer.decision === "reject" ? answer.reason : answer.remark;
}

/** A person's word as a defect: kept with the result, and shown to the Designer, like any other. */
function asDefect(decision: TaskAnswer["decision"], words: string): Defect {
  const rejects = decision === "reject";
  return {
    check: rejects ? personChecks.rejected : personChecks.sentBack,
    layer: "review",
    severity: rejects ? "fatal" : "major",
    blame: "designer",
    message: words,
    evidence: "a person's own words",
    repair: null,
  };
}
