import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { z } from "zod";
import { Survey, View } from "../../dataset/survey.ts";
import type { TestServices } from "../helpers/services.ts";

const datasetPackage = fileURLToPath(new URL("../../dataset/python/smith_dataset", import.meta.url));
const casesPackage = fileURLToPath(new URL("./open_cases", import.meta.url));

const Published = z.strictObject({
  column: z.string(),
  train: z.array(z.string()),
  test: z.array(z.string()),
});

/** What `discover` gives for a folder. */
export const Discovery = z.strictObject({
  files: Survey.shape.files,
  documentation: Survey.shape.documentation,
  licence: Survey.shape.licence,
  source: Survey.shape.source,
  views: z.array(
    z.strictObject({
      view: View,
      title: z.string(),
      rows: z.int(),
      published: Published.nullable(),
      notes: z.array(z.string()),
      roles: z.strictObject({ labels: z.array(z.string()), query: z.string().nullable() }),
      modality: z.string().nullable(),
    }),
  ),
  setAside: Survey.shape.setAside,
  refusal: Survey.shape.refusal,
});

const Frame = z.strictObject({
  columns: z.array(z.string()),
  kinds: z.array(z.string()),
  width: z.int(),
  rows: z.int(),
  head: z.array(z.array(z.json())),
});
const Case = z.strictObject({ found: Discovery, frames: z.array(Frame) });
export type Case = z.infer<typeof Case>;

/** Runs discovery, in one sandbox job, over datasets given as `folder/path` → content, and over those of `open_cases/make.py`. */
export async function discoverCases(
  services: TestServices,
  files: Record<string, string | Uint8Array>,
): Promise<(name: string) => Case> {
  const raw = await services.store.putFiles(files);
  const outcome = await services.programs.run({
    name: "discover",
    argv: ["-m", "open_cases.run"],
    packages: [datasetPackage, casesPackage],
    input: {},
    trees: { raw },
    output: z.record(z.string(), Case),
  });
  if (!outcome.ok) throw new Error(`${outcome.reason}\n${outcome.result.stderr}`);
  return (name) => {
    const found = outcome.output[name];
    if (!found) throw new Error(`no case ${name}`);
    return found;
  };
}

/** The only view of a case, with its frame, and why files were set aside. */
export function onlyView({ found, frames }: Case) {
  expect(
    found.views.map(({ view }) => view.id),
    JSON.stringify(found.setAside),
  ).toHaveLength(1);
  const [entry] = found.views;
  const [frame] = frames;
  if (!entry || !frame) throw new Error("no view");
  expect(frame.rows).toBe(entry.rows);
  const options = entry.view.recipes[entry.view.base]?.options ?? {};
  const aside = Object.fromEntries(found.setAside.map(({ path, why }) => [path, why]));
  return { ...entry, frame, options, aside };
}

/** `count` lines, each made from its number. */
export function lines(count: number, line: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => `${line(number)}\n`).join("");
}
