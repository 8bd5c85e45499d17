import type { Review } from "../agents/roles.ts";
import type { Certificate } from "../task/certificate.ts";
import type { Manifest } from "../task/manifest.ts";
import type { CheckRecord } from "../verifiers/defect.ts";
import type { LadderStep } from "../verifiers/execution/ladder.ts";

/** What an accepted task's certificate says: every check with its measures, the rubric, the ladder, the versions. */
export function certify(facts: {
  task: string;
  records: CheckRecord[];
  ladder: LadderStep[];
  review: Review;
  author: Manifest["author"];
  runtime: Manifest["runtime"];
}): Certificate {
  return {
    schema: "mle-smith/certificate@1",
    task: facts.task,
    checks: facts.records.map(({ check, layer, verdict, measured, defects }) => ({
      check,
      layer,
      verdict,
      measured,
      remarks: defects.map(({ severity, message, evidence }) => ({ severity, message, evidence })),
    })),
    review: { reviewer: reviewerOf(facts.author), scores: facts.review.scores },
    ladder: facts.ladder.flatMap(({ name, model, score, interval }) =>
      score === null ? [] : [{ name, method: model, score, interval }],
    ),
    personalData: facts.records.flatMap((record) => personalDataOf(record)),
    labelsPublic: "unknown",
    versions: versionsOf(facts.runtime),
  };
}

function reviewerOf(author: Manifest["author"]): string {
  return author.kind === "rules" ? `rules ${author.version}` : (author.models.reviewer ?? "rules");
}

/** A check may list what it found of persons under `personal`. */
function personalDataOf(record: CheckRecord): string[] {
  const { personal } = record.measured;
  return Array.isArray(personal) ? personal.filter((entry) => typeof entry === "string") : [];
}

function versionsOf(runtime: Manifest["runtime"]): Record<string, string> {
  const pairs = runtime.requirements
    .map((requirement) => requirement.split("=="))
    .filter((pair) => pair.length === 2);
  return { python: runtime.python, ...Object.fromEntries(pairs) };
}
