import type { Check, Finding, Outcome } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";
import { cellsOf, fencesOf } from "../description.ts";

const check: Check<TaskPackage> = {
  id: "description-example-invalid",
  layer: "assertions",
  title: "The description shows no submission, or one that would be refused",
  severity: "major",
  blame: "refactor",
  why: "The example is what solvers copy first.",
  run({ texts, manifest }): Outcome {
    if (texts.description === null || manifest === null)
      return { skipped: "there is no description or no valid manifest" };
    const expected = [manifest.submission.id, ...manifest.submission.columns];
    // Very wide submissions are shown in part; their columns are then named in the sample submission.
    const blocks = fencesOf(texts.description).map((block) =>
      block.split(/\r?\n/).filter((line) => line.trim() !== ""),
    );
    const named = blocks.filter((lines) => cellsOf(lines[0] ?? "")[0] === manifest.submission.id);
    const exact = named.find((lines) => same(cellsOf(lines[0] ?? ""), expected));
    if (exact === undefined) {
      if (named.some((lines) => isAbridged(cellsOf(lines[0] ?? ""), expected)))
        return { measured: { columns: expected.length, abridged: true }, findings: [] };
      return {
        measured: { columns: expected.length, examples: named.length },
        findings: [
          {
            message: `Show example rows of a submission with the header ${expected.slice(0, 12).join(",")}.`,
            evidence:
              named[0]?.[0] === undefined
                ? "no fenced block starts with the id column"
                : `found: ${named[0][0]}`,
          },
        ],
      };
    }
    const rows = exact.slice(1).filter((line) => !/^[.…\s,]+$/.test(line) && !/^(\.\.\.|…|etc)/.test(line));
    const findings: Finding[] = [];
    if (rows.length === 0)
      findings.push({
        message: "Show at least one row of a submission.",
        evidence: "the example has a header alone",
      });
    for (const row of rows.slice(0, 20)) {
      const problem = rowProblem(cellsOf(row), manifest);
      if (problem !== null)
        findings.push({ message: `Mend the example submission: ${problem}.`, evidence: row });
    }
    return { measured: { columns: expected.length, rows: rows.length }, findings: findings.slice(0, 3) };
  },
};
export default check;

function rowProblem(cells: string[], manifest: NonNullable<TaskPackage["manifest"]>): string | null {
  const { kind, columns } = manifest.submission;
  if (cells.length !== columns.length + 1)
    return `a row has ${cells.length} cells instead of ${columns.length + 1}`;
  const values = cells.slice(1);
  if (
    kind === "label" &&
    manifest.target.labels !== null &&
    !values.every((value) => manifest.target.labels?.includes(value))
  )
    return "it uses a label that does not exist";
  if (
    ["value", "score", "scores", "probabilities"].includes(kind) &&
    !values.every((value) => value !== "" && Number.isFinite(Number(value)))
  )
    return "it holds something that is not a number";
  if (kind === "labels" && !values.every((value) => /^[01](\.0+)?$/.test(value)))
    return "labels must be 0 or 1";
  return null;
}

function same(left: string[], right: string[]): boolean {
  return left.length === right.length && left.every((cell, index) => cell === right[index]);
}

/** `id,label_1,label_2,…,label_150` stands for a header with all columns. */
function isAbridged(shown: string[], expected: string[]): boolean {
  const named = shown.filter((cell) => !/^(\.\.\.|…)$/.test(cell));
  return named.length < shown.length && expected.length > 8 && named.every((cell) => expected.includes(cell));
}
