import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BadInputError } from "../../core/errors.ts";
import { sha256 } from "../../core/hash.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { ProgramRunner } from "../../sandbox/program.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { assemblePackage } from "../package/assemble.ts";
import { calibrate } from "./calibrate.ts";
import { listForeignFiles } from "./files.ts";
import { readFolder } from "./folder.ts";
import type { ForeignTask, ImportOptions } from "./foreign-task.ts";
import { draftForeign } from "./manifest.ts";
import { isMleBench, readMleBench } from "./mle-bench.ts";
import { isMleDojo, readMleDojo } from "./mle-dojo.ts";

/** A task of others in our layout. */
export interface ImportedTask {
  format: ForeignTask["format"];
  /** The package; without a manifest where the task lacks a part that it cannot be without. */
  tree: TreeReference;
  /** Checks that do not apply, and why. */
  waived: Record<string, string>;
  /** What was assumed or left out. */
  notes: string[];
}

/** What was found in the tables. */
export const Question = z.strictObject({
  id: z.string(),
  targets: z.array(z.string()).min(1),
  kind: z.enum(["number", "count", "category", "ordinal", "multilabel", "relevance", "survival", "other"]),
  labels: z.array(z.string()).nullable(),
  columns: z.array(z.string()).min(1),
  submission: z.enum(["label", "score", "probabilities", "value", "labels", "scores", "other"]),
  auxiliary: z.array(z.string()),
  one_hot: z.array(z.string()),
});
export type Question = z.infer<typeof Question>;

const Found = z.union([
  z.strictObject({ problem: z.string() }),
  z.strictObject({
    problem: z.null(),
    question: Question,
    media: z.strictObject({ column: z.string(), kind: z.enum(["image", "audio"]) }).nullable(),
    notes: z.array(z.string()),
    used: z.array(z.string()),
    sizes: z.strictObject({ train: z.int(), test: z.int() }),
  }),
]);

