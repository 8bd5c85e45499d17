import { existsSync } from "node:fs";
import { Agent } from "node:http";
import { connect as connectSocket } from "node:net";
import type Docker from "dockerode";
import { z } from "zod";
import { BadInputError } from "../../core/errors.ts";

/** Where a daemon is looked for when nobody says otherwise. */
const defaultHost = "unix:///var/run/docker.sock";
/** A daemon on this machine answers in milliseconds. */
const answerMs = 5000;

/** What a daemon tells of itself. */
const Information = z.object({
  ServerVersion: z.string(),
  Architecture: z.string(),
  MemoryLimit: z.boolean().default(false),
  CpuCfsQuota: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  DefaultRuntime: z.string().default("runc"),
  Runtimes: z.record(z.string(), z.unknown()).nullable().default({}),
  SecurityOptions: z.array(z.string()).nullable().default([]),
});
export type DaemonInformation = z.infer<typeof Information>;

/** Address of the daemon: what was asked for, else DOCKER_HOST, else the usual socket. */
export function daemonHost(asked?: string, environment: NodeJS.ProcessEnv = process.env): string {
  return asked || environment.DOCKER_HOST || defaultHost;
}

/**
 * Whether it is worth asking: a socket that is not there has no daemon. Costs nothing, so that machines without Docker do
 * not even load the client.
 */
export function mayAnswer(host: string): boolean {
  return !host.startsWith("unix://") || existsSync(host.slice("unix://".length));
}

/**
 * A client of the daemon at an address: `unix:///path`, `tcp://host:port` (TLS by DOCKER_CERT_PATH, as for Docker's own
 * client), `http(s)://…` or `ssh://…`.
 * @throws BadInputError for another kind of address.
 */
export async function connect(host: string): Promise<Docker> {
  const { default: Client } = await import("dockerode");
  // A connection for each request: a daemon that is being ended goes on serving those it has, and forgets what it makes then.
  if (host.startsWith("unix://"))
    return new Client({ socketPath: host.slice("unix://".length), agent: new Agent() });
  if (!/^(tcp|http|https|ssh):\/\//.test(host))
    throw new BadInputError(`${host} is no address of a Docker daemon`, {
      hint: "Use unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.",
    });
  // Its own reading of DOCKER_HOST knows certificates and ssh; it is read at this moment only.
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = host;
  try {
    return new Client();
  } finally {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  }
}

/**
 * Whether somebody listens at a daemon's address. One that is being ended answers on connections that are open already, but takes
 * no new ones.
 */
export async function listens(host: string): Promise<boolean> {
  const address = /^(tcp|https?):/.test(host) ? new URL(host) : undefined;
  if (address === undefined && !host.startsWith("unix://")) return true;
  const socket = address
    ? connectSocket(Number(address.port || 2375), address.hostname)
    : connectSocket(host.slice("unix://".length));
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.setTimeout(answerMs, () => resolve(false));
  }).finally(() => socket.destroy());
}

/**
 * What the daemon tells of itself.
 * @throws Error when it does not answer in time.
 */
export async function askDaemon(docker: Docker): Promise<DaemonInformation> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the daemon did not answer within ${answerMs} ms`)), answerMs);
  });
  try {
    return Information.parse(await Promise.race([docker.info(), late]));
  } finally {
    clearTimeout(timer);
  }
}
