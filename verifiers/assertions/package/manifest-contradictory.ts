import { METRICS } from "../../../task/metrics/catalogue.ts";
import type { Check, Finding } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const check: Check<TaskPackage> = {
  id: "manifest-contradictory",
  layer: "assertions",
  title: "The manifest contradicts itself",
  severity: "fatal",
  blame: "refactor",
  why: "A solver and a grader that read two fields of one manifest must come to one task.",
  run({ manifest }) {
    if (manifest === null) return { skipped: "there is no valid manifest" };
    const findings: Finding[] = [];
    const { target, submission, auxiliary, metric, split, media, features } = manifest;
    const say = (message: string, evidence: string) => findings.push({ message, evidence });
    if (auxiliary.some((name) => submission.columns.includes(name)))
      say(
        "A submission must not hold columns that belong to the answers alone.",
        `auxiliary: ${auxiliary.join(", ")}`,
      );
    if ([...target.columns, ...submission.columns].includes(submission.id))
      say("The id must be neither a target nor a prediction.", `id: ${submission.id}`);
    if (submission.kind === "probabilities" && target.labels !== null) {
      const unlike = target.labels.filter((label) => !submission.columns.includes(label));
      if (unlike.length > 0 || submission.columns.length !== target.labels.length)
        say(
          "A submission of probabilities has one column per label.",
          `labels without a column: ${unlike.slice(0, 10).join(", ")}`,
        );
    }
    if ((submission.kind === "label" || submission.kind === "value") && submission.columns.length !== 1)
      say("A submission of one value per row has one column.", `columns: ${submission.columns.join(", ")}`);
    if (
      ["category", "ordinal"].includes(target.kind) &&
      (target.labels === null || new Set(target.labels).size < 2)
    )
      say(
        "A class target needs at least two distinct labels.",
        `labels: ${target.labels?.join(", ") ?? "none"}`,
      );
    if (target.labels !== null && new Set(target.labels).size !== target.labels.length)
      say("Labels must be distinct.", `labels: ${target.labels.slice(0, 20).join(", ")}`);
    if (split.strategy === "group" && split.groups.length === 0)
      say("A grouped split names its groups.", "split.groups is empty");
    if (split.strategy === "time" && split.time === null)
      say("A split by time names its time column.", "split.time is null");
    const hidden = new Set([...target.columns, submission.id]);
    const shown = features.filter((feature) => hidden.has(feature.column)).map((feature) => feature.column);
    if (shown.length > 0)
      say("Features must not hold the target or the id.", `features: ${shown.join(", ")}`);
    if (media !== null && features.length > 0 && !features.some((feature) => feature.column === media.column))
      say("The column that names files must be among the features.", `media column: ${media.column}`);
    if (metric.name !== "custom" && !Object.hasOwn(METRICS, metric.name))
      say("Name a metric of docs/metrics.md, or call it custom.", `metric: ${metric.name}`);
    if (!Number.isFinite(metric.best))
      say("The metric's best value must be a finite number.", `best: ${metric.best}`);
    return { measured: { features: features.length, labels: target.labels?.length ?? 0 }, findings };
  },
};
export default check;
