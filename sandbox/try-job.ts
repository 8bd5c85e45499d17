import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeError } from "../core/errors.ts";
import { removeStore } from "../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../core/store.ts";
import { Job } from "./job.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * Runs one small job in a sandbox opened for it; gives the reason when that fails.
 * @param open `beforeClose` of what it gives is called when the job has run.
 */
export async function tryJob(
  open: (store: ArtefactStore) => Promise<Sandbox & { beforeClose?(): void }>,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-probe-"));
  try {
    await chmod(folder, 0o755);
    const store = await openStore(join(folder, "store"));
    const sandbox = await open(store);
    try {
      const result = await sandbox.run(
        Job.parse({
          v: 1,
          id: "probe",
          runtime: "python",
          argv: ["-c", "import numpy"],
          workspace: { trees: {}, files: {} },
          limits: {},
        }),
      );
      sandbox.beforeClose?.();
      if (result.status === "ok") return undefined;
      return result.status === "infra_error"
        ? result.message
        : `${result.status}: ${result.stderr.trim().split("\n").at(-1) ?? ""}`;
    } finally {
      await sandbox.close();
      await removeStore(store.folder);
    }
  } catch (error) {
    return describeError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
