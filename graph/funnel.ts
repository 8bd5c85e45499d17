import type { CandidateFunnel } from "./account.ts";
import type { TaskResult } from "./state.ts";

/** Where candidates were lost: the account that the paper leaves open. */
export function candidateFunnel(results: readonly TaskResult[]): CandidateFunnel {
  const rejected = results.filter(({ status }) => status === "rejected");
  return {
    candidates: results.length,
    attempts: results.reduce((sum, { attempts }) => sum + attempts.designer, 0),
    accepted: results.length - rejected.length,
    rejected: rejected.length,
    rejectionsByCheck: countBy(rejected.flatMap((result) => lastChecks(result))),
  };
}

function lastChecks({ defects }: TaskResult): string[] {
  const last = Math.max(...defects.map(({ attempt }) => attempt));
  return [...new Set(defects.filter(({ attempt }) => attempt === last).map(({ check }) => check))];
}

/** Most first. */
function countBy(names: string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
