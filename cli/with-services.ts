import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Configuration, loadConfiguration } from "../core/configuration.ts";
import { removeStore } from "../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";

/** Store and sandbox for one command that keeps no run: everything is gone when it ends. */
export async function withServices<Result>(
  work: (services: { store: ArtefactStore; programs: ProgramRunner }) => Promise<Result>,
  { engine, docker }: Pick<Configuration, "engine" | "docker"> = loadConfiguration({
    environment: process.env,
  }),
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-"));
  const store = await openStore(join(folder, "store"));
  try {
    const sandbox = await openSandbox({ slots: 2, store, engine, docker });
    try {
      return await work({ store, programs: createProgramRunner(sandbox, store) });
    } finally {
      await sandbox.close();
    }
  } finally {
    await removeStore(store.folder);
    await rm(folder, { recursive: true, force: true });
  }
}