const PACKAGES = ["../python/smith_import", "../python/smith_task"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

/** What an import needs of the system. */
export interface ImportServices {
  store: ArtefactStore;
  programs: ProgramRunner;
}

/**
 * Lays a task that others made out as our package, in the store. Nothing of the task runs outside the sandbox. Throws
 * BadInputError for a folder of no known format, for links and odd names, and where the question cannot be told from the
 * tables; a task without answers, sample submission or `prepare.py` is laid out as it is, for the checks to judge.
 */
export async function importTask(
  folder: string,
  options: ImportOptions,
  services: ImportServices,
  run: { signal?: AbortSignal } = {},
): Promise<ImportedTask> {
  const task = await readForeign(folder, options);
  const stage = await mkdtemp(join(tmpdir(), "mle-smith-import-"));
  try {
    return await layOut(task, options, services, stage, run);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function readForeign(folder: string, options: ImportOptions): Promise<ForeignTask> {
  if (await isMleBench(folder)) return await readMleBench(folder, options);
  if (await isMleDojo(folder)) return await readMleDojo(folder, options);
  return await readFolder(folder, options);
}

async function layOut(
  task: ForeignTask,
  options: ImportOptions,
  services: ImportServices,
  stage: string,
  run: { signal?: AbortSignal },
): Promise<ImportedTask> {
  const { store, programs } = services;
  const { format, sample, answers } = task;
  await copyPublic(task, join(stage, "all", "public"));
  if (sample === null || answers === null)
    return { format, tree: await incomplete(task, stage, store), waived: task.waived, notes: [] };

  const published = await store.putTree(join(stage, "all", "public"));
  await mkdir(join(stage, "hidden"));
  await copyFile(answers, join(stage, "hidden", basename(answers)));
  const sampleIsPublic = sample.startsWith(`${task.publicFolder}/`);
  if (!sampleIsPublic) await copyFile(sample, join(stage, "hidden", `sample-${basename(sample)}`));
  const facts = options.metric === undefined ? null : METRICS[options.metric];
  const outcome = await programs.run(
    {
      name: "import",
      argv: ["-m", "smith_import"],
      packages: PACKAGES,
      input: {
        sample: sampleIsPublic ? sample.slice(task.publicFolder.length + 1) : `sample-${basename(sample)}`,
        sampleIsPrivate: !sampleIsPublic,
        answers: basename(answers),
        given: {
          id: options.id ?? null,
          targets: options.targets ?? null,
          auxiliary: options.auxiliary ?? (facts?.auxiliary === null ? [] : null),
          train: options.train ?? null,
          test: options.test ?? null,
        },
        metric: metricHints(task, options),
      },
      trees: { public: published, private: await store.putTree(join(stage, "hidden")) },
      output: Found,
      limits: { wallMs: 300_000, memMb: 4096 },
    },
    run,
  );
  if (!outcome.ok) throw new BadInputError(`The tables of ${task.name} could not be read: ${outcome.reason}`);
  const found = outcome.output;
  if (found.problem !== null) throw new BadInputError(`${task.name}: ${found.problem}`);

  const laidOut = join(store.treePath(outcome.outputs), "tree");
  const whole = join(stage, "all");
  for (const path of found.used) await rm(join(whole, "public", path), { force: true });
  await copyAll(laidOut, whole);
  const prepared = await store.putTree(whole);
  const calibrated = await calibrate(task, options, found.question, prepared, services, run);
  const fingerprint = sha256(`${published.hash}`);
  const tree = await assemblePackage(
    {
      prepared,
      prepare: task.prepare ?? "",
      metric: calibrated.code,
      description: task.description ?? "",
      attribution: null,
      manifest: draftForeign(task, options, { ...found, metric: calibrated.metric, fingerprint }),
    },
    store,
  );
  return { format, tree, waived: task.waived, notes: [...found.notes, ...calibrated.notes] };
}

/** What the user's metric says of target and submission, or the words that the format has for its own. */
function metricHints(task: ForeignTask, options: ImportOptions): Record<string, string | null> {
  if (options.metric === undefined) return { kind: null, submission: null, title: task.metricTitle };
  const { objectives, submission, auxiliary } = METRICS[options.metric];
  const kinds: Partial<Record<string, string>> = {
    regression: "number",
    ordinal_classification: "ordinal",
    multilabel_classification: "multilabel",
    ranking: "relevance",
    survival: "survival",
  };
  const [objective = "regression"] = objectives;
  const kind = auxiliary === "event" ? "survival" : (kinds[objective] ?? "category");
  // Two metrics grade classes as well as several labels; the tables tell which.
  const both = objectives.includes("multilabel_classification") && objectives.length > 1;
  return {
    kind: both ? null : kind,
    submission: both ? null : submission,
    title: METRICS[options.metric].title,
  };
}

/** Copies what solvers see, but for what the import writes itself. Links, odd names and too much are refused. */
async function copyPublic(task: ForeignTask, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const path of await listForeignFiles(task.publicFolder))
    if (!task.leaveOut.has(path)) await copyOne(join(task.publicFolder, path), join(target, path));
}

async function copyAll(source: string, target: string): Promise<void> {
  for (const path of await listForeignFiles(source)) await copyOne(join(source, path), join(target, path));
}

async function copyOne(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}

/** A task that lacks a part: what there is, under our names, without a manifest. */
async function incomplete(task: ForeignTask, stage: string, store: ArtefactStore): Promise<TreeReference> {
  const folder = join(stage, "all");
  for (const [source, path] of [
    [task.sample, "public/sample_submission.csv"],
    [task.answers, "private/test_answer.csv"],
  ] as const)
    if (source !== null) await copyOne(source, join(folder, path));
  const texts = {
    "description.md": task.description,
    "public/description.md": task.description,
    "prepare.py": task.prepare,
    "metric.py": task.metric,
  };
  const tree = await store.newTree();
  try {
    for (const path of await listForeignFiles(folder)) {
      await tree.add(path, await readFile(join(folder, path)));
    }
    for (const [path, text] of Object.entries(texts)) if (text !== null) await tree.add(path, text);
    return await tree.commit();
  } catch (error) {
    await tree.abandon();
    throw error;
  }
}
