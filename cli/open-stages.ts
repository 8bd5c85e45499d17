import type { StampedEvent } from "../core/events.ts";

/** Knows which stages are under way: a graph that is stopped returns before its nodes have come to their end. */
export class OpenStages {
  #count = 0;
  #waiting: (() => void)[] = [];

  readonly listener = ({ event }: StampedEvent): void => {
    if (event === "stage_started") this.#count += 1;
    if (event === "stage_finished" || event === "stage_failed") this.#count -= 1;
    if (this.#count > 0) return;
    for (const done of this.#waiting.splice(0)) done();
  };

  /** Resolves when no stage is under way. */
  async ended(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
