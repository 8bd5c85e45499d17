import {
  type Attributes,
  type Context,
  context,
  createTraceState,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { SmithError } from "./errors.ts";
import { workIds } from "./work-ids.ts";

/**
 * Spans of what a run does. This file knows OpenTelemetry's interface alone: as long as nobody registers an exporter
 * (`tracing/export.ts` does, when an endpoint is configured), every span is a no-op.
 */

/** What a span says of itself: names of ours, counts and states. Never a value of the data, text of a prompt, or a key. */
export type Facts = Record<string, string | number | boolean | null | undefined>;

/** A place in a trace as it travels between processes (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  traceparent: string;
  tracestate?: string | undefined;
}

export interface SpanOptions {
  facts?: Facts;
  /** What part of a conversation between processes it is; `internal` by default. */
  kind?: "internal" | "server" | "client" | "producer" | "consumer";
  /** The span above it, when that is not the one under way. */
  parent?: TraceContext | undefined;
  /** Milliseconds since 1970 at which it began, when not now. */
  startedAt?: number;
}

/** A span that was begun. */
export interface Span {
  /** Its place, for others to be put below it; undefined when nobody records. */
  readonly place: TraceContext | undefined;
  set(facts: Facts): void;
  /** Marks it as failed; `kind` is a word of ours, never a message: messages may quote data. */
  fail(kind: string): void;
  /** Does work whose spans are below this one. */
  within<Result>(work: () => Result): Result;
  /** @param endedAt milliseconds since 1970, when not now. */
  end(endedAt?: number): void;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Begins a span whose end lies elsewhere in the code; `inSpan` is for all others. */
export function beginSpan(name: string, options: SpanOptions = {}): Span {
  const above = options.parent ? below(options.parent) : context.active();
  const { run, thread, task, node } = workIds();
  const ids = { "smith.run": run, "smith.thread": thread, "smith.task": task, "smith.node": node };
  const span = trace.getTracer("mle-smith").startSpan(
    name,
    {
      kind: kinds[options.kind ?? "internal"],
      attributes: attributesOf({ ...ids, ...options.facts }),
      ...(options.startedAt === undefined ? {} : { startTime: options.startedAt }),
    },
    above,
  );
  const inside = trace.setSpan(above, span);
  return {
    place: placeOf(span),
    set: (facts) => void span.setAttributes(attributesOf(facts)),
    fail(kind) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute("error.type", kind);
    },
    within: (work) => context.with(inside, work),
    end: (endedAt) => span.end(endedAt),
  };
}

/** Does work in a span that ends with it, as failed when the work throws. */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = beginSpan(name, options);
  try {
    return await span.within(() => work(span));
  } catch (error) {
    span.fail(kindOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** A span of what is over already. */
export function recordSpan(
  name: string,
  options: SpanOptions & { startedAt: number; failed?: string },
): void {
  const span = beginSpan(name, options);
  if (options.failed !== undefined) span.fail(options.failed);
  span.end();
}

/** Place of the span under way, to travel with what is sent; undefined when nobody records. */
export function tracePlace(): TraceContext | undefined {
  const span = trace.getActiveSpan();
  return span === undefined ? undefined : placeOf(span);
}

/** Trace and span under way, as logs name them. */
export function traceIds(): { trace_id: string; span_id: string } | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? undefined : { trace_id: span.traceId, span_id: span.spanId };
}

/** The word by which spans and logs name an error. */
export function kindOf(error: unknown): string {
  if (error instanceof SmithError) return error.code;
  return error instanceof Error ? error.name : "error";
}

function placeOf(span: OtelSpan): TraceContext | undefined {
  if (!trace.isSpanContextValid(span.spanContext())) return undefined;
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const flags = traceFlags.toString(16).padStart(2, "0");
  const state = traceState?.serialize();
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state ? { tracestate: state } : {}) };
}

/** A context below a place; one that cannot be read begins a trace of its own, as the standard says. */
function below({ traceparent, tracestate }: TraceContext): Context {
  const [, traceId = "", spanId = "", flags = ""] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent) ?? [];
  const place = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  if (!trace.isSpanContextValid(place)) return ROOT_CONTEXT;
  const state = tracestate ? { traceState: createTraceState(tracestate) } : {};
  return trace.setSpanContext(ROOT_CONTEXT, { ...place, ...state });
}

function attributesOf(facts: Facts): Attributes {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined || value === null
        ? []
        : [[name, typeof value === "string" ? value.slice(0, 200) : value]],
    ),
  );
}
