import { z } from "zod";
import type { QueueConnection } from "./connection.ts";
import { askJetStream, errorCodes } from "./jetstream.ts";
import { streams, subjects, undertaker } from "./names.ts";
import { RefusedError } from "./queue-errors.ts";

const hour = 3_600_000;
const gibibyte = 2 ** 30;

/** Bounds of the queue; they take effect when its streams are made, which the first producer does. */
export const QueueLimits = z.strictObject({
  /** Jobs that may wait or run; a producer with more waits. */
  maxJobs: z.int().positive().default(10_000),
  /** Milliseconds without a sign of life after which a job is given to another runner. */
  ackWaitMs: z.int().positive().default(30_000),
  /** Times a job is given to a runner before it is a dead letter. */
  maxDeliver: z.int().positive().default(5),
  /** Milliseconds after which results, and outputs, are forgotten. */
  resultAgeMs: z
    .int()
    .positive()
    .default(24 * hour),
  /** Milliseconds after which workspaces are forgotten; producers send again what they need. */
  inputAgeMs: z
    .int()
    .positive()
    .default(48 * hour),
  /** Milliseconds for which dead letters are kept. */
  deadAgeMs: z
    .int()
    .positive()
    .default(168 * hour),
});
export type QueueLimits = z.infer<typeof QueueLimits>;

/** Fields of the server's own interface. */
type StreamSettings = Record<string, unknown> & { max_bytes: number };

const Anything = z.unknown();
const ConsumerSettings = z.object({
  config: z.object({ ack_wait: z.int(), max_deliver: z.int() }),
});

const Progress = z.object({
  ack_floor: z.object({ stream_seq: z.int() }),
  num_pending: z.int(),
  num_ack_pending: z.int(),
});

/**
 * Makes the streams and consumers where they are missing. What is there is left as it is: an administrator may have
 * changed it.
 */
export async function prepareQueue(
  connection: QueueConnection,
  runtime: string,
  limits: QueueLimits,
): Promise<void> {
  const age = (milliseconds: number) => milliseconds * 1e6;
  const writeOnce = { max_msgs_per_subject: 1, discard: "new", discard_new_per_subject: true };
  const settings: Array<[name: string, settings: StreamSettings]> = [
    [
      streams.inputs,
      {
        subjects: ["smith.inputs.>"],
        max_age: age(limits.inputAgeMs),
        max_bytes: 16 * gibibyte,
        discard: "old",
        allow_direct: true,
      },
    ],
    [
      streams.outputs,
      {
        subjects: ["smith.outputs.>"],
        max_age: age(limits.resultAgeMs),
        max_bytes: 8 * gibibyte,
        discard: "old",
        allow_direct: true,
      },
    ],
    [
      streams.results,
      {
        subjects: ["smith.results.*"],
        // The server holds every runner to one result per job, whatever the runner asks for.
        ...writeOnce,
        max_age: age(limits.resultAgeMs),
        max_bytes: 4 * gibibyte,
        allow_direct: true,
        republish: { src: "smith.results.>", dest: "smith.done.>" },
      },
    ],
    [
      streams.jobs,
      {
        subjects: ["smith.jobs.>"],
        retention: "workqueue",
        // A full queue refuses, and a job that waits or runs is not taken a second time.
        ...writeOnce,
        max_msgs: limits.maxJobs,
        max_bytes: gibibyte,
        allow_direct: true,
      },
    ],
    [
      streams.dead,
      {
        subjects: ["smith.dead.*", `${subjects.givenUp}.>`],
        max_age: age(limits.deadAgeMs),
        max_bytes: gibibyte,
        discard: "old",
        allow_direct: true,
      },
    ],
  ];
  // A small server cannot set all that aside: then its own bound holds for all that are left.
  let bounded = true;
  for (const [name, wanted] of settings)
    bounded = await makeStream(connection, name, bounded ? wanted : { ...wanted, max_bytes: -1 });
  await Promise.all([
    makeConsumer(connection, streams.jobs, runtime, {
      filter_subject: subjects.job(runtime, "*"),
      ack_wait: age(limits.ackWaitMs),
      max_deliver: limits.maxDeliver,
      max_ack_pending: 100_000,
      max_waiting: 10_000,
    }),
    makeConsumer(connection, streams.dead, undertaker, {
      filter_subject: `${subjects.givenUp}.>`,
      ack_wait: age(30_000),
      max_waiting: 1000,
    }),
  ]);
}

/** Milliseconds after which the server gives a job to another runner, and how often it does. */
export async function consumerSettings(
  connection: QueueConnection,
  runtime: string,
): Promise<{ ackWaitMs: number; maxDeliver: number }> {
  const { config } = await askJetStream(
    connection,
    `CONSUMER.INFO.${streams.jobs}.${runtime}`,
    undefined,
    ConsumerSettings,
  );
  return { ackWaitMs: config.ack_wait / 1e6, maxDeliver: config.max_deliver };
}

/**
 * Highest sequence number up to which every job is done. A server that is killed writes down that a message is acknowledged, and
 * may not come to write down that it is gone: what lies below would never be given to anybody, nor taken again. When nothing else
 * waits or runs, what is left there is removed.
 */
export async function doneUpTo(connection: QueueConnection, runtime: string): Promise<number> {
  const question = `CONSUMER.INFO.${streams.jobs}.${runtime}`;
  const info = await askJetStream(connection, question, undefined, Progress);
  const floor = info.ack_floor.stream_seq;
  if (floor > 0 && info.num_pending === 0 && info.num_ack_pending === 0) {
    const upTo = { filter: subjects.job(runtime, "*"), seq: floor + 1 };
    await askJetStream(connection, `STREAM.PURGE.${streams.jobs}`, upTo, Anything);
  }
  return floor;
}

/** Whether the stream has the bound that it was to have. */
async function makeStream(
  connection: QueueConnection,
  name: string,
  settings: StreamSettings,
): Promise<boolean> {
  const question = `STREAM.INFO.${name}`;
  const bounded = settings.max_bytes > 0;
  if (await exists(connection, question, errorCodes.streamNotFound)) return bounded;
  const defaults = {
    name,
    retention: "limits",
    storage: "file",
    num_replicas: 1,
    max_consumers: -1,
    max_msgs: -1,
  };
  try {
    await askJetStream(connection, `STREAM.CREATE.${name}`, { ...defaults, ...settings }, Anything);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.errorCode === errorCodes.insufficientStorage && bounded)
      return makeStream(connection, name, { ...settings, max_bytes: -1 });
    // Another producer was faster, with other settings.
    if (!(await exists(connection, question, errorCodes.streamNotFound))) throw error;
  }
  return bounded;
}

async function makeConsumer(
  connection: QueueConnection,
  stream: string,
  name: string,
  settings: Record<string, unknown>,
): Promise<void> {
  if (await exists(connection, `CONSUMER.INFO.${stream}.${name}`, errorCodes.consumerNotFound)) return;
  await askJetStream(
    connection,
    `CONSUMER.DURABLE.CREATE.${stream}.${name}`,
    {
      stream_name: stream,
      config: { durable_name: name, ack_policy: "explicit", deliver_policy: "all", ...settings },
    },
    Anything,
  );
}

async function exists(connection: QueueConnection, question: string, absent: number): Promise<boolean> {
  try {
    await askJetStream(connection, question, undefined, Anything);
    return true;
  } catch (error) {
    if (error instanceof RefusedError && error.errorCode === absent) return false;
    throw error;
  }
}
