import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { InfrastructureError } from "../../core/errors.ts";
import type { QueueConnection } from "./connection.ts";
import { errorCodes, isTaken, jsonOf, publishStored, purge, readLast, untilAnswered } from "./jetstream.ts";
import { streams } from "./names.ts";
import { RefusedError } from "./queue-errors.ts";

const chunkBytes = 512 * 1024;
/** Chunks on their way at once. */
const window = 8;

/** What is known of an object once it is whole: written last, and once. */
const Head = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().nonnegative(),
  chunks: z.int().nonnegative(),
  /** Names the chunks of this upload. */
  part: z.string().regex(/^[0-9a-f]{16}$/),
});

/** The object is not there, or not any more. */
export class MissingObjectError extends InfrastructureError {}

/**
 * Objects named by their content, in chunks on a stream. Each is written once, under the name of what it holds; who may only
 * write cannot replace one, and reading takes no consumer, only questions for single messages.
 */
export interface ObjectSpace {
  /** Whether the object is there and will be for a while: one that is about to be forgotten is removed and counts as absent. */
  has(name: string): Promise<boolean>;
  /** Sends an object. Where another was faster, this one is dropped. */
  put(name: string, content: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** The object's bytes; size and SHA-256 are compared at its end. @throws MissingObjectError, InfrastructureError */
  get(name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** What belongs to whom: producers write inputs and read outputs, runners the other way round. */
export type SpaceName = "inputs" | "outputs";

/** @param freshMs age in milliseconds from which an object counts as absent, for who may read. */
export function openObjects(
  connection: QueueConnection,
  space: SpaceName,
  access: { reads: boolean; freshMs?: number },
): ObjectSpace {
  const stream = streams[space];
  const subject = (name: string, part: string) => `smith.${space}.${name}.${part}`;
  const headSubject = (name: string) => subject(name, "head");

  async function readHead(name: string, signal?: AbortSignal) {
    const message = await untilAnswered(() => readLast(connection, stream, headSubject(name)), signal);
    if (message === undefined) return undefined;
    return {
      head: Head.parse(jsonOf(message.data)),
      ageMs: Date.now() - Date.parse(message.header("Nats-Time-Stamp") ?? ""),
    };
  }

  async function readChunk(name: string, part: string, index: number, signal?: AbortSignal) {
    const message = await untilAnswered(
      () => readLast(connection, stream, subject(name, `${part}.${index}`)),
      signal,
    );
    if (message === undefined) throw new MissingObjectError(`Part ${index} of the object ${name} is gone`);
    return message.data;
  }

  return {
    async has(name) {
      if (!access.reads) return untilAnswered(() => isTaken(connection, headSubject(name)));
      const found = await readHead(name);
      if (found === undefined) return false;
      if (found.ageMs < (access.freshMs ?? Number.POSITIVE_INFINITY)) return true;
      await untilAnswered(() => purge(connection, stream, headSubject(name)));
      return false;
    },

    async put(name, content, signal) {
      const part = randomBytes(8).toString("hex");
      const hash = createHash("sha256");
      let size = 0;
      let chunks = 0;
      const underway = new Set<Promise<unknown>>();
      let failure: unknown;
      for await (const chunk of inChunks(content)) {
        hash.update(chunk);
        size += chunk.byteLength;
        const place = subject(name, `${part}.${chunks}`);
        const sent = untilAnswered(() => publishStored(connection, place, chunk), signal);
        chunks += 1;
        underway.add(sent);
        sent.then(
          () => underway.delete(sent),
          (error) => {
            failure ??= error;
            underway.delete(sent);
          },
        );
        if (underway.size >= window) await Promise.race(underway).catch(() => undefined);
        if (failure !== undefined) break;
      }
      await Promise.allSettled(underway);
      if (failure !== undefined) throw failure;
      const head = JSON.stringify({ sha256: hash.digest("hex"), size, chunks, part });
      try {
        await untilAnswered(
          () => publishStored(connection, headSubject(name), head, { fenced: true }),
          signal,
        );
      } catch (error) {
        if (!(error instanceof RefusedError && error.errorCode === errorCodes.wrongLastSequence)) throw error;
      }
    },

    async *get(name, signal) {
      let found = await readHead(name, signal);
      // What was stored a moment ago may not have reached every server of a cluster.
      for (let attempt = 1; found === undefined && attempt <= 3; attempt += 1) {
        await sleep(50 * attempt);
        found = await readHead(name, signal);
      }
      if (found === undefined)
        throw new MissingObjectError(`The object ${name} is not there`, {
          hint: "objects are forgotten after a while; what still needs them sends them again",
        });
      const { head } = found;
      const hash = createHash("sha256");
      let size = 0;
      const ahead: Array<Promise<Uint8Array>> = [];
      for (let next = 0, index = 0; index < head.chunks; index += 1) {
        for (; next < head.chunks && ahead.length < window; next += 1) {
          const chunk = readChunk(name, head.part, next, signal);
          chunk.catch(() => undefined);
          ahead.push(chunk);
        }
        const chunk = (await ahead.shift()) ?? new Uint8Array();
        hash.update(chunk);
        size += chunk.byteLength;
        if (size > head.size) break;
        yield chunk;
      }
      if (size !== head.size || hash.digest("hex") !== head.sha256)
        throw new InfrastructureError(`The object ${name} is damaged: size or SHA-256 is not as it was sent`);
    },
  };
}

/** Cuts and joins a stream's pieces to chunks of one size, each a buffer of its own. */
async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.byteLength; ) {
      const taken = piece.subarray(from, from + chunkBytes - held);
      pieces.push(taken);
      held += taken.byteLength;
      from += taken.byteLength;
      if (held === chunkBytes) {
        yield Buffer.concat(pieces);
        pieces = [];
        held = 0;
      }
    }
  }
  if (held > 0) yield Buffer.concat(pieces);
}
