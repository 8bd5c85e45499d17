import { BadInputError, describeError, InfrastructureError } from "../../core/errors.ts";
import { ForbiddenError, InsecureError } from "./queue-errors.ts";

/** Where a NATS server is, and how to be let in. Secrets are in files or in memory, never in the URL. */
export interface QueueServer {
  /** nats://host:4222, tls://host:4222 or several with commas between. */
  url: string;
  /** File with a user's seed (`SU…`), or with a JWT and a seed as `nsc` writes it. */
  credentials?: string | undefined;
  token?: string | undefined;
  /** PEM files: the authority that signed the server's certificate; a client's own certificate and key. */
  tls?: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined } | undefined;
}

/** @throws BadInputError for what is no address of a NATS server, or holds a secret. */
export function parseUrl(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url.includes("://") ? url : `nats://${url}`);
  } catch {
    throw new BadInputError("the address of the NATS server is not a URL", {
      hint: "for example nats://127.0.0.1:4222",
    });
  }
  if (parsed.username !== "" || parsed.password !== "")
    throw new BadInputError(
      "the address of the NATS server holds a secret, which would be kept with the run",
      {
        hint: "leave it out and give --creds FILE, or a token in MLE_SMITH_NATS_TOKEN",
      },
    );
  if (!["nats:", "tls:"].includes(parsed.protocol) || parsed.host === "")
    throw new BadInputError(`not the address of a NATS server: ${parsed.protocol}//${parsed.host}`, {
      hint: "nats://host:4222, or tls://host:4222",
    });
  return parsed;
}

/** What a refusal to connect means, and what mends it. @param code the client's name for it, if it has one. */
export function connectError(error: unknown, code: string, server: QueueServer): Error {
  if (error instanceof BadInputError) return error;
  const where = server.url;
  const text = describeError(error);
  if (code === "AUTHORIZATION_VIOLATION" || code === "AUTHENTICATION_EXPIRED" || /authoriz/i.test(text)) {
    return new ForbiddenError(`The NATS server at ${where} refuses these credentials`, {
      hint:
        server.credentials === undefined && server.token === undefined
          ? "it wants some: give --creds FILE (written by `mle-smith queue init`)"
          : "give the file that belongs to this server's configuration: `mle-smith queue init` writes both",
      cause: error,
    });
  }
  if (/certificate|self.signed|TLS|SSL|tls/.test(`${code} ${text}`)) {
    return new InsecureError(`No secure connection to the NATS server at ${where}: ${text}`, {
      hint: "give the authority that signed its certificate with --tls-ca FILE (ca.pem of `mle-smith queue init`), and a host name that is in the certificate",
      cause: error,
    });
  }
  return new InfrastructureError(`The NATS server at ${where} cannot be reached: ${text}`, {
    hint: "start one with `nats-server -js`, or see whether the address and the firewall are right",
    cause: error,
  });
}

/** A command that mends what kept us from connecting; DIR stands for the folder that `queue init` wrote for that server. */
export function connectCommand(error: unknown, server: QueueServer): string {
  const again = `mle-smith doctor --nats ${server.url} --creds DIR/producer.creds`;
  const ca = server.tls !== undefined || server.url.startsWith("tls:") ? " --tls-ca DIR/ca.pem" : "";
  if (error instanceof InsecureError)
    return `${again} --tls-ca DIR/ca.pem   # DIR: what \`mle-smith queue init DIR --host NAME\` wrote for this server, NAME: as in the address`;
  if (error instanceof ForbiddenError || error instanceof BadInputError)
    return `${again}${ca}   # DIR: what \`mle-smith queue init DIR\` wrote for this server; on runners DIR/runner.creds`;
  return "cd DIR && nats-server -c nats-server.conf   # there, with DIR of `mle-smith queue init DIR`; just to try: nats-server -js";
}
