import { basename, join, relative } from "node:path";
import { BadInputError } from "../../core/errors.ts";
import { isFolder, listForeignFiles, readForeignText, regularFile } from "./files.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import {
  DESCRIPTION_TEXT,
  MADE_BY_IMPORT,
  METRIC_TEXT,
  PREPARE_TEXT,
  SOURCE_TEXTS,
  waive,
} from "./waived.ts";

const SAMPLE = /^sample_?-?submission\b.*\.csv$/i;
const ANSWERS = /^(private\/)?(test_answers?|answers?|solution|ground_?truth|test_labels?|private)\.csv$/i;

/**
 * A bare folder: train, test, sample submission and answers, beside each other or in `public/` and `private/`, and the name
 * of a metric. Throws BadInputError without a metric, or where sample submission or answers are not found.
 */
export async function readFolder(folder: string, options: ImportOptions): Promise<ForeignTask> {
  if (options.metric === undefined)
    throw new BadInputError(
      `${folder} is neither a task package nor a competition of MLE-Dojo or mle-bench.`,
      {
        hint: "For a folder with train, test, sample submission and answers, name the metric with --metric.",
      },
    );
  const paths = await listForeignFiles(folder);
  const split = await isFolder(join(folder, "public"));
  const publicFolder = split ? join(folder, "public") : folder;
  const answers = await find(folder, options.answers, paths, ANSWERS, "answers");
  const sample = await find(
    publicFolder,
    options.sample,
    split ? await listForeignFiles(publicFolder) : paths,
    SAMPLE,
    "sample",
  );
  const description =
    (await readForeignText(join(folder, "description.md"))) ??
    (await readForeignText(join(folder, "description.txt")));
  const prepare = await readForeignText(join(folder, "prepare.py"));
  return {
    format: "folder",
    name: basename(folder),
    publicFolder,
    leaveOut: new Set(
      split
        ? ["description.md", "description.txt"]
        : ["description.md", "description.txt", "prepare.py", "metric.py", relative(folder, answers)].concat(
            paths.filter((path) => path.startsWith("private/")),
          ),
    ),
    sample,
    answers,
    description: description ?? NO_DESCRIPTION,
    prepare: prepare ?? '"""The task came without a program that prepares it."""\n',
    metric: null,
    metricTitle: null,
    direction: null,
    waived: {
      ...MADE_BY_IMPORT,
      ...waive("the metric is named and its program is ours", ...METRIC_TEXT),
      ...(prepare === null ? waive("the task has no prepare.py", ...PREPARE_TEXT, ...SOURCE_TEXTS) : {}),
      ...(description === null ? waive("the task has no description", ...DESCRIPTION_TEXT) : {}),
    },
  };
}

const NO_DESCRIPTION = "The task came without a description.\n";

async function find(
  folder: string,
  given: string | undefined,
  paths: string[],
  pattern: RegExp,
  what: "answers" | "sample",
): Promise<string> {
  const path = given ?? paths.find((name) => pattern.test(name));
  const file = path === undefined ? null : await regularFile(join(folder, path));
  if (file === null)
    throw new BadInputError(`${folder} holds no ${what === "sample" ? "sample submission" : "answers"}.`, {
      hint: `Name the file with --${what}.`,
    });
  return file;
}
