import type { Command } from "commander";
import type { Configuration } from "../core/configuration.ts";
import { BadInputError } from "../core/errors.ts";
import { queueServer } from "../sandbox/open-engine.ts";
import { parseUrl, type QueueServer } from "../sandbox/queue/server-address.ts";

/** Flags that say where the NATS server is and how to be let in. */
export interface NatsFlags {
  nats?: string;
  creds?: string;
  tlsCa?: string;
  tlsCert?: string;
  tlsKey?: string;
}

/** Adds the flags to a command. A token goes by the environment: arguments can be seen by every user of a machine. */
export function addNatsOptions(command: Command, meaning: string): Command {
  return command
    .option("--nats <url>", meaning)
    .option("--creds <file>", "credentials for it (`queue init` writes them); or MLE_SMITH_NATS_TOKEN")
    .option("--tls-ca <file>", "authority that signed the server's certificate (PEM)")
    .option("--tls-cert <file>", "certificate of this client (PEM)")
    .option("--tls-key <file>", "key of that certificate (PEM)");
}

/** The flags as fields of the configuration; undefined when none was given. @throws BadInputError for a URL with a secret. */
export function natsSettings(flags: NatsFlags): Partial<Configuration["nats"]> | undefined {
  if (flags.nats !== undefined) for (const url of flags.nats.split(",")) parseUrl(url.trim());
  const given = {
    url: flags.nats,
    creds: flags.creds,
    tlsCa: flags.tlsCa,
    tlsCert: flags.tlsCert,
    tlsKey: flags.tlsKey,
  };
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** The server that the flags name, or else the environment. @throws BadInputError when neither does. */
export function requiredServer(
  flags: NatsFlags & { token?: string },
  environment: NodeJS.ProcessEnv = process.env,
): QueueServer {
  const settings = natsSettings(flags);
  const server = queueServer(
    {
      url: environment.MLE_SMITH_NATS_URL || null,
      creds: environment.MLE_SMITH_NATS_CREDS || null,
      tlsCa: environment.MLE_SMITH_NATS_CA || null,
      tlsCert: null,
      tlsKey: null,
      ...settings,
    },
    flags.token === undefined ? environment : { MLE_SMITH_NATS_TOKEN: flags.token },
  );
  if (server === undefined)
    throw new BadInputError("no NATS server given", {
      hint: "--nats nats://host:4222, or MLE_SMITH_NATS_URL",
    });
  return server;
}
