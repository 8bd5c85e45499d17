import type { Budget } from "../../core/budget.ts";

/** Keeps a budget's clock to the time in which something is worked on: it stands while all that is under way waits for a person. */
export class WorkingTime {
  readonly #budget: Pick<Budget, "pause" | "resume">;
  #working = 0;

  constructor(budget: Pick<Budget, "pause" | "resume">) {
    this.#budget = budget;
  }

  /** Counts `work` as under way until it ends. */
  async working<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#change(1);
    try {
      return await work();
    } finally {
      this.#change(-1);
    }
  }

  /** To be called within `working`: until `wait` ends, that work waits. */
  async waiting<Result>(wait: () => Promise<Result>): Promise<Result> {
    this.#change(-1);
    try {
      return await wait();
    } finally {
      this.#change(1);
    }
  }

  #change(by: 1 | -1): void {
    this.#working += by;
    if (this.#working === 0) this.#budget.pause();
    else this.#budget.resume();
  }
}
