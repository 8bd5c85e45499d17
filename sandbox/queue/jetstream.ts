import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { InfrastructureError } from "../../core/errors.ts";
import type { QueueConnection, QueueMessage } from "./connection.ts";
import { RefusedError, UnansweredError } from "./queue-errors.ts";

/** Codes of the server that we tell apart. */
export const errorCodes = {
  streamNotFound: 10059,
  consumerNotFound: 10014,
  messageNotFound: 10037,
  insufficientStorage: 10047,
  storeFailed: 10077,
  wrongLastMessage: 10070,
  wrongLastSequence: 10071,
} as const;

const ApiError = z.object({ error: z.object({ err_code: z.int().default(0), description: z.string() }) });
const PublishAnswer = z.object({ stream: z.string(), seq: z.int() });

const decoder = new TextDecoder();

/** JSON of a message; undefined for what is none. */
export function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch {
    return undefined;
  }
}

/** Asks the server's JetStream interface, e.g. `STREAM.INFO.SMITH_JOBS`. @throws RefusedError, UnansweredError, ForbiddenError */
export async function askJetStream<Answer>(
  connection: QueueConnection,
  operation: string,
  body: unknown,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const text = body === undefined ? "" : JSON.stringify(body);
  const message = await connection.request(`$JS.API.${operation}`, text);
  return answer.parse(accepted(message));
}

/** What publishing into a stream is bound to. */
interface PublishOptions {
  /** Only when the stream holds no message on this subject. */
  fenced?: boolean;
  headers?: Record<string, string>;
}

/**
 * Publishes and waits until the message is stored; its sequence number.
 * @throws RefusedError, UnansweredError (then it may be stored or not), ForbiddenError
 */
export async function publishStored(
  connection: QueueConnection,
  subject: string,
  payload: Uint8Array | string,
  options: PublishOptions = {},
): Promise<number> {
  const headers = {
    ...options.headers,
    ...(options.fenced ? { "Nats-Expected-Last-Subject-Sequence": "0" } : {}),
  };
  const message = await connection.request(
    subject,
    payload,
    Object.keys(headers).length > 0 ? { headers, timeoutMs: 10_000 } : { timeoutMs: 10_000 },
  );
  return PublishAnswer.parse(accepted(message)).seq;
}

/**
 * Whether a stream holds a message on the subject, asked by who may write there but not read: a message is offered that must
 * be refused, for one reason where the subject is taken and for another where it is free.
 */
export async function isTaken(connection: QueueConnection, subject: string): Promise<boolean> {
  try {
    await publishStored(connection, subject, "", {
      fenced: true,
      headers: { "Nats-Expected-Last-Msg-Id": "there-is-no-such-message" },
    });
  } catch (error) {
    if (error instanceof RefusedError && error.errorCode === errorCodes.wrongLastSequence) return true;
    if (error instanceof RefusedError && error.errorCode === errorCodes.wrongLastMessage) return false;
    throw error;
  }
  throw new InfrastructureError("The NATS server took a message that it had to refuse", {
    hint: "use nats-server 2.9 or later",
  });
}

/** The newest message on a subject of a stream, or undefined. */
export async function readLast(
  connection: QueueConnection,
  stream: string,
  subject: string,
): Promise<QueueMessage | undefined> {
  const message = await connection.request(`$JS.API.DIRECT.GET.${stream}.${subject}`, "");
  if (message.status === 404) return undefined;
  if (message.status !== 0) throw new RefusedError(message.status, message.description);
  return message;
}

/** Removes one message; whether it was there. */
export async function removeMessage(
  connection: QueueConnection,
  stream: string,
  sequence: number,
): Promise<boolean> {
  try {
    const body = { seq: sequence, no_erase: true };
    await askJetStream(connection, `STREAM.MSG.DELETE.${stream}`, body, z.unknown());
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return false;
    throw error;
  }
}

/**
 * Removes all messages on a subject (wildcards allowed) and tells how many there were. Not for a work queue in use: the server then
 * forgets which messages it was about to deliver again, until their time is over once more.
 */
export async function purge(connection: QueueConnection, stream: string, filter?: string): Promise<number> {
  const body = filter === undefined ? undefined : { filter };
  const answer = z.object({ purged: z.int() });
  return (await askJetStream(connection, `STREAM.PURGE.${stream}`, body, answer)).purged;
}

/** Repeats what the server did not answer until it does. @throws what `work` throws otherwise, and the signal's reason. */
export async function untilAnswered<Result>(
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (let pause = 50; ; pause = Math.min(1000, pause * 2)) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnansweredError)) throw error;
    }
    await sleep(pause, undefined, signal ? { signal } : {});
  }
}

function accepted(message: QueueMessage): unknown {
  if (message.status !== 0) throw new RefusedError(message.status, message.description);
  const answer = jsonOf(message.data);
  const failed = ApiError.safeParse(answer);
  if (failed.success) {
    const { err_code, description } = failed.data.error;
    // While a server starts, or elects a leader, JetStream is there but not ready.
    if (/temporarily unavailable|not available|no responders|not ready/i.test(description))
      throw new UnansweredError(description);
    throw new RefusedError(err_code, description);
  }
  return answer;
}
