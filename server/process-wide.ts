import { mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { type Configuration, loadConfiguration } from "../core/configuration.ts";
import { EventLog } from "../core/events.ts";
import { createLog, type Logger } from "../core/log.ts";
import { type ArtefactStore, openStore } from "../core/store.ts";
import { openEngine } from "../sandbox/open-engine.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import { createProgramRunner } from "../sandbox/program-runner.ts";
import { dataFolders } from "./data-folders.ts";

/** What all runs of a server share: one configuration, one artefact store, one pool of sandbox slots (or one queue). */
export interface ProcessWide {
  configuration: Configuration;
  store: ArtefactStore;
  programs: ProgramRunner;
  /** What happened in all runs, `<out>/server/events.jsonl`. */
  events: EventLog;
  /** What to debug by, `<out>/server/log.jsonl`. */
  log: Logger;
  /** Folder that receives `datasets/` and `tasks/`. */
  out: string;
  /** Where callers' datasets may lie. */
  folders: readonly string[];
  environment: NodeJS.ProcessEnv;
}

/**
 * Opens what runs share, as the server's environment says: MLE_SMITH_OUT, a configuration file (MLE_SMITH_CONFIG), and all that
 * `loadConfiguration` reads.
 */
export async function openProcessWide(environment: NodeJS.ProcessEnv): Promise<ProcessWide> {
  const configuration = loadConfiguration({
    ...(environment.MLE_SMITH_CONFIG ? { file: environment.MLE_SMITH_CONFIG } : {}),
    environment,
  });
  const out = resolve(environment.MLE_SMITH_OUT || "smith-out");
  mkdirSync(join(out, "server"), { recursive: true });
  const store = await openStore(join(out, "server", "store"));
  const sandbox = await openEngine(configuration, { store, slots: configuration.workers || cpus().length });
  return {
    configuration,
    store,
    programs: createProgramRunner(sandbox, store),
    events: new EventLog(join(out, "server", "events.jsonl")),
    log: createLog({ level: configuration.log, file: join(out, "server", "log.jsonl") }),
    out,
    folders: dataFolders(environment),
    environment,
  };
}

/** The same work for every caller; when it failed, the next caller tries again. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  return () => {
    begun ??= work().catch((error) => {
      begun = undefined;
      throw error;
    });
    return begun;
  };
}
