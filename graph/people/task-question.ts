import type { Manifest } from "../../task/manifest.ts";
import type { CheckRecord } from "../../verifiers/defect.ts";
import type { LadderStep } from "../../verifiers/execution/ladder.ts";
import type { TaskQuestion } from "./questions.ts";
import { clipped, few } from "./texts.ts";

/** Short facts of a verified package, for a person who decides about it. */
export function taskFacts(
  manifest: Manifest,
  records: readonly CheckRecord[],
  ladder: readonly LadderStep[],
): TaskQuestion["task"] {
  const { name, title, direction, best } = manifest.metric;
  const { strategy, groups, time, sizes } = manifest.split;
  return {
    title: manifest.title,
    question: clipped(manifest.question, 600),
    objective: manifest.objective,
    target: few(manifest.target.columns),
    metric: { name, title, direction, best },
    split: { strategy, groups: few(groups, 5), time, train: sizes.train, test: sizes.test },
    features: manifest.features.length,
    ladder: ladder.flatMap((step) => (step.score === null ? [] : [{ name: step.name, score: step.score }])),
    checksPassed: records.filter(({ verdict }) => verdict === "pass").length,
    remarks: few(
      records.flatMap(({ defects }) => defects.map(({ message }) => clipped(message, 200))),
      5,
    ),
  };
}

/** The question in words: what each answer leads to is said before it is given. */
export function taskQuestionText(
  designer: { name: string; readsRemarks: boolean },
  designsLeft: number,
): string {
  const back = designer.readsRemarks
    ? designsLeft > 0
      ? `"send_back" has ${designer.name} design it anew after your remark, with every check run again (designs left: ${designsLeft}).`
      : `no design is left: "send_back" rejects it with your remark as the reason.`
    : `built-in rules cannot act on a remark: "send_back" rejects it with your remark as the reason.`;
  return `Every check has passed. Shall this task be published? "approve" publishes it; "reject" keeps your reason with the result; ${back}`;
}
