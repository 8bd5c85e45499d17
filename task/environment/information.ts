import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "../manifest.ts";
import { InfoType } from "./actions.ts";

/** Where a solver's code finds the public files, and where it works. */
export const DATA_PATH = "/job/public";
export const WORK_PATH = "/out";

const OVERVIEW_CHARACTERS = 12_000;
const SAMPLE_BYTES = 2_000;
const SAMPLE_LINES = 4;
const MOST_ENTRIES = 10;

/** Parts of what `request_info` tells. */
export type InfoPart = Exclude<InfoType, "all">;
export const ALL_PARTS = InfoType.exclude(["all"]).options;

/**
 * What `request_info` answers: one part, or several under their names. Text of the task's author and of its data.
 * `folder` is the public one.
 */
export async function information(
  parts: readonly InfoPart[],
  { manifest, folder }: { manifest: Manifest; folder: string },
): Promise<string> {
  const texts = await Promise.all(parts.map((name) => part(name, manifest, folder)));
  if (texts.length === 1) return texts.join("");
  return texts.map((text, place) => `# ${parts[place]}\n${text.trim()}`).join("\n\n");
}

async function part(type: InfoPart, manifest: Manifest, folder: string): Promise<string> {
  switch (type) {
    case "name":
      return manifest.title;
    case "overview":
      return cut(await head(join(folder, "description.md"), 4 * OVERVIEW_CHARACTERS), OVERVIEW_CHARACTERS);
    case "metadata":
      return metadata(manifest);
    case "data_structure":
      return (await tree(folder, "")).join("\n");
    case "sample_submission": {
      const text = await head(join(folder, "sample_submission.csv"), SAMPLE_BYTES);
      return text.split("\n").slice(0, SAMPLE_LINES).join("\n");
    }
    case "data_path":
      return DATA_PATH;
    case "output_path":
      return `${WORK_PATH}/submission.csv`;
  }
}

function metadata({ metric, budget, runtime, submission }: Manifest): string {
  return [
    `metric: ${metric.title}, ${metric.direction === "maximize" ? "higher" : "lower"} is better, perfect is ${metric.best}`,
    `submission columns: ${[submission.id, ...submission.columns.slice(0, 40)].join(", ")}${submission.columns.length > 40 ? ` … (${submission.columns.length})` : ""}`,
    `limits of all runs together: ${budget.seconds} s; of each: ${budget.memoryMb} MB of memory, ${budget.cpus} cores; no network`,
    [`Python ${runtime.python}`, runtime.requirements.join(", ")].filter(Boolean).join(": "),
  ].join("\n");
}

/** Files with their sizes, folders first; of a folder with many entries the first ten and the number of the rest. */
async function tree(folder: string, indent: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((left, right) =>
    left.isDirectory() === right.isDirectory()
      ? left.name < right.name
        ? -1
        : 1
      : left.isDirectory()
        ? -1
        : 1,
  );
  const lines: string[] = [];
  for (const entry of entries.slice(0, MOST_ENTRIES)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      lines.push(`${indent}${entry.name}/`, ...(await tree(path, `${indent}  `)).slice(0, 2 * MOST_ENTRIES));
    else lines.push(`${indent}${entry.name} (${(await stat(path)).size} bytes)`);
  }
  if (entries.length > MOST_ENTRIES) lines.push(`${indent}… and ${entries.length - MOST_ENTRIES} more`);
  return lines;
}

/** The first bytes of a file as text; empty where there is none. */
async function head(path: string, bytes: number): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return "(there is none)";
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}\n… (cut)`;
}
