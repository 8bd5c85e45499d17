import type { Draft } from "../../verifiers/helpers/draft.ts";
import { readCsv, textOf } from "../table.ts";
import { retouchDescription } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { hasTables, SAMPLE, targetOf } from "./truth.ts";

export const METRIC = "description states the metric and its direction as the manifest does";
export const FILES = "description names every public file and none that is absent";
export const SHOWS = "description shows a submission that validates";
export const CLEAR = "clarity and completeness of the description";

export type Change = (text: string, draft: Draft) => string;

/** A change to the description; the twin adds a sentence that is true. */
export function said(id: string, breaks: string, catalogue: string, change: Change): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies(draft) {
      if (!hasTables(draft) || !draft.files.has("description.md")) return false;
      const text = textOf(draft, "description.md");
      return change(text, draft) !== text;
    },
    mutate: (draft) => retouchDescription(draft, (text) => change(text, draft)),
    twin: (draft) =>
      retouchDescription(draft, (text) =>
        text.replace("\n## Data\n", "\n## Data\n\nThe tables are comma-separated text with a header line.\n"),
      ),
  };
}

/** Changes one section, from its heading to the next. */
export function section(text: string, heading: RegExp, change: (part: string) => string): string {
  const start = text.search(heading);
  if (start < 0) return text;
  const next = text.slice(start + 3).search(/^## /m);
  const end = next < 0 ? text.length : start + 3 + next;
  return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
}

export const EVALUATION = /^## Evaluation/m;
export const FORMAT = /^## Submission format/m;
export const count = (value: number): string =>
  `(?<![\\d.,])(?:${value}|${value.toLocaleString("en-US")})(?![\\d.,]*\\d)`;

/** A metric of the same direction with which this one may be confused. */
export function otherMetric(draft: Draft): { name: string; title: string } {
  const { name, direction } = draft.manifest.metric;
  if (direction === "minimize") {
    return /mae|absolute/.test(name)
      ? { name: "rmse", title: "root mean squared error" }
      : { name: "mae", title: "mean absolute error" };
  }
  return /accuracy/.test(name) && !/balanced/.test(name)
    ? { name: "macro_f1", title: "macro-averaged F1" }
    : { name: "accuracy", title: "accuracy" };
}

/** Swaps two texts. */
export function swap(text: string, one: string, other: string): string {
  return text
    .split(one)
    .map((part) => part.replaceAll(other, () => one))
    .join(other);
}

export function line(text: string, pattern: RegExp, change: (line: string) => string | null): string {
  const lines = text.split("\n");
  const place = lines.findIndex((candidate) => pattern.test(candidate));
  if (place < 0) return text;
  const changed = change(lines[place] ?? "");
  lines.splice(place, 1, ...(changed === null ? [] : [changed]));
  return lines.join("\n");
}

export const labelsOf = (draft: Draft): string[] => draft.manifest.target.labels ?? [];
export const lastFeature = (draft: Draft): string => draft.manifest.features.at(-1)?.column ?? "\0";

/** Example rows in the description, changed. */
export function example(text: string, draft: Draft, change: (rows: string[]) => string[]): string {
  const header = textOf(draft, SAMPLE).split("\n")[0] ?? "";
  const start = text.indexOf(`\n${header}\n`);
  const end = text.indexOf("\n```", start + 1);
  if (start < 0 || end < 0) return text;
  return `${text.slice(0, start + 1)}${change(text.slice(start + 1, end).split("\n")).join("\n")}${text.slice(end)}`;
}

/** Adds forty ids with their targets to the section on data. */
export function quote(draft: Draft, path: string): void {
  const table = readCsv(draft, path);
  const place = table.columns.indexOf(targetOf(draft));
  const rows = table.rows.slice(0, 40).map((row) => `| ${row[0]} | ${row[place]} |`);
  const lines = ["Some rows, for illustration:", "", `| id | ${targetOf(draft)} |`, "| --- | --- |", ...rows];
  retouchDescription(draft, (text) =>
    text.replace("\n## Evaluation", () => `\n${lines.join("\n")}\n\n## Evaluation`),
  );
}
