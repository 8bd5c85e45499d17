import { startTracing } from "../core/tracing/start.ts";
import { beginSpan, type Span, type TraceContext } from "../core/tracing.ts";
import { workIds } from "../core/work-ids.ts";

/** Where a run's place in its caller's trace stands in its configuration; a caller cannot set it. */
const field = "smith_trace";
/** Milliseconds without a node after which a run counts as over, or as waiting for a person. */
const idleMs = 10_000;
/** Milliseconds that spans may take on their way once a run is over. */
const flushMs = 2000;

const spans = await startTracing(process.env, "mle-smith-server");

/**
 * The span of a request for a run, below that of the caller where it sent a `traceparent`: it ends when the run is accepted or
 * refused. The run goes on below it, whenever it begins.
 */
export function acceptRun(value: unknown, traceparent: unknown, check: () => void): void {
  const parent = typeof traceparent === "string" ? { traceparent } : undefined;
  const span = beginSpan("create run", { kind: "server", parent });
  try {
    check();
    if (span.place !== undefined) putPlace(value, span.place);
  } catch (error) {
    span.fail("refused");
    throw error;
  } finally {
    span.end();
  }
}

/** Spans of the runs under way: nodes come one by one, and nothing tells that none will follow. */
const open = new Map<string, { span: Span; users: number; over: NodeJS.Timeout | undefined }>();

/** Does a node's work below the span of its run. */
export async function withinRun<Result>(
  configurable: Record<string, unknown> | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (spans === undefined) return work();
  const parent = placeOf(configurable?.[field]);
  const { run, thread } = workIds();
  const key = JSON.stringify([run, thread, parent?.traceparent]);
  const known = open.get(key) ?? { span: beginSpan("run", { parent }), users: 0, over: undefined };
  open.set(key, known);
  clearTimeout(known.over);
  known.users += 1;
  try {
    return await known.span.within(work);
  } finally {
    known.users -= 1;
    const endedAt = Date.now();
    if (known.users === 0)
      known.over = setTimeout(() => {
        open.delete(key);
        known.span.end(endedAt);
        void spans.flush(flushMs);
      }, idleMs);
  }
}

function putPlace(value: unknown, { traceparent }: TraceContext): void {
  const { kwargs } = value as { kwargs: { config?: { configurable?: Record<string, unknown> } } };
  kwargs.config ??= {};
  kwargs.config.configurable ??= {};
  kwargs.config.configurable[field] = traceparent;
}

function placeOf(value: unknown): TraceContext | undefined {
  return typeof value === "string" ? { traceparent: value } : undefined;
}
