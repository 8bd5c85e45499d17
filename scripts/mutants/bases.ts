import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { runGenerate } from "../../cli/generate.ts";
import { createRun } from "../../cli/run-folder.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import { Manifest } from "../../task/manifest.ts";
import { syntheticPackages } from "../../tests/mutants/synthetic.ts";
import type { Draft } from "../../tests/verifiers/helpers/draft.ts";

/** A sound package that mutants are made of. */
export interface Base {
  name: string;
  modality: string;
  /** A fresh copy: mutants change it. */
  load(): Promise<Draft>;
  /** Folder of the raw data from which `prepare.py` made it; null for those made by hand. */
  raw: string | null;
  /** Whether a verification takes long; such a base serves mainly kinds that no other suits. */
  heavy: boolean;
}

const EXAMPLES = join(import.meta.dirname, "../../examples");
/** Datasets of the corpus of which the rules make small tasks, over many modalities. */
const OF_CORPUS = [
  "sms-spam",
  "sign-language-digits",
  "fsdd-spoken-digits",
  "vic-electricity-demand",
  "lightgbm-lambdarank",
  "rossi-recidivism",
  "tox21-toxicity",
  "insteval-ratings",
  "student-math-grades",
  "nonvoters-survey",
];
const TASKS_OF_A_DATASET = 2;
const HEAVY_BYTES = 1_500_000;
const HEAVY_ROWS = 6000;

/** All bases: made by the rules from datasets (once; kept in `cache`), and those made by hand. */
export async function openBases(cache: string, corpus: string | undefined): Promise<Base[]> {
  const datasets = ["penguins", "chinook"].map((name) => ({ name, path: join(EXAMPLES, name) }));
  if (corpus !== undefined)
    for (const name of OF_CORPUS)
      if (existsSync(join(corpus, name))) datasets.push({ name, path: join(corpus, name) });
  let made = await tasksIn(cache);
  const lacking = datasets.filter(({ name }) => !made.some((task) => task.dataset === name));
  if (lacking.length > 0) {
    process.stderr.write(`making packages of ${lacking.map(({ name }) => name).join(", ")}\n`);
    const run = createRun(
      cache,
      lacking.map(({ path }) => path),
      loadConfiguration({}),
    );
    await runGenerate(run, { signal: new AbortController().signal });
    made = await tasksIn(cache);
  }
  const bases: Base[] = [];
  for (const { name } of datasets)
    for (const task of made.filter(({ dataset }) => dataset === name).slice(0, TASKS_OF_A_DATASET))
      bases.push(task.base);
  for (const [name, make] of Object.entries(syntheticPackages)) {
    const { modality } = make().manifest;
    bases.push({
      name: `synthetic-${name}`,
      modality,
      load: remembered(() => Promise.resolve(make())),
      raw: null,
      heavy: false,
    });
  }
  return bases;
}

async function tasksIn(cache: string): Promise<{ dataset: string; base: Base }[]> {
  const folder = join(cache, "tasks");
  if (!existsSync(folder)) return [];
  const found = [];
  for (const id of (await readdir(folder)).sort()) {
    const { manifest, bytes } = await manifestOf(join(folder, id));
    const { dataset, fingerprint } = manifest.lineage;
    const rows = manifest.split.sizes.train + manifest.split.sizes.test;
    const raw = join(cache, "datasets", `${dataset}-${fingerprint.slice(0, 12)}`, "raw");
    found.push({
      dataset,
      base: {
        name: id.replace(/-[0-9a-f]{8}$/, ""),
        modality: manifest.modality,
        load: remembered(() => loadDraft(join(folder, id))),
        raw: existsSync(raw) ? raw : null,
        heavy: bytes > HEAVY_BYTES || rows > HEAVY_ROWS || manifest.media !== null,
      },
    });
  }
  return found;
}

async function manifestOf(folder: string): Promise<{ manifest: Manifest; bytes: number }> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, "task.json"), "utf8")));
  return { manifest, bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0) };
}

/** Reads or makes a draft once. Copies share the bytes of files, which mutants replace and never change in place. */
function remembered(load: () => Promise<Draft>): () => Promise<Draft> {
  let first: Promise<Draft> | undefined;
  return async () => {
    first ??= load();
    const { manifest, files } = await first;
    return { manifest: structuredClone(manifest), files: new Map(files) };
  };
}

const TEXT = /\.(csv|md|txt|py|json)$/;

/** A package folder in memory, without certificate. */
async function loadDraft(folder: string): Promise<Draft> {
  const { manifest } = await manifestOf(folder);
  const { files: _listed, ...rest } = manifest;
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== "task.json" && path !== "certificate.json")
    .sort();
  const files = new Map<string, string | Uint8Array>();
  for (const path of paths) {
    const bytes = await readFile(join(folder, path));
    files.set(path, TEXT.test(path) ? bytes.toString("utf8") : new Uint8Array(bytes));
  }
  return { manifest: rest, files };
}
