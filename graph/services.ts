import type { Players } from "../agents/players.ts";
import type { Configuration } from "../core/configuration.ts";
import type { RunEvent } from "../core/events.ts";
import type { ArtefactStore } from "../core/store.ts";
import type { ProgramRunner } from "../sandbox/program.ts";
import type { Manifest } from "../task/manifest.ts";

/** What nodes work with; built once per run by whoever owns the run (command line, API server, tests). */
export interface Services {
  configuration: Configuration;
  store: ArtefactStore;
  programs: ProgramRunner;
  players: Players;
  /** Who writes, as manifests say it. */
  author: Manifest["author"];
  emit(event: RunEvent): void;
  /** Aborted when the run is to stop: interrupted, or out of budget. */
  signal: AbortSignal;
  /** Folder that receives `datasets/` and `tasks/`. */
  out: string;
}
