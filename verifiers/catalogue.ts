import { readFile } from "node:fs/promises";
import type { CheckFacts } from "./check.ts";
import { measuredNames } from "./measured-names.ts";
import { pythonCheckFacts } from "./python-facts.ts";
import { loadChecks } from "./registry.ts";

/** One part of the catalogue: where its checks run and from what they judge. */
export interface CataloguePart {
  title: string;
  /** One sentence. */
  about: string;
  checks: CheckFacts[];
}

let catalogue: Promise<CataloguePart[]> | undefined;

/** Every check there is, in the order in which they run. */
export function checkCatalogue(): Promise<CataloguePart[]> {
  catalogue ??= readCatalogue();
  return catalogue;
}

async function readCatalogue(): Promise<CataloguePart[]> {
  const folder = async (path: string): Promise<CheckFacts[]> =>
    await Promise.all(
      (await loadChecks<never>(new URL(path, import.meta.url))).map(async (check) => ({
        ...check,
        measures: measuredNames(await readFile(new URL(`${path}${check.id}.ts`, import.meta.url), "utf8")),
      })),
    );
  const python = pythonCheckFacts();
  const isSource = (check: CheckFacts) => /^(source|prepare|metric)-/.test(check.id);
  return [
    {
      title: "The package",
      about: "Judged from names, sizes, manifest and texts; no table is opened.",
      checks: await folder("./assertions/package/"),
    },
    {
      title: "The programs, as texts",
      about: "`prepare.py` and `metric.py` are parsed, never run.",
      checks: python.filter(isSource),
    },
    {
      title: "The data",
      about: "Measured on the tables and files by trusted code in the sandbox.",
      checks: python.filter((check) => !isSource(check)),
    },
    {
      title: "The metric",
      about:
        "`metric.py` scores submissions of known quality in a process of its own; what it returns is data, judged in another process.",
      checks: await folder("./assertions/metric/"),
    },
    {
      title: "The preparation, repeated",
      about:
        "`prepare.py` runs again on the raw data, where they are at hand (`verify --raw`, and when a task is made).",
      checks: await folder("./assertions/preparation/"),
    },
    {
      title: "Execution",
      about: "Reference solvers see `public/` alone, and the task's own metric grades them.",
      checks: await folder("./execution/checks/"),
    },
    {
      title: "Execution by a coding agent",
      about:
        "Where a model is configured (`models.solver`, and `verify --model`), a coding agent solves the task in the [interactive environment](environment.md). Without one these checks are `not_applicable`: not run.",
      checks: await folder("./execution/agent/checks/"),
    },
  ];
}

/** Ids of every check. */
export async function checkIds(): Promise<Set<string>> {
  return new Set((await checkCatalogue()).flatMap((part) => part.checks.map((check) => check.id)));
}
