import { beginSpan, inSpan, recordSpan } from "../../core/tracing.ts";
import { withWorkIds } from "../../core/work-ids.ts";
import type { Ticket } from "./envelope.ts";
import type { Delivery } from "./puller.ts";

/** Spans of one job in a runner, below the span of who sent it. */
export interface DeliveryTrace {
  /** One step of it, as a span of its own. */
  step<Result>(name: "fetch" | "run" | "publish", work: () => Promise<Result>): Promise<Result>;
  /** @param outcome how it ended here; a word of ours. */
  end(outcome: string): void;
}

const untraced: DeliveryTrace = { step: (_name, work) => work(), end: () => undefined };
const failures = new Set(["infra_error", "given_back"]);

/**
 * Begins them. The first step is the job's time in the queue, which is over now. Jobs of who traces nothing are not traced here
 * either: each would be a trace of its own.
 */
export function traceDelivery(ticket: Ticket, delivery: Delivery, runner: string): DeliveryTrace {
  const { trace: parent, key, origin } = ticket;
  if (parent === undefined) return untraced;
  const facts = { "smith.runner": runner, "smith.key": key.slice(0, 16), "smith.attempt": delivery.attempt };
  const ids = <Result>(work: () => Result) => withWorkIds(origin ?? {}, work);
  const span = ids(() => beginSpan("run job", { kind: "consumer", parent, facts }));
  if (span.place === undefined) return untraced;
  const below = <Result>(work: () => Result) => ids(() => span.within(work));
  // By the server's clock, which may be ahead of ours.
  const startedAt = Math.min(delivery.storedAt, Date.now());
  below(() => recordSpan("queue wait", { startedAt }));
  return {
    step: (name, work) => below(() => inSpan(name, {}, work)),
    end(outcome) {
      span.set({ "smith.outcome": outcome });
      if (failures.has(outcome)) span.fail(outcome);
      span.end();
    },
  };
}

/** What logs say of where a job comes from. */
export function whereFrom({ origin, trace }: Ticket): Record<string, string | undefined> | undefined {
  if (trace === undefined) return origin;
  const [, trace_id] = trace.traceparent.split("-");
  return { ...origin, trace_id };
}
