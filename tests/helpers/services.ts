import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";
import { openSandbox, type SandboxOptions } from "../../sandbox/open-sandbox.ts";
import type { ProgramRunner } from "../../sandbox/program.ts";
import { createProgramRunner } from "../../sandbox/program-runner.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** A real store and a real sandbox, on a temporary folder. */
export interface TestServices {
  store: ArtefactStore;
  sandbox: Sandbox;
  programs: ProgramRunner;
  /** Ends what runs and removes the folder. */
  close(): Promise<void>;
}

export async function testServices(options: Omit<SandboxOptions, "store"> = {}): Promise<TestServices> {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-test-"));
  const store = await openStore(join(folder, "store"));
  const sandbox = await openSandbox({ store, ...options });
  return {
    store,
    sandbox,
    programs: createProgramRunner(sandbox, store),
    async close() {
      await sandbox.close();
      await removeStore(store.folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
