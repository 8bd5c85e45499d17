import { InvalidArgumentError } from "commander";

/** Parses a flag that takes a whole number. */
export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("expected a whole number.");
  return Number(text);
}

/** Parses a flag that takes a number above zero. */
export function decimal(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("expected a number above zero.");
  return value;
}
