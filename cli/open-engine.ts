import type { Configuration } from "../core/configuration.ts";
import type { ArtefactStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { createQueuedSandbox } from "../sandbox/queue/queued-sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { queueServer } from "./nats-options.ts";

/** The sandbox that a configuration asks for: runners behind a queue, or an engine of this machine. */
export async function openEngine(
  configuration: Configuration,
  options: { store: ArtefactStore; slots: number },
): Promise<Sandbox> {
  const server = queueServer(configuration.nats);
  if (server) return createQueuedSandbox({ store: options.store, server });
  const { engine, docker } = configuration;
  return openSandbox({ ...options, engine, docker });
}
