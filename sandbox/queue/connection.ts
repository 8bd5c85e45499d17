import { readFileSync } from "node:fs";
import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  createInbox,
  credsAuthenticator,
  Events,
  headers,
  type Msg,
  type NatsConnection,
  NatsError,
  nkeyAuthenticator,
  nkeys,
} from "nats";
import { BadInputError, describeError, InfrastructureError } from "../../core/errors.ts";
import { Questions } from "./questions.ts";
import { ForbiddenError, UnansweredError } from "./queue-errors.ts";
import { connectError, parseUrl, type QueueServer } from "./server-address.ts";

/** Who connects: answers come to an inbox that others of another role may not read. */
export type QueueRole = "producer" | "runner";

/** A message as it arrived. */
export interface QueueMessage {
  subject: string;
  /** Where an answer, or an acknowledgement, goes. */
  reply: string;
  data: Uint8Array;
  header(name: string): string | undefined;
  /** Status of an answer without content, e.g. 404; 0 for ordinary messages. */
  status: number;
  description: string;
}

/** A connection to a NATS server that mends itself. The only part of the program that knows the client `nats`. */
export interface QueueConnection {
  /** Version and host of the server that it is connected to, e.g. 2.9.10. */
  server(): { version: string; host: string; jetstream: boolean; maximumPayload: number };
  connected(): boolean;
  /** Publishes and waits for one answer. @throws UnansweredError, ForbiddenError */
  request(
    subject: string,
    payload: Uint8Array | string,
    options?: { headers?: Record<string, string>; timeoutMs?: number },
  ): Promise<QueueMessage>;
  publish(subject: string, payload: Uint8Array | string, options?: { reply?: string }): void;
  /** Calls `listener` for each message until the returned function is called. */
  subscribe(
    subject: string,
    listener: (message: QueueMessage) => void,
    options?: { onRefused?: (error: ForbiddenError) => void },
  ): () => void;
  /** Calls `listener` each time the connection was lost and is there again. */
  onReconnect(listener: () => void): () => void;
  newInbox(): string;
  /** Waits until the server has seen all that was sent. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A new user: the name that a server's configuration holds, and the secret that only the user has. */
export function createUser(): { publicKey: string; seed: string } {
  const pair = nkeys.createUser();
  return { publicKey: pair.getPublicKey(), seed: Buffer.from(pair.getSeed()).toString("ascii") };
}

/** How a connection behaves. */
export interface ConnectOptions {
  role: QueueRole;
  /** Shown by the server's monitoring. */
  name: string;
  /** Keep trying when the server is not there at first. */
  patient?: boolean;
  /** Milliseconds between pings: a cut link is noticed after two that were not answered. */
  pingMs?: number;
}

/**
 * Connects to a NATS server.
 * @throws InfrastructureError that says what mends it; BadInputError for credentials that cannot be read.
 */
export async function connectQueue(server: QueueServer, options: ConnectOptions): Promise<QueueConnection> {
  const inboxPrefix = `_INBOX_${options.role}`;
  let connection: NatsConnection;
  try {
    connection = await connect({
      ...clientOptions(server),
      name: options.name,
      inboxPrefix,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      waitOnFirstConnect: options.patient ?? false,
      timeout: 5000,
      pingInterval: options.pingMs ?? 5000,
      maxPingOut: 2,
      // A client that may not do one thing goes on doing the others.
      ignoreAuthErrorAbort: options.patient ?? false,
      noAsyncTraces: true,
    });
  } catch (error) {
    throw connectError(error, error instanceof NatsError ? error.code : "", server);
  }
  return wrap(connection, inboxPrefix);
}

function clientOptions(server: QueueServer): ConnectionOptions {
  const addresses = server.url.split(",").map((url) => parseUrl(url.trim()));
  const servers = addresses.map(({ host }) => host);
  const secure = server.tls !== undefined || addresses.some(({ protocol }) => protocol === "tls:");
  const authenticator = authenticatorOf(server);
  const { ca, cert, key } = server.tls ?? {};
  return {
    servers,
    ...(authenticator ? { authenticator } : {}),
    ...(server.token === undefined ? {} : { token: server.token }),
    ...(secure
      ? {
          tls: {
            ...(ca === undefined ? {} : { ca: readText(ca) }),
            ...(cert === undefined ? {} : { cert: readText(cert) }),
            ...(key === undefined ? {} : { key: readText(key) }),
          },
        }
      : {}),
  };
}

function authenticatorOf({ credentials }: QueueServer): Authenticator | undefined {
  if (credentials === undefined) return undefined;
  const content = readText(credentials);
  if (content.includes("BEGIN NATS USER JWT")) return credsAuthenticator(Buffer.from(content));
  const seed = /\bSU[A-Z2-7]{40,}\b/.exec(content)?.[0];
  if (seed !== undefined) return nkeyAuthenticator(Buffer.from(seed));
  throw new BadInputError(`${credentials} holds no credentials of a NATS user`, {
    hint: "a file that `mle-smith queue init` or `nsc` wrote",
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new BadInputError(`cannot read ${path}: ${describeError(error)}`, { cause: error });
  }
}

function wrap(connection: NatsConnection, inboxPrefix: string): QueueConnection {
  const listeners = new Set<() => void>();
  const questions = new Questions<QueueMessage>();
  const answers = createInbox(inboxPrefix);
  connection.subscribe(`${answers}.*`, {
    callback: (error, message) => {
      if (error) return;
      const nobodyListens = message.headers?.code === 503 && message.data.length === 0;
      questions.answer(message.subject.slice(answers.length + 1), messageOf(message), nobodyListens);
    },
  });
  let up = true;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === Events.Disconnect) {
        up = false;
        questions.lose();
      }
      if (status.permissionContext?.operation === "publish")
        questions.refuse(status.permissionContext.subject);
      if (status.type === Events.Reconnect) {
        up = true;
        for (const listener of listeners) listener();
      }
    }
  })();
  return {
    server: () => ({
      version: connection.info?.version ?? "",
      host: connection.getServer(),
      jetstream: connection.info?.jetstream ?? false,
      maximumPayload: connection.info?.max_payload ?? 1_048_576,
    }),
    connected: () => up && !connection.isClosed(),
    async request(subject, payload, { headers: given, timeoutMs = 5000 } = {}) {
      // Nobody will answer: who asks until there is an answer would never end.
      if (connection.isClosed()) throw new InfrastructureError("The connection to the NATS server is closed");
      if (!up) throw new UnansweredError(`no answer to ${subject}: not connected`);
      return questions.ask(subject, timeoutMs, (token) =>
        connection.publish(subject, payload, {
          reply: `${answers}.${token}`,
          ...(given === undefined ? {} : { headers: headersOf(given) }),
        }),
      );
    },
    publish(subject, payload, { reply } = {}) {
      if (!connection.isClosed())
        connection.publish(subject, payload, reply === undefined ? undefined : { reply });
    },
    subscribe(subject, listener, { onRefused } = {}) {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error) onRefused?.(new ForbiddenError(`Not allowed to listen to ${subject}`, { cause: error }));
          else listener(messageOf(message));
        },
      });
      return () => subscription.unsubscribe();
    },
    onReconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    newInbox: () => createInbox(inboxPrefix),
    async flush() {
      await connection.flush();
    },
    async close() {
      if (connection.isClosed()) return;
      // Draining waits for the server; where it is away, what is left to send is lost anyhow.
      await (up ? connection.drain() : connection.close()).catch(() => connection.close());
    },
  };
}

function headersOf(given: Record<string, string>) {
  const made = headers();
  for (const [name, value] of Object.entries(given)) made.set(name, value);
  return made;
}

function messageOf(message: Msg): QueueMessage {
  return {
    subject: message.subject,
    reply: message.reply ?? "",
    data: message.data,
    header: (name) => message.headers?.get(name) || undefined,
    status: message.headers?.code ?? 0,
    description: message.headers?.description ?? "",
  };
}
