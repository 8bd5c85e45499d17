import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InfrastructureError } from "../../core/errors.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import { METRICS, MetricName, metricParameters } from "../metrics/catalogue.ts";
import { submissionKind } from "../metrics/submission.ts";
import type { ImportServices, Question } from "./import-task.ts";

const PACKAGES = ["../python/smith_import", "../python/smith_task"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/** Submissions that show what a foreign metric is. */
export interface Trials {
  /** Holds `test_answer.csv`, `perfect.csv` and `guess.csv`. */
  tree: TreeReference;
  /** What each metric of the catalogue that fits the question gives the guess. */
  references: Partial<Record<MetricName, number>>;
}

/** Writes a submission that knows the answers and one that guesses. Throws InfrastructureError when ours fails. */
export async function writeTrials(
  question: Question,
  prepared: TreeReference,
  services: ImportServices,
  run: { signal?: AbortSignal },
): Promise<Trials> {
  const outcome = await services.programs.run(
    {
      name: "import-perfect",
      argv: ["-m", "smith_import.perfect"],
      packages: PACKAGES,
      input: { question, candidates: candidatesFor(question) },
      trees: { task: prepared },
      output: z.strictObject({ references: z.partialRecord(MetricName, z.number()) }),
    },
    run,
  );
  if (!outcome.ok)
    throw new InfrastructureError(`The answers could not be turned into a submission: ${outcome.reason}`);
  return { tree: outcome.outputs, references: outcome.output.references };
}

/** Metrics of the catalogue whose submission is of the question's kind, with their parameters. */
function candidatesFor({
  kind,
  labels,
  submission,
}: Question): Record<string, Record<string, number | string>> {
  if (kind === "other") return {};
  const fitting = MetricName.options.filter((name) => {
    try {
      return METRICS[name].auxiliary === null && submissionKind(name, { kind, labels }) === submission;
    } catch {
      return false; // it cannot grade such a target
    }
  });
  return Object.fromEntries(fitting.map((name) => [name, metricParameters(name, {})]));
}

/** The metric of the catalogue that gives these scores, if there is one; scores may be rounded to five decimals. */
export function recognise(
  references: Trials["references"],
  scores: { perfect: number | null; guess: number | null },
): MetricName | null {
  const { perfect, guess } = scores;
  if (perfect === null || guess === null) return null;
  const near = (left: number, right: number) => Math.abs(left - right) <= 2e-5 * Math.max(1, Math.abs(right));
  const found = MetricName.options.find((name) => {
    const value = references[name];
    return value !== undefined && near(guess, value) && near(perfect, METRICS[name].best);
  });
  return found ?? null;
}
