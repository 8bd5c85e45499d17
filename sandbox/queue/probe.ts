import { z } from "zod";
import { describeError, SmithError } from "../../core/errors.ts";
import { connectQueue, type QueueConnection } from "./connection.ts";
import { askJetStream, errorCodes } from "./jetstream.ts";
import { runtimeName, streams } from "./names.ts";
import { ForbiddenError, RefusedError, UnansweredError } from "./queue-errors.ts";
import { connectCommand, type QueueServer } from "./server-address.ts";

/** What can be said of the queue from here. */
export interface QueueProbe {
  url: string;
  /** Whether jobs can be sent, or taken, with these credentials. */
  available: boolean;
  /** Version of the server, e.g. 2.9.10. */
  version: string | undefined;
  /** What the credentials are good for; `none` before a queue exists or without rights. */
  role: "producer" | "runner" | "none";
  problems: Array<{ problem: string; command: string | undefined; severity: "fatal" | "weaker" }>;
}

const oldestServer = [2, 9];

/** Finds out, by trying, whether a NATS server can be used as the queue. Never throws for what it finds. */
export async function probeQueue(server: QueueServer): Promise<QueueProbe> {
  const probe: QueueProbe = {
    url: server.url,
    available: false,
    version: undefined,
    role: "none",
    problems: [],
  };
  const problem = (text: string, command?: string, severity: "fatal" | "weaker" = "fatal") =>
    probe.problems.push({ problem: text, command, severity });
  let connection: QueueConnection | undefined;
  // A runner may listen to no producer's answers, and the other way round: each role is tried.
  for (const role of ["producer", "runner"] as const) {
    try {
      connection = await connectQueue(server, { role, name: "mle-smith doctor" });
    } catch (error) {
      problem(describeError(error), connectCommand(error, server));
      return probe;
    }
    try {
      probe.version = connection.server().version;
      if (await tryRole(connection, role, problem)) probe.role = role;
    } catch (error) {
      if (!(error instanceof ForbiddenError) && !(error instanceof UnansweredError))
        problem(describeError(error), error instanceof SmithError ? error.hint : undefined);
    } finally {
      await connection.close();
    }
    if (probe.role !== "none" || probe.problems.length > 0) break;
  }
  if (probe.role === "none" && probe.problems.length === 0)
    problem(
      "These credentials allow neither sending nor taking jobs",
      "mle-smith queue init DIR   # writes a configuration and credentials that belong together",
    );
  const [major = 0, minor = 0] = (probe.version ?? "").split(".").map(Number);
  if (
    probe.version !== undefined &&
    (major < (oldestServer[0] ?? 0) || (major === oldestServer[0] && minor < (oldestServer[1] ?? 0)))
  )
    problem(
      `nats-server ${probe.version} is older than ${oldestServer.join(".")}`,
      "apt-get install -y nats-server",
    );
  probe.available = probe.role !== "none" && probe.problems.every(({ severity }) => severity !== "fatal");
  return probe;
}

/** Whether the connection can do what the role needs; notes what stands in the way beside its rights. */
async function tryRole(
  connection: QueueConnection,
  role: "producer" | "runner",
  problem: (text: string, command?: string, severity?: "fatal" | "weaker") => void,
): Promise<boolean> {
  const noJetStream = () =>
    problem(
      "The NATS server runs without JetStream",
      "nats-server -js   # or a jetstream { } block in its configuration, as `mle-smith queue init DIR` writes it",
    );
  if (!connection.server().jetstream) {
    noJetStream();
    return false;
  }
  const question =
    role === "producer"
      ? `STREAM.INFO.${streams.jobs}`
      : `CONSUMER.INFO.${streams.jobs}.${await runtimeName()}`;
  try {
    await askJetStream(connection, question, undefined, z.unknown());
  } catch (error) {
    if (error instanceof UnansweredError && error.nobodyListens) {
      noJetStream();
      return false;
    }
    const absent: number[] = [errorCodes.streamNotFound, errorCodes.consumerNotFound];
    if (!(error instanceof RefusedError) || !absent.includes(error.errorCode)) throw error;
    problem(
      role === "producer"
        ? "No job was sent to this server yet: the first `generate --nats` makes the queue"
        : "Nobody has sent jobs for this runtime yet: a runner waits until somebody does",
      undefined,
      "weaker",
    );
  }
  return true;
}
