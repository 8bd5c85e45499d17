import { basename, dirname, join } from "node:path";
import { BadInputError } from "../../core/errors.ts";
import { isFolder, readForeignText, regularFile } from "./files.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import { DESCRIPTION_TEXT, MADE_BY_IMPORT, waive } from "./waived.ts";

/** Whether the folder is a competition of MLE-Dojo, its prepared data, or both in one. */
export async function isMleDojo(folder: string): Promise<boolean> {
  return (
    (await isFolder(join(folder, "utils"))) ||
    (await isFolder(join(folder, "data", "public"))) ||
    (await regularFile(join(folder, "public", "description.txt"))) !== null
  );
}

/**
 * A competition of MLE-Dojo: `utils/{metric,prepare}.py` and `info/` of the package's folder, and the prepared data
 * `<data-dir>/<name>/data/{public,private}`, below the folder or given as `data`. Throws BadInputError where the code or the
 * public data are not found; missing answers and an empty `prepare.py` are for the checks.
 */
export async function readMleDojo(folder: string, options: ImportOptions): Promise<ForeignTask> {
  const code = (await isFolder(join(folder, "utils"))) ? folder : null;
  if (code === null)
    throw new BadInputError(
      `${folder} holds the data of a MLE-Dojo competition and not its utils/metric.py.`,
      {
        hint: "Give the competition's folder (mledojo/competitions/<name>), and the data with --data.",
      },
    );
  const data = await dataFolder(folder, options.data);
  const metric = await readForeignText(join(code, "utils", "metric.py"));
  return {
    format: "mle-dojo",
    name: basename(folder),
    publicFolder: join(data, "public"),
    leaveOut: new Set(["description.txt"]),
    sample: await regularFile(join(data, "public", options.sample ?? "sample_submission.csv")),
    answers: await regularFile(join(data, "private", options.answers ?? "test_answer.csv")),
    description:
      (await readForeignText(join(data, "public", "description.txt"))) ??
      (await readForeignText(join(code, "info", "description.txt"))),
    prepare: await readForeignText(join(code, "utils", "prepare.py")),
    metric: metric ?? "",
    metricTitle: /"""([^"]{3,300})"""/.exec(metric ?? "")?.[1] ?? null,
    direction: null,
    waived: {
      ...MADE_BY_IMPORT,
      ...waive("a MLE-Dojo description is a text without fixed sections", ...DESCRIPTION_TEXT),
      ...waive("a MLE-Dojo metric does not declare its best value", "metric-perfect-not-best"),
      ...waive("the direction of a MLE-Dojo metric is stated by the metric alone", "metric-direction-wrong"),
    },
  };
}

async function dataFolder(folder: string, given: string | undefined): Promise<string> {
  const roots = given === undefined ? [folder] : [given, join(given, basename(folder))];
  for (const root of roots)
    for (const candidate of [join(root, "data"), root])
      if (await isFolder(join(candidate, "public"))) return candidate;
  throw new BadInputError(
    `No prepared data (data/public) of ${basename(folder)} below ${given ?? dirname(join(folder, "x"))}.`,
    {
      hint: "Run MLE-Dojo's preparation, and give its folder with --data.",
    },
  );
}
