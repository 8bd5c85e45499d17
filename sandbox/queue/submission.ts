import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "../../core/errors.ts";
import { sha256 } from "../../core/hash.ts";
import { Job, type JobResult } from "../job.ts";
import type { QueueConnection, QueueMessage } from "./connection.ts";
import { deferred } from "./deferred.ts";
import { keyOf, mostInline, type Note, type Ticket } from "./envelope.ts";
import type { InputSender } from "./input-sender.ts";
import {
  errorCodes,
  jsonOf,
  publishStored,
  purge,
  readLast,
  removeMessage,
  untilAnswered,
} from "./jetstream.ts";
import { streams, subjects } from "./names.ts";
import { MissingObjectError } from "./objects.ts";
import { provenance } from "./provenance.ts";
import { RefusedError, UnansweredError } from "./queue-errors.ts";
import { type ResultPlaces, takeResult } from "./take-result.ts";
import { treeObject } from "./trees.ts";

/** Milliseconds that runners have to say that they end a job. */
const cancelGraceMs = 250;
/** Milliseconds that a runner may take to end a job that it said it ends. */
const cancelEndMs = 30_000;

export interface SubmissionContext extends ResultPlaces {
  connection: QueueConnection;
  runtime: string;
  producer: string;
  inputs: InputSender;
  /** Sequence number up to which every job in the queue is done. */
  doneUpTo: number;
}

/** How a submission ended, and the name of the object with its outputs where there is one. */
interface Ended {
  result: JobResult;
  output: string | undefined;
}

/** One job on its way: sent, waited for, looked after when messages were lost, called off. */
export class Submission {
  readonly key: string;
  readonly ticket: string;
  /** Sequence number of the job in the queue; undefined while it is an equal one of another producer's. */
  #sequence: number | undefined;
  /** When the server was last asked for this job; `performance.now()`. */
  lookedAfter = performance.now();
  readonly #context: SubmissionContext;
  readonly #job: Job;
  readonly #submitted = performance.now();
  /** Where it comes from, for spans and logs of runners. */
  readonly #from = provenance();
  readonly #ended = deferred<Ended>();
  readonly #cancelling = deferred<void>();
  readonly #cancelled = deferred<void>();
  /** Why runners failed to run it so far; the newest. */
  #trouble = "";
  /** The job as an object, where it is too large for a message. */
  #large: { name: string; content: Uint8Array } | undefined;
  #looking = false;
  #settled = false;
  #taking = false;
  #sending: Promise<void> = Promise.resolve();

  /** @param ticket names this submission among all of all producers. */
  constructor(context: SubmissionContext, job: Job, ticket: string) {
    this.#context = context;
    this.#job = job;
    this.ticket = ticket;
    this.key = keyOf(job);
  }

  /** Whether the job in the queue is this submission's. */
  get owned(): boolean {
    return this.#sequence !== undefined;
  }

  /** Sends the job and resolves with its result; never throws. */
  async run(signal?: AbortSignal): Promise<Ended> {
    if (signal?.aborted) return this.#without("cancelled");
    const valid = Job.safeParse(this.#job);
    // Runners would refuse it one after the other.
    if (!valid.success) return this.#without("infra_error", `not a job: ${valid.error.issues[0]?.message}`);
    const { connection } = this.#context;
    const unsubscribe = connection.subscribe(subjects.done(this.key), (message) => void this.#take(message));
    const abort = () => void this.cancel();
    signal?.addEventListener("abort", abort, { once: true });
    this.#sending = this.#send(signal).catch((error: unknown) => {
      if (!signal?.aborted) this.fail(describeError(error));
    });
    try {
      return await this.#ended.promise;
    } finally {
      signal?.removeEventListener("abort", abort);
      unsubscribe();
    }
  }

