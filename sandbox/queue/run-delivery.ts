import { describeError } from "../../core/errors.ts";
import { sha256 } from "../../core/hash.ts";
import type { Logger } from "../../core/log.ts";
import type { ArtefactStore } from "../../core/store.ts";
import { Job, type JobResult, type TreeReference } from "../job.ts";
import type { Sandbox } from "../sandbox.ts";
import type { QueueConnection } from "./connection.ts";
import { traceDelivery, whereFrom } from "./delivery-trace.ts";
import { keyOf, mostInline, type Note, type ResultEnvelope, Ticket } from "./envelope.ts";
import { errorCodes, isTaken, jsonOf, publishStored, untilAnswered } from "./jetstream.ts";
import type { Metrics } from "./metrics.ts";
import { subjects } from "./names.ts";
import { MissingObjectError, type ObjectSpace } from "./objects.ts";
import type { Delivery } from "./puller.ts";
import { ForbiddenError, RefusedError } from "./queue-errors.ts";
import type { TreeCache } from "./tree-cache.ts";
import { packTree, treeObject, unpackTree } from "./trees.ts";

/** Outputs up to this many bytes travel in the result itself. */
const mostInlineOutputs = 128 * 1024;
/** Milliseconds before a job that failed through no fault of its own is tried elsewhere. */
const retryMs = 1000;

/** Steps of one job in a runner, in this order. */
export type Stage = "taken" | "started" | "ran" | "published" | "acknowledged";

export interface RunnerContext {
  connection: QueueConnection;
  sandbox: Sandbox;
  store: ArtefactStore;
  name: string;
  log: Logger;
  metrics: Metrics;
  runtime: string;
  /** Milliseconds that a job stays ours without a sign of life. */
  ackWaitMs: number;
  cache: TreeCache;
  inputs: ObjectSpace;
  outputs: ObjectSpace;
  /** Submissions that are to be ended, and when that was said. */
  calledOff: Map<string, number>;
  /** Ends a submission that runs here. */
  underway: Map<string, () => void>;
  /** Aborted when jobs under way are to be given back. */
  giveUp: AbortSignal;
  stage: (stage: Stage, key: string) => void;
}

/** How it ended here: any status of a result, or that there was nothing to do, or that it was given back. */
type Outcome = JobResult["status"] | "done_before" | "given_back" | "unreadable";

