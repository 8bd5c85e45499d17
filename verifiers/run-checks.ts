import { type CheckFacts, runCheck } from "./check.ts";
import type { CheckRecord } from "./defect.ts";
import { loadChecks } from "./registry.ts";
import type { VerificationOptions } from "./services.ts";

/** Runs those checks of a folder that are wanted on one context. */
export async function runAll<Context>(
  folder: URL,
  context: Context,
  options: VerificationOptions,
): Promise<CheckRecord[]> {
  const checks = (await loadChecks<Context>(folder)).filter((check) => isChosen(check, options));
  return checks.map((check) => {
    const record = runCheck(check, context);
    announce(record, options);
    return record;
  });
}

/** Whether a check is wanted. */
export function isChosen({ id }: Pick<CheckFacts, "id">, { only, skip }: VerificationOptions): boolean {
  return (only === undefined || only.includes(id)) && skip?.[id] === undefined;
}

export function announce(record: CheckRecord, options: VerificationOptions): void {
  options.onEvent?.({ kind: "check_finished", check: record.check, verdict: record.verdict });
}
