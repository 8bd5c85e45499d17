import { setTimeout as sleep } from "node:timers/promises";
import type { QueueConnection, QueueMessage } from "./connection.ts";
import { UnansweredError } from "./queue-errors.ts";

/** A message of a work queue that was given to us, to be acknowledged. */
export interface Delivery {
  subject: string;
  data: Uint8Array;
  /** Times it was delivered, this one included. */
  attempt: number;
  /** Sequence number in its stream. */
  sequence: number;
  /** When the server stored it, by the server's clock; milliseconds since 1970. */
  storedAt: number;
  /** Removes it from the queue; the server has confirmed that when this resolves. @throws UnansweredError */
  acknowledge(): Promise<void>;
  /** Keeps it ours for another ackWait. */
  working(): void;
  /** Gives it back, to be delivered again after `delayMs`. */
  giveBack(delayMs?: number): void;
}

/** Takes single messages off a consumer; nothing is fetched ahead. */
export interface Puller {
  /** The next message; undefined when there was none for a while, or `signal` was aborted. @throws ForbiddenError */
  next(signal?: AbortSignal): Promise<Delivery | undefined>;
  /** Gives back what arrived too late for anybody to take. */
  close(): void;
}

/** Milliseconds for which the server holds a question open. */
const expiresMs = 10_000;

export function openPuller(connection: QueueConnection, stream: string, consumer: string): Puller {
  const inbox = connection.newInbox();
  /** Came when nobody waited: after a question was given up. */
  const late: Delivery[] = [];
  let waiting: ((message: QueueMessage | undefined) => void) | undefined;
  let refused: Error | undefined;
  const unsubscribe = connection.subscribe(
    inbox,
    (message) => {
      if (waiting) waiting(message);
      else if (message.status === 0) late.push(deliveryOf(connection, message));
    },
    {
      onRefused: (error) => {
        refused = error;
        waiting?.(undefined);
      },
    },
  );
  // A server that was started again knows nothing of open questions.
  const forget = connection.onReconnect(() => waiting?.(undefined));

  function ask(signal?: AbortSignal): Promise<QueueMessage | undefined> {
    return new Promise((resolve) => {
      const finish = (message: QueueMessage | undefined) => {
        waiting = undefined;
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
        resolve(message);
      };
      const giveUp = () => finish(undefined);
      const timer = setTimeout(giveUp, expiresMs + 1000);
      waiting = finish;
      signal?.addEventListener("abort", giveUp, { once: true });
      connection.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
        JSON.stringify({ batch: 1, expires: expiresMs * 1e6 }),
        { reply: inbox },
      );
    });
  }

  return {
    async next(signal) {
      if (refused) throw refused;
      const earlier = late.shift();
      if (earlier || signal?.aborted) return earlier;
      const message = connection.connected() ? await ask(signal) : undefined;
      if (refused) throw refused;
      if (message?.status === 0) return deliveryOf(connection, message);
      // Neither messages nor expiry: the server, the stream or the consumer is not there.
      if (message === undefined || ![404, 408].includes(message.status))
        await sleep(200, undefined, signal ? { signal } : {}).catch(() => undefined);
      return undefined;
    },
    close() {
      unsubscribe();
      forget();
      for (const delivery of late.splice(0)) delivery.giveBack();
    },
  };
}

/** `$JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<ns>.<pending>`, with a domain and account before in clusters. */
function deliveryOf(connection: QueueConnection, message: QueueMessage): Delivery {
  const parts = message.reply.split(".");
  const facts = parts.slice(parts.length >= 11 ? 6 : 4);
  return {
    subject: message.subject,
    data: message.data,
    attempt: Number(facts[0]),
    sequence: Number(facts[1]),
    storedAt: Number(facts[3]) / 1e6,
    async acknowledge() {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await connection.request(message.reply, "+ACK", { timeoutMs: 2000 });
          return;
        } catch (error) {
          if (!(error instanceof UnansweredError) || attempt === 5) throw error;
        }
        await sleep(100 * attempt);
      }
    },
    working: () => connection.publish(message.reply, "+WPI"),
    giveBack: (delayMs = 0) =>
      connection.publish(message.reply, `-NAK ${JSON.stringify({ delay: Math.round(delayMs * 1e6) })}`),
  };
}
