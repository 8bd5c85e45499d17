import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { mutants } from "../../tests/mutants/kinds/index.ts";
import { wilson } from "../checks-page.ts";
import type { Trial } from "./try-kind.ts";

/** One run of the mutants, as it is kept. A kind tried on several bases counts as killed where it was on all. */
const Run = z.object({
  date: z.string(),
  /** Commit of the checks. */
  commit: z.string(),
  /** How it was made, where it is not one whole run. */
  remark: z.string().optional(),
  kinds: z.int(),
  killed: z.int(),
  rate: z.number(),
  /** 95%, Wilson. */
  interval: z.tuple([z.number(), z.number()]),
  twins: z.int(),
  falseAlarms: z.int(),
  bases: z.array(z.string()),
  modalities: z.array(z.string()),
  /** Kind, base, and what the verification found instead. */
  survivors: z.array(
    z.object({
      kind: z.string(),
      base: z.string(),
      expected: z.array(z.string()),
      found: z.array(z.string()),
    }),
  ),
  rejectedTwins: z.array(z.object({ kind: z.string(), base: z.string(), found: z.array(z.string()) })),
  /** Kinds for which there was no base. */
  untried: z.array(z.string()),
  /** Kinds that were changed since the first run, and why. */
  corrected: z.array(z.object({ kind: z.string(), why: z.string() })).optional(),
});
export type MutantRun = z.infer<typeof Run>;

const Kept = z.object({ firstRun: Run.optional(), now: Run.optional() });
const FILE = new URL("../../docs/mutants.json", import.meta.url);

/** Sums up trials of a run. */
export function runOf(trials: Trial[], untried: string[], all: number): MutantRun {
  const kinds = [...new Set(trials.map((trial) => trial.kind))];
  const missed = trials.filter((trial) => !trial.killed);
  const alarms = trials.filter(({ twin }) => twin.checks.length > 0 || twin.problem !== null);
  const killed = kinds.length - new Set(missed.map((trial) => trial.kind)).size;
  const found = ({ checks, problem }: Trial["mutant"]) =>
    problem === null ? checks : [...checks, `no verdict: ${problem}`];
  const distinct = (names: string[]) => [...new Set(names)].sort();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: COMMIT,
    ...(kinds.length + untried.length < all
      ? { remark: `${kinds.length} of ${all} kinds, drawn at random: the time was up.` }
      : {}),
    kinds: kinds.length,
    killed,
    rate: killed / Math.max(1, kinds.length),
    interval: wilson(killed, Math.max(1, kinds.length)),
    twins: trials.length,
    falseAlarms: alarms.length,
    bases: distinct(trials.map((trial) => trial.base)),
    modalities: distinct(trials.map((trial) => trial.modality)),
    survivors: missed.map(({ kind, base, expected, mutant }) => ({
      kind,
      base,
      expected,
      found: found(mutant),
    })),
    rejectedTwins: alarms.map(({ kind, base, twin }) => ({ kind, base, found: found(twin) })),
    untried,
    corrected: mutants.flatMap(({ id, corrected: why }) => (why === undefined ? [] : [{ kind: id, why }])),
  };
}

/** Keeps a run of all kinds in docs/mutants.json; the first run is never written over. */
export function keepRun(run: MutantRun): void {
  const kept = existsSync(FILE) ? Kept.parse(JSON.parse(readFileSync(FILE, "utf8"))) : {};
  const figures = kept.firstRun === undefined ? { firstRun: run } : { firstRun: kept.firstRun, now: run };
  writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
}

/** The kill matrix as text. */
export function matrix(trials: Trial[]): string {
  const rows = trials.map(({ kind, base, expected, mutant, twin, killed }) => [
    killed
      ? "killed"
      : mutant.problem !== null
        ? "no verdict"
        : mutant.checks.length > 0
          ? "elsewhere"
          : "SURVIVED",
    kind,
    base,
    expected.join(" "),
    mutant.problem ?? (mutant.checks.join(" ") || "-"),
    twin.problem ?? (twin.checks.length === 0 ? "twin accepted" : `TWIN REJECTED: ${twin.checks.join(" ")}`),
  ]);
  return rows.map((row) => row.join(" | ")).join("\n");
}

/** Read when the run begins: it may go on while others commit. */
const COMMIT = commitOf();

function commitOf(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: import.meta.dirname })
      .toString()
      .trim();
  } catch {
    return "unknown";
  }
}
