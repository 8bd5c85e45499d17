import { z } from "zod";
import { BadInputError } from "../../core/errors.ts";
import type { QueueConnection } from "./connection.ts";
import { DeadLetter } from "./dead-letters.ts";
import { askJetStream, errorCodes, jsonOf, publishStored, purge, readLast } from "./jetstream.ts";
import { streams, subjects } from "./names.ts";
import { RefusedError } from "./queue-errors.ts";

const StreamInfo = z.object({
  config: z.object({ max_msgs: z.int(), max_bytes: z.int() }),
  state: z.object({
    messages: z.int(),
    bytes: z.int(),
    subjects: z.record(z.string(), z.int()).optional(),
  }),
});
const ConsumerNames = z.object({ consumers: z.array(z.string()).nullable() });
const ConsumerInfo = z.object({
  name: z.string(),
  num_ack_pending: z.int(),
  num_redelivered: z.int(),
  num_waiting: z.int(),
  num_pending: z.int(),
});

/** What is in the queue. */
export interface QueueStatus {
  server: string;
  version: string;
  /** One for each runtime that jobs were sent for. */
  runtimes: Array<{
    name: string;
    /** Jobs that no runner has yet, that one has, and that were given to more than one. */
    waiting: number;
    running: number;
    redelivered: number;
    /** Slots of runners that have nothing to do. */
    idleSlots: number;
  }>;
  /** Jobs that may wait or run at most. */
  maximumJobs: number;
  results: number;
  deadLetters: number;
  /** Bytes on the server by stream. */
  bytes: Record<string, number>;
}

/** Asks the server. @throws BadInputError when there is no queue yet. */
export async function readStatus(connection: QueueConnection): Promise<QueueStatus> {
  const info = async (stream: string, body?: unknown) =>
    askJetStream(connection, `STREAM.INFO.${stream}`, body, StreamInfo).catch((error: unknown) => {
      if (error instanceof RefusedError && error.errorCode === errorCodes.streamNotFound)
        throw new BadInputError("there is no queue on this server yet", {
          hint: "the first `mle-smith generate --nats …` makes it",
        });
      throw error;
    });
  const [jobs, results, inputs, outputs, dead] = await Promise.all([
    info(streams.jobs),
    info(streams.results),
    info(streams.inputs),
    info(streams.outputs),
    info(streams.dead, { subjects_filter: subjects.dead("*") }),
  ]);
  const names = (await askJetStream(connection, `CONSUMER.NAMES.${streams.jobs}`, undefined, ConsumerNames))
    .consumers;
  const consumers = await Promise.all(
    (names ?? []).map((name) =>
      askJetStream(connection, `CONSUMER.INFO.${streams.jobs}.${name}`, undefined, ConsumerInfo),
    ),
  );
  const { version, host } = connection.server();
  return {
    server: host,
    version,
    runtimes: consumers.map((consumer) => ({
      name: consumer.name,
      waiting: consumer.num_pending,
      running: consumer.num_ack_pending,
      redelivered: consumer.num_redelivered,
      idleSlots: consumer.num_waiting,
    })),
    maximumJobs: jobs.config.max_msgs,
    results: results.state.messages,
    deadLetters: Object.keys(dead.state.subjects ?? {}).length,
    bytes: {
      jobs: jobs.state.bytes,
      results: results.state.bytes,
      inputs: inputs.state.bytes,
      outputs: outputs.state.bytes,
      dead: dead.state.bytes,
    },
  };
}

/** Takes all jobs out of the queue; how many there were. Jobs under way run to their end, and their results are kept. */
export async function discardJobs(connection: QueueConnection): Promise<number> {
  return purge(connection, streams.jobs);
}

/** Jobs that were given up, by key. */
export async function readDeadLetters(connection: QueueConnection): Promise<Record<string, DeadLetter>> {
  const { state } = await askJetStream(
    connection,
    `STREAM.INFO.${streams.dead}`,
    { subjects_filter: subjects.dead("*") },
    StreamInfo,
  );
  const letters: Record<string, DeadLetter> = {};
  for (const subject of Object.keys(state.subjects ?? {}).sort()) {
    const message = await readLast(connection, streams.dead, subject);
    const letter = DeadLetter.safeParse(jsonOf(message?.data ?? new Uint8Array()));
    if (letter.success) letters[subject.split(".").at(-1) ?? ""] = letter.data;
  }
  return letters;
}

/** Puts a dead letter into the queue again and forgets it. */
export async function reviveDeadLetter(
  connection: QueueConnection,
  key: string,
  letter: DeadLetter,
): Promise<void> {
  await publishStored(connection, letter.subject, JSON.stringify(letter.ticket));
  await forgetDeadLetter(connection, key);
}

/** Forgets a dead letter. */
export async function forgetDeadLetter(connection: QueueConnection, key: string): Promise<void> {
  await purge(connection, streams.dead, subjects.dead(key));
}
