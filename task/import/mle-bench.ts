import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { BadInputError, describeError } from "../../core/errors.ts";
import { isFolder, listForeignFiles, readForeignText, regularFile } from "./files.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import { wrapGrade } from "./mle-bench-metric.ts";
import { MADE_BY_IMPORT, METRIC_TEXT, waive } from "./waived.ts";

/** Whether the folder is a competition of mle-bench. */
export async function isMleBench(folder: string): Promise<boolean> {
  return (
    (await regularFile(join(folder, "config.yaml"))) !== null &&
    (await regularFile(join(folder, "grade.py"))) !== null
  );
}

const Config = z.object({
  id: z.string().max(200),
  dataset: z.object({ answers: z.string().max(500), sample_submission: z.string().max(500) }),
  grader: z.object({ name: z.string().max(200) }),
});

/**
 * A competition of mle-bench: `config.yaml`, `grade.py`, `prepare.py`, `description.md`, and the prepared data
 * `<data-dir>/<id>/prepared/{public,private}`, below the folder or given as `data`. Modules of mle-bench that `grade.py`
 * imports are taken from the checkout that the folder stands in. Throws BadInputError where config or public data are not
 * found; missing answers are for the checks.
 */
export async function readMleBench(folder: string, options: ImportOptions): Promise<ForeignTask> {
  const config = await readConfig(folder);
  const data = await dataFolder(folder, config.id, options.data);
  const inData = (path: string) => join(data, path.replace(/^.*?\bprepared\//, ""));
  const grade = (await readForeignText(join(folder, "grade.py"))) ?? "";
  return {
    format: "mle-bench",
    name: config.id,
    publicFolder: join(data, "public"),
    leaveOut: new Set(["description.md"]),
    sample: await regularFile(
      options.sample === undefined
        ? inData(config.dataset.sample_submission)
        : join(data, "public", options.sample),
    ),
    answers: await regularFile(
      options.answers === undefined ? inData(config.dataset.answers) : join(data, "private", options.answers),
    ),
    description: await readForeignText(join(folder, "description.md")),
    prepare: await readForeignText(join(folder, "prepare.py")),
    metric: wrapGrade({ ...(await benchModules(folder)), ...(await ownModules(folder)), grade }),
    metricTitle: config.grader.name,
    direction: leaderboardDirection(await readForeignText(join(folder, "leaderboard.csv")).catch(() => null)),
    waived: {
      ...MADE_BY_IMPORT,
      ...waive("grade.py is wrapped by the import", ...METRIC_TEXT),
      ...waive("a mle-bench grader does not declare its best value", "metric-perfect-not-best"),
      ...waive("mle-bench reads the direction from the leaderboard", "metric-direction-wrong"),
    },
  };
}

async function readConfig(folder: string): Promise<z.infer<typeof Config>> {
  try {
    return Config.parse(
      parse((await readForeignText(join(folder, "config.yaml"))) ?? "", { maxAliasCount: 0 }),
    );
  } catch (error) {
    throw new BadInputError(
      `${join(folder, "config.yaml")} is no configuration of a competition: ${describeError(error).slice(0, 300)}`,
      { cause: error },
    );
  }
}

async function dataFolder(folder: string, id: string, given: string | undefined): Promise<string> {
  const roots = given === undefined ? [folder] : [given, join(given, id)];
  for (const root of roots)
    for (const candidate of [join(root, "prepared"), root])
      if (await isFolder(join(candidate, "public"))) return candidate;
  throw new BadInputError(`No prepared data (prepared/public) of ${id} below ${given ?? folder}.`, {
    hint: "Run `mlebench prepare`, and give its data folder with --data.",
  });
}

/** Other Python files of the competition, that `grade.py` may import with a leading dot. */
async function ownModules(folder: string): Promise<Record<string, string>> {
  const modules: Record<string, string> = {};
  const names = (await listForeignFiles(folder)).filter((path) => /^[A-Za-z_]\w*\.py$/.test(path));
  for (const name of names.filter((path) => !["grade.py", "prepare.py", "__init__.py"].includes(path)))
    modules[basename(name, ".py")] = (await readForeignText(join(folder, name))) ?? "";
  return modules;
}

/** Shared modules of the checkout that the competition stands in, by full name; none where it stands alone. */
async function benchModules(folder: string): Promise<Record<string, string>> {
  const root = dirname(dirname(folder));
  const modules: Record<string, string> = {};
  for (const name of ["competitions/utils", "metrics"]) {
    const text = await readForeignText(join(root, `${name}.py`)).catch(() => null);
    if (text !== null) modules[`mlebench.${name.replace("/", ".")}`] = text;
  }
  return modules;
}

/** The direction, as mle-bench tells it: the leaderboard's first score against its last. */
function leaderboardDirection(text: string | null): ForeignTask["direction"] {
  const [header = "", ...rows] = text?.trim().split(/\r?\n/) ?? [];
  const place = header.split(",").indexOf("score");
  const score = (row: string | undefined) => Number(row?.split(",")[place] || Number.NaN);
  const [first, last] = [score(rows[0]), score(rows.at(-1))];
  if (place < 0 || !Number.isFinite(first) || !Number.isFinite(last) || first === last) return null;
  return first < last ? "minimize" : "maximize";
}
