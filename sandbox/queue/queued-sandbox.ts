import { randomBytes } from "node:crypto";
import type { ArtefactStore } from "../../core/store.ts";
import type { Job, JobResult } from "../job.ts";
import type { Sandbox } from "../sandbox.ts";
import { connectQueue, type QueueConnection } from "./connection.ts";
import { startUndertaker } from "./dead-letters.ts";
import { Note } from "./envelope.ts";
import { InputSender } from "./input-sender.ts";
import { jsonOf, purge } from "./jetstream.ts";
import { runtimeName, streams, subjects } from "./names.ts";
import { openObjects } from "./objects.ts";
import type { QueueServer } from "./server-address.ts";
import { doneUpTo, prepareQueue, QueueLimits } from "./streams.ts";
import { Submission, type SubmissionContext } from "./submission.ts";
import { KnownTrees } from "./trees.ts";

export interface QueuedSandboxOptions {
  store: ArtefactStore;
  server: QueueServer;
  /** Bounds with which streams are made that are not there yet. */
  limits?: Partial<QueueLimits>;
  /** Milliseconds after which a job that is waited for is looked after. */
  reconcileMs?: number;
  /** Milliseconds without a connection after which jobs are given up. */
  patienceMs?: number;
  /** Asks for results again that are kept; default true. */
  tidy?: boolean;
}

/**
 * A sandbox whose jobs are run by runners elsewhere (`mle-smith runner`). Work that other producers have sent, or that has a
 * result, is not sent again. When the queue is full, `run` waits. Lost connections and servers that start again are waited for.
 * @throws InfrastructureError, with a hint, when the server cannot be used.
 */
export async function createQueuedSandbox(options: QueuedSandboxOptions): Promise<Sandbox> {
  const producer = `p${randomBytes(8).toString("hex")}`;
  const connection = await connectQueue(options.server, { role: "producer", name: `mle-smith ${producer}` });
  const limits = QueueLimits.parse(options.limits ?? {});
  const runtime = await runtimeName();
  try {
    await prepareQueue(connection, runtime, limits);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const inputs = openObjects(connection, "inputs", { reads: true, freshMs: limits.inputAgeMs / 2 });
  const context: SubmissionContext = {
    connection,
    store: options.store,
    runtime,
    producer,
    inputs: new InputSender(inputs, options.store, limits.inputAgeMs / 4),
    outputs: openObjects(connection, "outputs", { reads: true }),
    trees: new KnownTrees(options.store),
    doneUpTo: 0,
  };
  const waiting = new Map<string, Submission>();
  const running = new Set<Promise<JobResult>>();
  const spent: Array<{ key: string; object: string | undefined }> = [];
  let closing = false;
  let tickets = 0;

  const stopNotes = connection.subscribe(subjects.notes(producer), ({ data }) => {
    const note = Note.safeParse(jsonOf(data));
    if (note.success) waiting.get(note.data.ticket)?.hear(note.data);
  });
  const stopUndertaker = startUndertaker(connection);

  /** After a loss of connection, or of a server's memory, messages may be gone: every job is looked after. */
  const stopListening = connection.onReconnect(() => {
    // A server without its memory counts anew.
    context.doneUpTo = 0;
    void prepareQueue(connection, runtime, limits)
      .catch(() => undefined)
      .then(() => {
        for (const submission of waiting.values()) void submission.lookAfter();
      });
  });
  const reconcileMs = options.reconcileMs ?? 15_000;
  const patienceMs = options.patienceMs ?? 600_000;
  let lastConnected = performance.now();
  let lastAsked = performance.now();
  const rounds = setInterval(
    () => {
      const now = performance.now();
      if (connection.connected()) lastConnected = now;
      if (connection.connected() && now - lastAsked >= reconcileMs) {
        lastAsked = now;
        doneUpTo(connection, runtime).then(
          (sequence) => {
            context.doneUpTo = sequence;
          },
          () => undefined,
        );
      }
      for (const submission of waiting.values()) {
        if (now - lastConnected > patienceMs)
          submission.fail(
            `there was no connection to the NATS server for ${Math.round(patienceMs / 1000)} s`,
          );
        else if (now - submission.lookedAfter >= reconcileMs) void submission.lookAfter();
      }
    },
    Math.min(1000, reconcileMs),
  );

  async function run(job: Job, signal?: AbortSignal): Promise<JobResult> {
    // Counted, not drawn: random bytes for each job would cost more than sending it.
    tickets += 1;
    const submission = new Submission(context, job, `${producer}-${tickets}`);
    waiting.set(submission.ticket, submission);
    try {
      const { result, output } = await submission.run(signal);
      if (submission.owned) spent.push({ key: submission.key, object: output });
      return result;
    } finally {
      waiting.delete(submission.ticket);
    }
  }

  return {
    engine: "nats",
    async run(job, { signal } = {}) {
      const ended = run(job, closing ? AbortSignal.abort() : signal);
      running.add(ended);
      try {
        return await ended;
      } finally {
        running.delete(ended);
      }
    },
    async close() {
      closing = true;
      for (const submission of waiting.values()) void submission.cancel();
      await Promise.allSettled(running);
      clearInterval(rounds);
      stopListening();
      stopNotes();
      await stopUndertaker();
      if (options.tidy !== false) await tidy(connection, spent);
      await connection.close();
    },
  };
}

/** Forgets results and outputs that this producer asked for and has; what is left over ages out. */
async function tidy(
  connection: QueueConnection,
  spent: Array<{ key: string; object: string | undefined }>,
): Promise<void> {
  const deadline = performance.now() + 5000;
  const lane = async () => {
    for (let next = spent.pop(); next !== undefined && performance.now() < deadline; next = spent.pop()) {
      if (!connection.connected()) return;
      await purge(connection, streams.results, subjects.result(next.key));
      if (next.object !== undefined)
        await purge(connection, streams.outputs, `smith.outputs.${next.object}.>`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane)).catch(() => undefined);
}
