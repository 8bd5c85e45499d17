import type { Configuration } from "../core/configuration.ts";
import type { ArtefactStore } from "../core/store.ts";
import { openSandbox } from "./open-sandbox.ts";
import { createQueuedSandbox } from "./queue/queued-sandbox.ts";
import type { QueueServer } from "./queue/server-address.ts";
import type { Sandbox } from "./sandbox.ts";

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

/** The server of a configuration, with the token of the environment; undefined when jobs run in this process. */
export function queueServer(
  settings: Configuration["nats"],
  environment: NodeJS.ProcessEnv = process.env,
): QueueServer | undefined {
  if (settings.url === null) return undefined;
  const { tlsCa, tlsCert, tlsKey } = settings;
  return {
    url: settings.url,
    credentials: settings.creds ?? undefined,
    token: environment.MLE_SMITH_NATS_TOKEN || undefined,
    tls:
      tlsCa === null && tlsCert === null && tlsKey === null
        ? undefined
        : { ca: tlsCa ?? undefined, cert: tlsCert ?? undefined, key: tlsKey ?? undefined },
  };
}
