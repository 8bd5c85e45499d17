import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { runGenerate } from "../../cli/generate.ts";
import { createRun } from "../../cli/run-folder.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import { Manifest } from "../../task/manifest.ts";
import { spare, syntheticPackages } from "../../tests/mutants/synthetic.ts";
import type { Draft } from "../../tests/verifiers/helpers/draft.ts";

/** A sound package that mutants are made of. */
export interface Base {
  name: string;
  modality: string;
  /** A fresh copy: mutants change it. */
  load(): Promise<Draft>;
  /** Folder of the raw data from which `prepare.py` made it; null for those made by hand. */
  raw: string | null;
  /** Whether a verification takes long, or the base was made for few kinds: it serves mainly those that no other suits. */
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
const HEAVY_ROWS = 6000;
const HEAVY_CELLS = 100_000;

/** All bases: made by the rules from datasets (once; kept in `cache`), and those made by hand. */
export async function openBases(cache: string, corpus: string | undefined): Promise<Base[]> {
  const datasets = ["penguins", "chinook"].map((name) => ({ name, path: join(EXAMPLES, name) }));
  if (corpus !== undefined)
    for (const name of OF_CORPUS)
      if (existsSync(join(corpus, name))) datasets.push({ name, path: join(corpus, name) });
  let made = await tasksIn(cache);
  // Of some datasets the rules make no task: they are not tried again.
  const tried = join(cache, "datasets-tried.json");
  const earlier = existsSync(tried)
    ? z.array(z.string()).parse(JSON.parse(await readFile(tried, "utf8")))
    : [];
  const lacking = datasets.filter(
    ({ name }) => !earlier.includes(name) && !made.some((task) => task.dataset === name),
  );
  if (lacking.length > 0) {
    process.stderr.write(`making packages of ${lacking.map(({ name }) => name).join(", ")}\n`);
    const run = createRun(
      cache,
      lacking.map(({ path }) => path),
      loadConfiguration({}),
    );
    await runGenerate(run, { signal: new AbortController().signal });
    made = await tasksIn(cache);
    await writeFile(tried, JSON.stringify([...earlier, ...lacking.map(({ name }) => name)]));
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
      heavy: spare.has(name),
    });
  }
  return bases;
}

async function tasksIn(cache: string): Promise<{ dataset: string; base: Base }[]> {
  const folder = join(cache, "tasks");
  if (!existsSync(folder)) return [];
  const found = [];
  for (const id of (await readdir(folder)).sort()) {
    const manifest = await manifestOf(join(folder, id));
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
        heavy: rows > HEAVY_ROWS || rows * manifest.features.length > HEAVY_CELLS || manifest.media !== null,
      },
    });
  }
  return found;
}

async function manifestOf(folder: string): Promise<Manifest> {
  return Manifest.parse(JSON.parse(await readFile(join(folder, "task.json"), "utf8")));
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
  const { files: _listed, ...manifest } = await manifestOf(folder);
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
  return { manifest, files };
}
