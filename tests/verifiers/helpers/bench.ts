import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckRecord } from "../../../verifiers/defect.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import { type Draft, savePackage } from "./draft.ts";

/** Services and folders for packages that live as long as a test file. */
export interface Bench {
  services: TestServices;
  save(draft: Draft): Promise<string>;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const services = await testServices();
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-packages-"));
  let count = 0;
  return {
    services,
    async save(draft) {
      count += 1;
      return await savePackage(draft, join(folder, `package-${count}`));
    },
    async close() {
      await services.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What sends a task back, as `check: evidence`; empty for an accepted one. */
export function objections(records: CheckRecord[]): string[] {
  return records.flatMap((record) =>
    record.defects
      .filter((defect) => defect.severity !== "minor")
      .map((defect) => `${defect.check}: ${defect.evidence}`),
  );
}

/** Ids of checks with a defect that sends the task back. */
export function failedChecks(records: CheckRecord[]): string[] {
  return [
    ...new Set(
      records.flatMap((record) =>
        record.defects.filter((defect) => defect.severity !== "minor").map((defect) => defect.check),
      ),
    ),
  ];
}
