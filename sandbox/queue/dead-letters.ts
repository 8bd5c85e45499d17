import { z } from "zod";
import type { QueueConnection } from "./connection.ts";
import { Ticket } from "./envelope.ts";
import { askJetStream, errorCodes, jsonOf, publishStored, removeMessage } from "./jetstream.ts";
import { streams, subjects, undertaker } from "./names.ts";
import { openPuller } from "./puller.ts";
import { RefusedError } from "./queue-errors.ts";

/** The server's notice; of its many fields those that we need. */
const Notice = z.object({ stream: z.string(), stream_seq: z.int(), deliveries: z.int() });
const Stored = z.object({ message: z.object({ subject: z.string(), data: z.string().default("") }) });

/** A job that was given up, as it is kept. */
export const DeadLetter = z.strictObject({
  v: z.literal(1),
  /** Times that it was given to a runner. */
  deliveries: z.int(),
  /** Where it lay, and what lay there. */
  subject: z.string(),
  ticket: z.unknown(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/**
 * Takes jobs out of the queue that were given to runners as often as allowed, keeps them as dead letters and tells who waits
 * for them. Each producer does this; the server gives each notice to one of them, and again when it fails.
 * @returns a function that ends it.
 */
export function startUndertaker(connection: QueueConnection): () => Promise<void> {
  const stop = new AbortController();
  const puller = openPuller(connection, streams.dead, undertaker);
  const ended = (async () => {
    while (!stop.signal.aborted) {
      const delivery = await puller.next(stop.signal).catch(() => undefined);
      if (delivery === undefined) continue;
      try {
        const notice = Notice.safeParse(jsonOf(delivery.data));
        if (notice.success) await bury(connection, notice.data);
        await delivery.acknowledge();
      } catch {
        delivery.giveBack(1000);
      }
    }
  })();
  return async () => {
    stop.abort();
    await ended;
    puller.close();
  };
}

async function bury(connection: QueueConnection, notice: z.infer<typeof Notice>): Promise<void> {
  const stored = await askJetStream(
    connection,
    `STREAM.MSG.GET.${streams.jobs}`,
    { seq: notice.stream_seq },
    Stored,
  ).catch((error: unknown) => {
    if (error instanceof RefusedError && error.errorCode === errorCodes.messageNotFound) return undefined;
    throw error;
  });
  if (stored === undefined) return;
  const { subject, data } = stored.message;
  const content = jsonOf(Buffer.from(data, "base64"));
  const letter: DeadLetter = { v: 1, deliveries: notice.deliveries, subject, ticket: content };
  await publishStored(
    connection,
    subjects.dead(subject.split(".").at(-1) ?? "unknown"),
    JSON.stringify(letter),
  );
  await removeMessage(connection, streams.jobs, notice.stream_seq);
  const ticket = Ticket.safeParse(content);
  if (!ticket.success) return;
  const message = `${notice.deliveries} runners were given the job and none brought a result`;
  connection.publish(
    subjects.notes(ticket.data.producer),
    JSON.stringify({ kind: "dead", key: ticket.data.key, ticket: ticket.data.ticket, message }),
  );
}
