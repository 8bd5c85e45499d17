import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";

/** What happened in a run, for people and machines: one JSON line each in `events.jsonl`. */
export type RunEvent = {
  /** Name of the event, e.g. `survey_done`, `defects_found`, `task_published`. */
  event: string;
  /** Dataset and candidate that it is about. */
  dataset?: string;
  candidate?: string;
  [fact: string]: unknown;
};

/** An event with the time at which it was recorded (ISO 8601, UTC). */
export type StampedEvent = RunEvent & { time: string };

export type EventListener = (event: StampedEvent) => void;

/** Takes events, stamps them, keeps them in a file and tells listeners. */
export class EventLog {
  readonly #file: number | undefined;
  readonly #listeners = new Set<EventListener>();

  /** @param path file that lines are appended to; none for events that are only listened to. */
  constructor(path?: string) {
    this.#file = path === undefined ? undefined : openSync(path, "a+");
    if (this.#file !== undefined && isCut(this.#file)) writeSync(this.#file, "\n");
  }

  /** Returns the event as it was recorded. */
  readonly emit = (event: RunEvent): StampedEvent => {
    const stamped: StampedEvent = { time: new Date().toISOString(), ...event };
    // One write per line: a line is whole or absent after kill -9.
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(stamped)}\n`);
    for (const listener of this.#listeners) listener(stamped);
    return stamped;
  };

  /** Returns a function that ends the subscription. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** Whether a file ends within a line, as after a full disk or a loss of power. */
function isCut(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}
