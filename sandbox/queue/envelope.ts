import { z } from "zod";
import { hashValue } from "../../core/hash.ts";
import { Job, JobResult } from "../job.ts";

/** Messages above this go through the object store; the server's own bound is 1 MiB by default. */
export const mostInline = 512 * 1024;

/** Names of hexadecimal hashes, and of what is made of them. */
const Key = z.string().regex(/^[0-9a-f]{64}$/);
const Name = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/);

/** A W3C trace context, so that a job's spans join those of who sent it. */
const Trace = z.strictObject({
  traceparent: z.string().max(256),
  tracestate: z.string().max(1024).optional(),
});

const Id = z.string().max(200).optional();

/** Which run, thread of a graph, task and node a job is for: what logs of runners name it by. No part of its key. */
const Origin = z.strictObject({ run: Id, thread: Id, task: Id, node: Id });

/** A job as it lies in the queue. */
export const Ticket = z.strictObject({
  v: z.literal(1),
  key: Key,
  /** Names this submission: a cancellation ends it, and no later submission of the same job. */
  ticket: Name,
  /** Who is told of it. */
  producer: Name,
  /** The job, or the name of the object that holds its JSON. */
  job: z.union([Job, z.strictObject({ object: Name })]),
  trace: Trace.optional(),
  origin: Origin.optional(),
});
export type Ticket = z.infer<typeof Ticket>;

/** A result as it lies in the stream. */
export const ResultEnvelope = z.strictObject({
  v: z.literal(1),
  key: Key,
  ticket: Name,
  runner: z.string().max(200),
  /** Times that the job had been given to a runner. */
  attempt: z.int().positive(),
  /** The result, or the name of the object that holds its JSON. */
  result: z.union([JobResult, z.strictObject({ object: Name })]),
  /** Where the outputs are: in this message as a tar in base64, among the objects, or there are none. */
  outputs: z.union([z.strictObject({ tar: z.string() }), z.literal("object"), z.null()]),
});
export type ResultEnvelope = z.infer<typeof ResultEnvelope>;

/** What a runner, or who clears dead letters away, tells a producer of one of its submissions. */
export const Note = z.strictObject({
  kind: z.enum(["cancelling", "cancelled", "infra_error", "input_missing", "dead"]),
  key: Key,
  ticket: Name,
  /** For people; for `input_missing`, the name of the object. */
  message: z.string().max(4000).default(""),
});
export type Note = z.infer<typeof Note>;

/** Asks runners to end a submission. */
export const Cancellation = z.strictObject({ ticket: Name });

/** Names a job by its whole content, whatever its id: equal keys are equal work. */
export function keyOf(job: Job): string {
  return hashValue(job);
}
