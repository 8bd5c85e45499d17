import { fileURLToPath } from "node:url";
import { BadInputError, InfrastructureError } from "../core/errors.ts";
import type { JobLimits, TreeReference } from "../sandbox/job.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { Survey } from "./survey.ts";

/** Our Python package that reads and measures datasets; other programs that load views need it too. */
export const datasetPackage = fileURLToPath(new URL("./python/smith_dataset", import.meta.url));

/** What the survey needs to know of a dataset that has been opened. */
export interface SurveyInput {
  name: string;
  /** The dataset's files in the store. */
  raw: TreeReference;
  fingerprint: string;
  /** What was left out when the dataset was opened; it is listed first in the survey. */
  setAside?: { path: string; why: string }[];
}

const limits: Partial<JobLimits> = { wallMs: 180_000, memMb: 6144, outputBytes: 64 * 1024 * 1024 };

/**
 * Measures a dataset inside the sandbox: views, columns, groups, times, roles and probes. A dataset of which no task
 * can be made is a result too (`survey.refusal`).
 *
 * @throws BadInputError when the data are too large to be measured within the limits, InfrastructureError when the
 * program itself fails, InterruptedError when `signal` is aborted.
 */
export async function surveyDataset(
  opened: SurveyInput,
  services: { programs: ProgramRunner },
  options: { signal?: AbortSignal } = {},
): Promise<Survey> {
  const outcome = await services.programs.run(
    {
      name: "survey",
      argv: ["-m", "smith_dataset.survey"],
      packages: [datasetPackage],
      input: { dataset: { name: opened.name, fingerprint: opened.fingerprint }, limits: {} },
      trees: { raw: opened.raw },
      limits,
      output: Survey,
    },
    options,
  );
  if (outcome.ok)
    return { ...outcome.output, setAside: [...(opened.setAside ?? []), ...outcome.output.setAside] };
  const { status } = outcome.result;
  if (status === "timeout" || status === "oom" || status === "output_too_large") {
    throw new BadInputError(`The dataset ${opened.name} could not be measured: ${outcome.reason}.`, {
      hint: "Hand over fewer or smaller files, for instance a sample of the rows.",
    });
  }
  throw new InfrastructureError(`The survey of ${opened.name} failed: ${outcome.reason}`);
}
