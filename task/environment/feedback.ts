import type { Manifest } from "../manifest.ts";
import type { Ran } from "./run-code.ts";

/** Characters of what code printed: the beginning, and the end, where results and errors stand. */
const BEGINNING = 600;
const END = 1_200;

/** How a run went, for the solver and on one line for the record. */
export function describeRun(ran: Ran): { text: string; note: string } {
  const ended = endOf(ran);
  const lines = [ended];
  const printed = middleCut(ran.stdout.trim());
  if (printed !== "") lines.push(`Output:\n${printed}`);
  const complained = middleCut(ran.stderr.trim());
  // Warnings of a run that worked are noise.
  if (ran.status !== "ended" && complained !== "") lines.push(`Error:\n${complained}`);
  const last = ran.stderr.trim().split("\n").at(-1) ?? "";
  const note =
    ran.status === "ended" ? "ran" : oneLine(ran.status === "failed" && last !== "" ? last : ended);
  return { text: lines.join("\n"), note };
}

function endOf({ status, exitCode }: Ran): string {
  switch (status) {
    case "ended":
      return "The code ran to its end.";
    case "failed":
      return `The code failed with exit code ${exitCode}.`;
    case "timeout":
      return "The code was stopped: the seconds of the task's budget are used.";
    case "oom":
      return "The code was stopped: it needed more memory than the task's budget allows.";
    case "output_too_large":
      return "The code was stopped: it printed or left more than 256 MB.";
  }
}

/** The score in words. */
export function scoreText({ metric }: Manifest, score: number, best: number | null): string {
  const direction = metric.direction === "maximize" ? "higher" : "lower";
  return `Score: ${score} (${metric.title}, ${direction} is better, perfect is ${metric.best}). Best so far: ${best}.`;
}

/** Text on one line of at most 300 characters. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, 300);
}

function middleCut(text: string): string {
  if (text.length <= BEGINNING + END) return text;
  return `${text.slice(0, BEGINNING)}\n… (${text.length - BEGINNING - END} characters left out) …\n${text.slice(-END)}`;
}
