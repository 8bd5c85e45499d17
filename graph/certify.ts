import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Review } from "../agents/roles.ts";
import type { Certificate } from "../task/certificate.ts";
import type { Manifest } from "../task/manifest.ts";
import { checkCatalogue } from "../verifiers/catalogue.ts";
import type { CheckRecord } from "../verifiers/defect.ts";
import type { Executed } from "../verifiers/execution/execute.ts";

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));

/**
 * What a certificate says: every check with its measures, its threshold and how to repeat it, the rubric, the ladder, the
 * versions. A verification without a Reviewer has no rubric.
 */
export async function certify(
  facts: Executed & {
    task: string;
    review: Review | null;
    author: Manifest["author"];
    runtime: Manifest["runtime"];
  },
): Promise<Certificate> {
  const thresholds = new Map(
    (await checkCatalogue()).flatMap((part) => part.checks).map(({ id, threshold }) => [id, threshold]),
  );
  return {
    schema: "mle-smith/certificate@1",
    task: facts.task,
    checks: facts.records.map(({ check, layer, verdict, measured, defects }) => {
      const threshold = thresholds.get(check) || undefined;
      return {
        check,
        layer,
        verdict,
        measured,
        ...(threshold === undefined ? {} : { threshold }),
        repeat: repeatOf(check, layer),
        remarks: defects.map(({ severity, message, evidence }) => ({ severity, message, evidence })),
      };
    }),
    review:
      facts.review === null ? null : { reviewer: reviewerOf(facts.author), scores: facts.review.scores },
    ladder: facts.ladder.flatMap(({ name, model, score, interval }) =>
      score === null ? [] : [{ name, method: model, score, interval }],
    ),
    agent: facts.agent,
    personalData: facts.records.flatMap((record) => personalDataOf(record)),
    labelsPublic: "unknown",
    versions: versionsOf(facts.runtime),
  };
}

function repeatOf(check: string, layer: CheckRecord["layer"]): Certificate["checks"][number]["repeat"] {
  if (layer === "review") return "none";
  if (check.startsWith("solver-agent-")) return "verify --model";
  return check.startsWith("preparation-") || check === "prepared-data-differ" ? "verify --raw" : "verify";
}

function reviewerOf(author: Manifest["author"]): string {
  if (author.kind === "rules") return `rules ${author.version}`;
  return author.kind === "model" ? (author.models.reviewer ?? "rules") : "by hand";
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
  return { "mle-smith": version, python: runtime.python, ...Object.fromEntries(pairs) };
}
