import { basename } from "node:path";
import { InterruptedError } from "../core/errors.ts";
import { inSpan, kindOf } from "../core/tracing.ts";
import { withWorkIds } from "../core/work-ids.ts";
import type { Services } from "./services.ts";
import { type About, endTaskSpan, taskSpan } from "./task-span.ts";

/** Runs one stage of the way of the data and records when it began, how long it took and how it ended. */
export async function stage<Result>(
  services: Services,
  name: string,
  about: About,
  work: () => Promise<Result>,
): Promise<Result> {
  if (services.signal.aborted) throw stopReason(services.signal);
  const ids = { node: name, ...(about.candidate === undefined ? {} : { task: about.candidate }) };
  const task = taskSpan(about);
  return withWorkIds(ids, async () => {
    const facts = { "smith.dataset": basename(about.dataset), "smith.attempt": about.attempt };
    const run = () => inSpan(name, { facts }, () => recorded(services, name, about, work));
    try {
      return await (task ? task.within(run) : run());
    } catch (error) {
      endTaskSpan(about, kindOf(error), true);
      throw error;
    }
  });
}

async function recorded<Result>(
  services: Services,
  name: string,
  about: About,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  services.emit({ event: "stage_started", stage: name, ...about });
  try {
    const result = await work();
    services.emit({ event: "stage_finished", stage: name, ...about, seconds: seconds(started) });
    return result;
  } catch (error) {
    services.emit({ event: "stage_failed", stage: name, ...about, seconds: seconds(started) });
    if (services.signal.aborted) throw stopReason(services.signal);
    throw error;
  }
}

function stopReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new InterruptedError("the run was interrupted");
}

function seconds(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
