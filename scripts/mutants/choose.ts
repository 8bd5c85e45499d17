import { createHash } from "node:crypto";
import type { MutantKind } from "../../tests/mutants/kinds/kind.ts";
import { mutants as prepareDefects } from "../../tests/mutants/kinds/prepare-defects.ts";
import { mutants as prepareDuties } from "../../tests/mutants/kinds/prepare-duties.ts";
import type { Base } from "./bases.ts";

const PREPARE = new Set([...prepareDefects, ...prepareDuties].map((kind) => kind.id));
/** One kind in so many is tried on the large bases first. */
const HEAVY_FIRST = 12;

/** Whether a kind spoils `prepare.py`: it is verified with the raw data at hand. */
export function needsRaw(kind: MutantKind): boolean {
  return PREPARE.has(kind.id);
}

/** Bases on which a kind is tried, in the order of preference; the first to which it applies is taken. */
export function preferences(kind: MutantKind, bases: Base[]): Base[] {
  const number = numberOf(kind.id);
  const usable = bases.filter((base) => !needsRaw(kind) || base.raw !== null);
  const light = turned(
    usable.filter((base) => !base.heavy),
    number,
  );
  const heavy = turned(
    usable.filter((base) => base.heavy),
    number,
  );
  return number % HEAVY_FIRST === 0 ? [...heavy, ...light] : [...light, ...heavy];
}

/** The seed of a kind's random stream. */
export function numberOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0);
}

function turned<T>(items: T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
