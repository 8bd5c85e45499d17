import type { Specification } from "../../../task/specification.ts";
import type { Candidate } from "../../roles.ts";

/**
 * The specification with what a person changed of its candidate: title, question and metric. Target and view are read
 * from the candidate before. Gives up where rules would decide otherwise than the person did.
 */
export function honourEdits(
  specification: Specification,
  candidate: Candidate,
): Specification | { giveUp: string } {
  const edited = new Set(candidate.edited);
  const ignored = (["dataUse", "rationale"] as const).filter((field) => edited.has(field));
  if (ignored.length > 0)
    return {
      giveUp: `built-in rules decide by themselves how data are used: they cannot follow an edited ${ignored.join(" and ")}`,
    };
  if (edited.has("target") && candidate.target.length > 1)
    return { giveUp: "built-in rules predict several columns only where they found them to belong together" };
  if (edited.size > 0 && candidate.objective !== specification.objective)
    return {
      giveUp: `built-in rules make a ${words(specification.objective)} of ${candidate.target.join(", ")}, not a ${words(candidate.objective)}`,
    };
  if (edited.has("metric") && candidate.metric === "custom")
    return { giveUp: "built-in rules write no metric of their own" };
  return {
    ...specification,
    ...(edited.has("title") ? { title: candidate.title } : {}),
    ...(edited.has("question") ? { question: candidate.question } : {}),
    ...(edited.has("metric") &&
    candidate.metric !== "custom" &&
    candidate.metric !== specification.metric.name
      ? { metric: { name: candidate.metric, parameters: {} } }
      : {}),
  };
}

function words(objective: string): string {
  return objective.replaceAll("_", " ");
}