/** Runs one job to its end: workspace in, sandbox, outputs out, result stored once, acknowledged after. */
export async function runDelivery(context: RunnerContext, delivery: Delivery): Promise<Outcome> {
  const { connection, metrics } = context;
  const parsed = Ticket.safeParse(jsonOf(delivery.data));
  if (!parsed.success) {
    // Of a newer release perhaps: another runner may know it; else it becomes a dead letter.
    context.log.warn({ subject: delivery.subject, attempt: delivery.attempt }, "job_unreadable");
    delivery.giveBack(5 * retryMs);
    metrics.count("unreadable");
    return "unreadable";
  }
  const ticket = parsed.data;
  // Not a child of the log: to make one costs as much as the rest of a job that does nothing.
  const about = { key: ticket.key.slice(0, 16), attempt: delivery.attempt, ...whereFrom(ticket) };
  const trace = traceDelivery(ticket, delivery, context.name);
  context.stage("taken", ticket.key);
  const heartbeat = setInterval(() => delivery.working(), context.ackWaitMs / 3);
  const stop = new AbortController();
  const abort = () => stop.abort();
  context.giveUp.addEventListener("abort", abort, { once: true });
  if (context.giveUp.aborted) abort();
  let calledOff = false;
  const callOff = () => {
    calledOff = true;
    note("cancelling");
    abort();
  };
  const held: TreeReference[] = [];
  const hold = async (tree: TreeReference, fetch: () => Promise<void>) => {
    await context.cache.hold(tree, fetch);
    held.push(tree);
  };
  try {
    if (delivery.attempt > 1 && (await hasResult(context, ticket))) {
      await delivery.acknowledge();
      context.log.info(about, "job_done_before");
      return count("done_before");
    }
    context.underway.set(ticket.ticket, callOff);
    if (context.calledOff.has(ticket.ticket)) callOff();
    let result: JobResult | undefined;
    // Work that fails because it was stopped has no result, and is no failure.
    if (!stop.signal.aborted)
      result = await execute().catch((error: unknown) => {
        if (stop.signal.aborted) return undefined;
        throw error;
      });
    if (calledOff) {
      note("cancelled");
      await delivery.acknowledge().catch(() => undefined);
      context.log.info(about, "job_cancelled");
      return count("cancelled");
    }
    if (result === undefined || result.status === "cancelled") {
      delivery.giveBack();
      context.log.info(about, "job_given_back");
      return count("given_back");
    }
    if (result.status === "infra_error") return giveBack("infra_error", result.message);
    context.stage("ran", ticket.key);
    await trace.step("publish", () => publish(result));
    context.stage("published", ticket.key);
    await delivery.acknowledge();
    context.stage("acknowledged", ticket.key);
    metrics.runTime.observe(result.timings.runMs / 1000);
    context.log.info(
      { ...about, status: result.status, runMs: Math.round(result.timings.runMs) },
      "job_finished",
    );
    return count(result.status);
  } catch (error) {
    if (error instanceof ForbiddenError)
      context.log.error({ ...about, error: describeError(error) }, "job_refused");
    if (error instanceof MissingObjectError) return giveBack("input_missing", error.message);
    return giveBack("infra_error", describeError(error));
  } finally {
    clearInterval(heartbeat);
    context.giveUp.removeEventListener("abort", abort);
    context.underway.delete(ticket.ticket);
    for (const tree of held) await context.cache.release(tree);
  }

  async function execute(): Promise<JobResult> {
    const job = await trace.step("fetch", fetchJob);
    metrics.queueWait.observe(Math.max(0, (Date.now() - delivery.storedAt) / 1000));
    context.stage("started", ticket.key);
    return trace.step("run", () => context.sandbox.run(job, { signal: stop.signal }));
  }

  /** Reads the job and brings its workspace here. */
  async function fetchJob(): Promise<Job> {
    const job = await readJob(context, ticket);
    const fetched = await Promise.allSettled(
      Object.values(job.workspace.trees).map((tree) =>
        hold(tree, () => unpackTree(context.inputs.get(treeObject(tree), stop.signal), tree, context.store)),
      ),
    );
    for (const end of fetched) if (end.status === "rejected") throw end.reason;
    return job;
  }

  /** Stores the result, once for all runners; the outputs before it. */
  async function publish(result: JobResult): Promise<void> {
    const tree = "outputs" in result ? result.outputs : null;
    if (tree && tree.files > 0)
      await hold(tree, () => Promise.reject(new Error("the sandbox left no outputs")));
    const envelope: ResultEnvelope = {
      v: 1,
      key: ticket.key,
      ticket: ticket.ticket,
      runner: context.name,
      attempt: delivery.attempt,
      result,
      outputs: await sendOutputs(context, tree),
    };
    let payload = JSON.stringify(envelope);
    if (payload.length > mostInline / 2 && Buffer.byteLength(payload) > mostInline) {
      const text = Buffer.from(JSON.stringify(result));
      const name = `result-${sha256(text)}`;
      await putOnce(context.outputs, name, async function* () {
        yield text;
      });
      payload = JSON.stringify({ ...envelope, result: { object: name } });
    }
    try {
      await untilAnswered(() =>
        publishStored(connection, subjects.result(ticket.key), payload, { fenced: true }),
      );
    } catch (error) {
      // Another runner was faster, or an answer to us was lost: there is a result, and one is enough.
      if (!(error instanceof RefusedError && error.errorCode === errorCodes.wrongLastSequence)) throw error;
      context.log.info(about, "result_was_there");
    }
  }

  function giveBack(kind: "infra_error" | "input_missing", message: string): Outcome {
    context.log.warn({ ...about, message: message.slice(0, 500) }, kind);
    note(kind, message);
    delivery.giveBack(retryMs);
    return count(kind === "infra_error" ? "infra_error" : "given_back");
  }

  function note(kind: Note["kind"], message = ""): void {
    const content: Note = { kind, key: ticket.key, ticket: ticket.ticket, message: message.slice(0, 2000) };
    connection.publish(subjects.notes(ticket.producer), JSON.stringify(content));
  }

  function count(outcome: Outcome): Outcome {
    metrics.count(outcome);
    trace.end(outcome);
    return outcome;
  }
}

async function hasResult({ connection }: RunnerContext, { key }: Ticket): Promise<boolean> {
  return untilAnswered(() => isTaken(connection, subjects.result(key)));
}

/** @throws Error when the job is not the one that the ticket names. */
async function readJob(context: RunnerContext, ticket: Ticket): Promise<Job> {
  let job: Job;
  if ("object" in ticket.job) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of context.inputs.get(ticket.job.object)) chunks.push(chunk);
    job = Job.parse(jsonOf(Buffer.concat(chunks)));
  } else {
    job = ticket.job;
  }
  if (keyOf(job) !== ticket.key) throw new Error("the job is not the one that its key names");
  return job;
}

async function sendOutputs(
  context: RunnerContext,
  tree: TreeReference | null,
): Promise<ResultEnvelope["outputs"]> {
  // Who has nothing can make it.
  if (tree === null || tree.files === 0) return null;
  // A tar adds up to a kilobyte and a half to each file.
  if (tree.bytes + tree.files * 1536 <= mostInlineOutputs) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of packTree(context.store, tree)) chunks.push(chunk);
    return { tar: Buffer.concat(chunks).toString("base64") };
  }
  await putOnce(context.outputs, treeObject(tree), () => packTree(context.store, tree));
  return "object";
}

async function putOnce(
  objects: ObjectSpace,
  name: string,
  content: () => AsyncIterable<Uint8Array>,
): Promise<void> {
  if (!(await objects.has(name))) await objects.put(name, content());
}
