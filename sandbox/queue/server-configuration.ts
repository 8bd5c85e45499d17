import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { BadInputError, describeError, InfrastructureError } from "../../core/errors.ts";
import { createUser } from "./connection.ts";
import { type Permissions, producerPermissions, runnerPermissions } from "./permissions.ts";

const run = promisify(execFile);

export interface ServerConfigurationOptions {
  /** Names and addresses by which the server is reached; they are put into its certificate. */
  hosts: string[];
  port: number;
  /** Address at which the server's monitoring listens; it shows counts and names, no content. */
  monitor: string;
  /** Gigabytes that the server may keep. */
  storageGb: number;
  /** Encrypt; needs `openssl`. */
  tls: boolean;
}

/** Days for which certificates hold. */
const certificateDays = 825;

/**
 * Writes all that a NATS server for the queue needs into an empty folder: its configuration, users for producers and runners
 * with just the rights that each needs, and certificates. The configuration holds no secret: users are public keys.
 * @returns names of the files written.
 * @throws BadInputError when the folder holds something; InfrastructureError without openssl.
 */
export async function writeServerConfiguration(
  folder: string,
  options: ServerConfigurationOptions,
): Promise<string[]> {
  const place = resolve(folder);
  await mkdir(place, { recursive: true, mode: 0o700 });
  if ((await readdir(place)).length > 0)
    throw new BadInputError(`${place} is not empty`, {
      hint: "give a new folder: credentials that are in use are never overwritten",
    });
  const producer = createUser();
  const runner = createUser();
  await writeFile(join(place, "producer.creds"), `${producer.seed}\n`, { mode: 0o600 });
  await writeFile(join(place, "runner.creds"), `${runner.seed}\n`, { mode: 0o600 });
  if (options.tls) await writeCertificates(place, options.hosts);
  const users = [
    { publicKey: producer.publicKey, permissions: producerPermissions, name: "producers" },
    { publicKey: runner.publicKey, permissions: runnerPermissions, name: "runners" },
  ];
  await writeFile(join(place, "nats-server.conf"), configurationText(options, users));
  return (await readdir(place)).sort();
}

function configurationText(
  options: ServerConfigurationOptions,
  users: Array<{ publicKey: string; permissions: Permissions; name: string }>,
): string {
  const list = (subjects: string[]) => subjects.map((subject) => `          "${subject}"`).join("\n");
  // Relative paths are read from the folder in which the server is started.
  return `# NATS server for mle-smith's queue. Start it in this folder: nats-server -c nats-server.conf
# It holds no secret. Give producer.creds to who generates and runner.creds to runners.

listen: "0.0.0.0:${options.port}"
# Monitoring: counts and names, no content.
http: "${options.monitor}:${options.port + 4000}"

max_payload: 1MB
max_connections: 4096
max_subscriptions: 0
max_pending: 64MB
ping_interval: "10s"
ping_max: 3
write_deadline: "10s"
lame_duck_duration: "30s"

jetstream {
  store_dir: "./jetstream"
  max_memory_store: 64MB
  max_file_store: ${options.storageGb}GB
}
${
  options.tls
    ? `
tls {
  cert_file: "./server.pem"
  key_file: "./server-key.pem"
  timeout: 5
}
`
    : `
# Without TLS: for one machine, or a network that nobody else is on.
`
}
authorization {
  timeout: 5
  users: [
${users
  .map(
    ({ publicKey, permissions, name }) => `    # ${name}
    {
      nkey: ${publicKey}
      permissions: {
        publish: { allow: [
${list(permissions.publish)}
        ] }
        subscribe: { allow: [
${list(permissions.subscribe)}
        ] }
      }
    }`,
  )
  .join("\n")}
  ]
}
`;
}

/** An authority of our own, whose key is thrown away when it has signed the server's certificate. */
async function writeCertificates(folder: string, hosts: string[]): Promise<void> {
  const names = hosts.map((host) => (/^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(",");
  const openssl = (...words: string[]) => run("openssl", words, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"];
  const days = ["-days", String(certificateDays)];
  const extension = join(folder, "server.ext");
  try {
    await openssl(
      "req",
      "-x509",
      ...key,
      ...days,
      "-keyout",
      "ca-key.pem",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=mle-smith queue authority",
    );
    await openssl(
      "req",
      ...key,
      "-keyout",
      "server-key.pem",
      "-out",
      "server.csr",
      "-subj",
      "/CN=mle-smith queue",
    );
    await writeFile(
      extension,
      `subjectAltName=${names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`,
    );
    await openssl(
      "x509",
      "-req",
      "-in",
      "server.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca-key.pem",
      "-CAcreateserial",
      ...days,
      "-sha256",
      "-extfile",
      "server.ext",
      "-out",
      "server.pem",
    );
    await chmod(join(folder, "server-key.pem"), 0o600);
  } catch (error) {
    throw new InfrastructureError(
      `openssl could not make the certificates: ${describeError(error).slice(0, 300)}`,
      {
        hint: "apt-get install -y openssl, or leave TLS out with --no-tls on one machine",
        cause: error,
      },
    );
  } finally {
    for (const name of ["ca-key.pem", "ca.srl", "server.csr", "server.ext"])
      await rm(join(folder, name), { force: true });
  }
}
