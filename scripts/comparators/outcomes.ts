import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Verified } from "../../cli/verify.ts";
import type { Comparator } from "../../tests/comparators/comparator.ts";

const Remark = z.strictObject({ check: z.string(), evidence: z.string() });

/** What the checks said of one comparator. */
export const Outcome = z.strictObject({
  name: z.string(),
  title: z.string(),
  modality: z.string(),
  metric: z.string(),
  split: z.string(),
  /** Checks that were run; the others did not apply. */
  checks: z.int(),
  /** The check that must refuse it, and why; null for a sound task. */
  unsound: z.strictObject({ check: z.string(), why: z.string() }).nullable(),
  /** What sends it back. */
  defects: z.array(Remark),
  /** What is only recorded with it. */
  remarks: z.array(Remark),
  ladder: z.array(z.strictObject({ name: z.string(), score: z.number().nullable() })),
});
export type Outcome = z.infer<typeof Outcome>;

const FILE = new URL("../../docs/comparators.json", import.meta.url);

/** Sums up a verification. */
export function outcomeOf({ name, task }: Comparator, { records, ladder }: Verified): Outcome {
  const remarks = records.flatMap((record) => record.defects);
  const brief = ({ check, evidence }: { check: string; evidence: string }) => ({
    check,
    evidence: evidence.slice(0, 300),
  });
  return {
    name,
    title: task.title,
    modality: task.modality,
    metric: task.metric.name,
    split: task.split.strategy,
    checks: records.filter(({ verdict }) => verdict !== "not_applicable").length,
    unsound: task.unsound ?? null,
    defects: remarks.filter(({ severity }) => severity !== "minor").map(brief),
    remarks: remarks.filter(({ severity }) => severity === "minor").map(brief),
    ladder: ladder.map((step) => ({ name: step.name, score: step.score })),
  };
}

/** Whether a sound task was accepted, or an unsound one rejected by the check that is named for it. */
export function isRight({ unsound, defects }: Outcome): boolean {
  return unsound === null ? defects.length === 0 : defects.some(({ check }) => check === unsound.check);
}

/** Keeps outcomes in place of earlier ones of the same names, for the documentation; those of absent comparators go. */
export function keepOutcomes(outcomes: Outcome[], names: string[]): void {
  const kept = new Map([...keptOutcomes(), ...outcomes].map((outcome) => [outcome.name, outcome]));
  const all = names.flatMap((name) => kept.get(name) ?? []);
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}

/** The last outcome of each comparator. */
export function keptOutcomes(): Outcome[] {
  return existsSync(FILE) ? z.array(Outcome).parse(JSON.parse(readFileSync(FILE, "utf8"))) : [];
}
