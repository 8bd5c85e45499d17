import type { Certificate } from "../task/certificate.ts";
import { nearly } from "./scores.ts";
import type { Verification } from "./verify.ts";

/** One thing that a certificate says and a new verification does not find. */
export interface Difference {
  /** A check, a step of the ladder, or a version. */
  of: string;
  what: "verdict" | "measure" | "score" | "version" | "task";
  certificate: string;
  now: string;
}

/**
 * What a new verification of a package finds otherwise than its certificate says. Numbers count as equal within a relative 1e-6.
 * Checks that were not run again (the review, the preparation without raw data, those left out) are not compared; of a coding
 * agent, which never plays the same way twice, only the verdicts are, where it played both times.
 */
export function differencesOf(
  certificate: Certificate,
  now: Verification,
  { task, versions }: Pick<Certificate, "task" | "versions">,
): Difference[] {
  const found: Difference[] = [];
  if (certificate.task !== task)
    found.push({ of: "task", what: "task", certificate: certificate.task, now: task });
  const records = new Map(now.records.map((record) => [record.check, record]));
  for (const check of certificate.checks) {
    const record = records.get(check.check);
    if (record === undefined || check.layer === "review") continue;
    const byAgent = check.repeat === "verify --model";
    if (byAgent && [record.verdict, check.verdict].includes("not_applicable")) continue;
    if (record.verdict !== check.verdict)
      found.push({ of: check.check, what: "verdict", certificate: check.verdict, now: record.verdict });
    else if (!byAgent && !alike(check.measured, record.measured))
      found.push({
        of: check.check,
        what: "measure",
        certificate: shown(check.measured),
        now: shown(record.measured),
      });
  }
  for (const step of certificate.ladder.filter(({ name }) => name !== "agent")) {
    const again = now.ladder.find(({ name }) => name === step.name);
    if (again !== undefined && !(again.score !== null && nearly(again.score, step.score)))
      found.push({ of: step.name, what: "score", certificate: String(step.score), now: String(again.score) });
  }
  for (const [of, version] of Object.entries(certificate.versions))
    if (versions[of] !== version)
      found.push({ of, what: "version", certificate: version, now: versions[of] ?? "none" });
  return found;
}

/** Equal JSON, numbers within a relative 1e-6. */
function alike(left: unknown, right: unknown): boolean {
  if (typeof left === "number" && typeof right === "number") return nearly(left, right);
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => alike(item, right[index]));
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => key in left && key in right && alike(left[key], right[key]));
  }
  return left === right;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
