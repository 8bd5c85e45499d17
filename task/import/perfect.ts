import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BadInputError } from "../../core/errors.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { ImportServices, Question } from "./import-task.ts";

const PACKAGES = ["../python/smith_import", "../python/smith_task"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/** A tree with `test_answer.csv` and `perfect.csv`, the submission that knows the answers. */
export async function perfectSubmission(
  question: Question,
  prepared: TreeReference,
  services: ImportServices,
  run: { signal?: AbortSignal },
): Promise<TreeReference> {
  const outcome = await services.programs.run(
    {
      name: "import-perfect",
      argv: ["-m", "smith_import.perfect"],
      packages: PACKAGES,
      input: question,
      trees: { task: prepared },
      output: z.strictObject({ rows: z.int() }),
    },
    run,
  );
  if (!outcome.ok)
    throw new BadInputError(`The answers could not be turned into a submission: ${outcome.reason}`);
  return outcome.outputs;
}