  /** What a runner says of this submission. */
  hear(note: Note): void {
    if (note.kind === "cancelling") this.#cancelling.resolve();
    if (note.kind === "cancelled") this.#cancelled.resolve();
    if (note.kind === "infra_error" || note.kind === "input_missing") this.#trouble = note.message;
    if (note.kind === "input_missing") {
      for (const tree of Object.values(this.#job.workspace.trees))
        this.#context.inputs.forget(treeObject(tree));
      if (this.#large) this.#context.inputs.forget(this.#large.name);
      void this.#sendInputs().catch(() => undefined);
    }
    if (note.kind === "dead") this.fail(this.#trouble || note.message);
  }

  /** Ends the submission as a failure of the machinery. */
  fail(message: string): void {
    this.#settle({ ...this.#without("infra_error", message) });
  }

  /** Finds out whether the job still waits or has a result; sends it again when neither is so. */
  async lookAfter(): Promise<void> {
    if (this.#looking || this.#settled || !this.#context.connection.connected()) return;
    this.#looking = true;
    try {
      await this.#sending;
      this.lookedAfter = performance.now();
      const { connection, runtime } = this.#context;
      // First the queue, then the results: a job that ends between the two questions is found by the second.
      const queued = await readLast(connection, streams.jobs, subjects.job(runtime, this.key));
      const stored = await readLast(connection, streams.results, subjects.result(this.key));
      if (stored) await this.#take(stored);
      else if (!this.#settled && !this.#taking) await this.#sendAgain(queued);
      await this.#sending;
    } catch (error) {
      if (!(error instanceof UnansweredError)) this.fail(describeError(error));
    } finally {
      this.#looking = false;
    }
  }

  /** Sends the job again when it is not in the queue, or is there and will never be given to anybody. */
  async #sendAgain(queued: QueueMessage | undefined): Promise<void> {
    const sequence = Number(queued?.header("Nats-Sequence"));
    if (queued && !(sequence <= this.#context.doneUpTo)) return;
    if (queued) await removeMessage(this.#context.connection, streams.jobs, sequence);
    this.#sequence = undefined;
    this.#sending = this.#publish();
  }

  async #send(signal?: AbortSignal): Promise<void> {
    const { connection } = this.#context;
    const stored = await untilAnswered(
      () => readLast(connection, streams.results, subjects.result(this.key)),
      signal,
    );
    if (stored) return this.#take(stored);
    await this.#sendInputs();
    await this.#publish(signal);
  }

  async #sendInputs(): Promise<void> {
    const { inputs } = this.#context;
    await Promise.all(Object.values(this.#job.workspace.trees).map((tree) => inputs.sendTree(tree)));
    if (this.#large) await inputs.sendBytes(this.#large.name, this.#large.content);
  }

  /** Puts the job into the queue. Waits while the queue is full; an equal job in it is as good. */
  async #publish(signal?: AbortSignal): Promise<void> {
    const { connection, inputs, producer, runtime } = this.#context;
    const ticket: Ticket = {
      v: 1,
      key: this.key,
      ticket: this.ticket,
      producer,
      job: this.#job,
      ...this.#from,
    };
    let payload = JSON.stringify(ticket);
    if (payload.length > mostInline / 2 && Buffer.byteLength(payload) > mostInline) {
      const content = Buffer.from(JSON.stringify(this.#job));
      const name = `job-${sha256(content)}`;
      this.#large = { name, content };
      await inputs.sendBytes(name, content);
      payload = JSON.stringify({ ...ticket, job: { object: name } });
    }
    for (let pause = 10; !this.#settled; pause = Math.min(500, pause * 2)) {
      signal?.throwIfAborted();
      try {
        const subject = subjects.job(runtime, this.key);
        this.#sequence = await untilAnswered(() => publishStored(connection, subject, payload), signal);
        return;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.errorCode !== errorCodes.storeFailed) throw error;
        // An earlier try of ours, or an equal job of another producer.
        if (error.message.includes("per subject")) return this.#claim();
      }
      await sleep(pause * (0.5 + Math.random()), undefined, signal ? { signal } : {});
    }
  }

  /** Whether the job in the queue is ours: the answer to our own first try may have been lost. */
  async #claim(): Promise<void> {
    if (this.owned) return;
    const { connection, runtime } = this.#context;
    const queued = await readLast(connection, streams.jobs, subjects.job(runtime, this.key)).catch(
      () => undefined,
    );
    const found = jsonOf(queued?.data ?? new Uint8Array());
    if (typeof found === "object" && found !== null && "ticket" in found && found.ticket === this.ticket)
      this.#sequence = Number(queued?.header("Nats-Sequence"));
  }

  /** Takes a stored result, its outputs included. */
  async #take(message: QueueMessage): Promise<void> {
    if (this.#settled || this.#taking) return;
    this.#taking = true;
    try {
      const { result, ticket, output } = await takeResult(message.data, this.#context);
      const queuedMs = Math.max(0, performance.now() - this.#submitted - result.timings.runMs);
      const timings = { ...result.timings, queuedMs };
      this.#settle({ result: { ...result, id: this.#job.id, timings }, output });
      // Ours is not needed any more when an equal job of another producer was faster.
      if (this.#sequence !== undefined && ticket !== this.ticket)
        removeMessage(this.#context.connection, streams.jobs, this.#sequence).catch(() => undefined);
    } catch (error) {
      await this.#refuseResult(error);
    } finally {
      this.#taking = false;
    }
  }

  /** A result that cannot be used (its outputs have been forgotten, or it is damaged) is removed: the job is sent again. */
  async #refuseResult(error: unknown): Promise<void> {
    const { connection } = this.#context;
    this.#trouble = describeError(error);
    if (error instanceof MissingObjectError) {
      await untilAnswered(() => purge(connection, streams.results, subjects.result(this.key))).catch(
        () => undefined,
      );
      this.#sending = this.#sendInputs()
        .then(() => this.#publish())
        .catch((failure) => this.fail(describeError(failure)));
      return;
    }
    await purge(connection, streams.results, subjects.result(this.key)).catch(() => undefined);
    this.fail(this.#trouble);
  }

  /** Takes the job out of the queue, and has it ended where it runs. */
  async cancel(): Promise<void> {
    const { connection } = this.#context;
    await Promise.race([this.#sending, sleep(2000, undefined, { ref: false })]);
    if (this.#sequence !== undefined && !this.#settled && connection.connected()) {
      const removed = await Promise.race([
        removeMessage(connection, streams.jobs, this.#sequence).catch(() => false),
        sleep(2000, false, { ref: false }),
      ]);
      if (removed) {
        connection.publish(subjects.cancel(this.key), JSON.stringify({ ticket: this.ticket }));
        const heard = await Promise.race([
          this.#cancelling.promise.then(() => true),
          sleep(cancelGraceMs, false),
        ]);
        if (heard)
          await Promise.race([this.#cancelled.promise, sleep(cancelEndMs, undefined, { ref: false })]);
      }
    }
    this.#settle(this.#without("cancelled"));
  }

  #settle(ended: Ended): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#ended.resolve(ended);
  }

  #without(status: "cancelled" | "infra_error", message = ""): Ended {
    const facts = {
      id: this.#job.id,
      timings: { queuedMs: performance.now() - this.#submitted, runMs: 0 },
      stdout: "",
      stderr: "",
      stdoutTruncated: false,
      stderrTruncated: false,
      peakMemoryMb: null,
    };
    const result: JobResult =
      status === "cancelled" ? { status, ...facts } : { status, message: message.slice(0, 2000), ...facts };
    return { result, output: undefined };
  }
}
