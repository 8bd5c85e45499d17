import type { StampedEvent } from "../../core/events.ts";

/** A stretch of work; milliseconds from the beginning of the run, times when nobody worked on it left out. */
export interface Bar {
  stage: string;
  attempt: number | undefined;
  from: number;
  to: number;
  /** It ended with an error, or was cut off. */
  failed: boolean;
}

export interface ModelCall {
  role: string;
  from: number;
  to: number;
  failed: boolean;
}

/** What went on for a dataset itself (no candidate), or for one of its candidates. */
export interface Lane {
  candidate: string | undefined;
  bars: Bar[];
  calls: ModelCall[];
}

export interface DatasetTimeline {
  dataset: string;
  from: number;
  to: number;
  lanes: Lane[];
}

export interface Timeline {
  /** Milliseconds of all sittings together. */
  length: number;
  /** Where a later sitting (`--resume`) began. */
  resumed: number[];
  /** In the order in which they began. */
  datasets: DatasetTimeline[];
}

/** When what happened, from a run's events; the hours between two sittings are no part of it. */
export function timelineOf(events: StampedEvent[]): Timeline {
  const clock = new SittingClock();
  const datasets = new Map<string, DatasetTimeline>();
  const open = new Map<string, { lane: Lane; bar: Bar }>();
  const resumed: number[] = [];

  const laneOf = ({ dataset = "", candidate }: StampedEvent, at: number): Lane => {
    const known = datasets.get(dataset) ?? { dataset, from: at, to: at, lanes: [] };
    datasets.set(dataset, known);
    const lane = known.lanes.find((other) => other.candidate === candidate);
    if (lane) return lane;
    const made: Lane = { candidate, bars: [], calls: [] };
    known.lanes.push(made);
    return made;
  };

  for (const event of events) {
    const starts = event.event === "run_started" || event.event === "run_resumed";
    if (starts && open.size > 0) cut(open, clock.now);
    const at = clock.at(event.time, starts);
    if (at === undefined) continue;
    if (event.event === "run_resumed") resumed.push(at);
    if (event.dataset === undefined) continue;
    const key = `${event.dataset}\n${event.candidate ?? ""}\n${String(event.stage)}`;
    if (event.event === "stage_started") {
      const attempt = typeof event.attempt === "number" ? event.attempt : undefined;
      const bar: Bar = { stage: String(event.stage), attempt, from: at, to: at, failed: false };
      const lane = laneOf(event, at);
      lane.bars.push(bar);
      open.set(key, { lane, bar });
    }
    if (event.event === "stage_finished" || event.event === "stage_failed") {
      const bar = open.get(key)?.bar;
      if (bar) Object.assign(bar, { to: at, failed: event.event === "stage_failed" });
      open.delete(key);
    }
    if (event.event === "model_call") {
      const milliseconds = typeof event.milliseconds === "number" ? event.milliseconds : 0;
      const from = Math.max(0, at - milliseconds);
      laneOf(event, at).calls.push({
        role: String(event.role),
        from,
        to: at,
        failed: event.outcome === "failed",
      });
    }
    const known = datasets.get(event.dataset);
    if (known) known.to = Math.max(known.to, at);
  }
  cut(open, clock.now);
  const ordered = [...datasets.values()].sort((a, b) => a.from - b.from);
  return { length: clock.now, resumed, datasets: ordered };
}

/** Stages that never told of their end: the process was killed. */
function cut(open: Map<string, { bar: Bar }>, at: number): void {
  for (const { bar } of open.values()) Object.assign(bar, { to: at, failed: true });
  open.clear();
}

/** Time that passes only while a sitting lasts, and never backwards. */
class SittingClock {
  now = 0;
  #last: number | undefined;

  at(time: string, newSitting: boolean): number | undefined {
    const stamp = Date.parse(time);
    if (Number.isNaN(stamp)) return undefined;
    if (this.#last !== undefined && !newSitting) this.now += Math.max(0, stamp - this.#last);
    this.#last = stamp;
    return this.now;
  }
}
