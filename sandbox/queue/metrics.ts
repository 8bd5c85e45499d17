/** Counts of durations in buckets, as Prometheus wants them. */
class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  /** @param seconds what took that long. */
  observe(seconds: number): void {
    this.#sum += seconds;
    this.#count += 1;
    this.#bounds.forEach((bound, index) => {
      if (seconds <= bound) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    });
  }

  lines(name: string, help: string): string[] {
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...this.#bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${this.#counts[index]}`),
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** What a runner counts, in Prometheus' text format. */
export class Metrics {
  readonly slots: number;
  /** Slots that have a job now. */
  busy = 0;
  readonly queueWait = new Histogram(seconds);
  readonly runTime = new Histogram(seconds);
  readonly #jobs = new Map<string, number>();

  constructor(slots: number) {
    this.slots = slots;
  }

  count(outcome: string): void {
    this.#jobs.set(outcome, (this.#jobs.get(outcome) ?? 0) + 1);
  }

  /** @param connected whether the queue can be reached now. */
  text(connected: boolean): string {
    const gauge = (name: string, help: string, value: number) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      `${name} ${value}`,
    ];
    return `${[
      "# HELP mle_smith_jobs_total Jobs that this runner was given, by how they ended here.",
      "# TYPE mle_smith_jobs_total counter",
      ...[...this.#jobs].sort().map(([status, count]) => `mle_smith_jobs_total{status="${status}"} ${count}`),
      ...this.queueWait.lines("mle_smith_queue_wait_seconds", "From the queue to the start in the sandbox."),
      ...this.runTime.lines("mle_smith_run_seconds", "From start to end in the sandbox."),
      ...gauge("mle_smith_slots", "Jobs that may run at once.", this.slots),
      ...gauge("mle_smith_slots_busy", "Jobs that run now.", this.busy),
      ...gauge("mle_smith_connected", "Whether the NATS server can be reached.", connected ? 1 : 0),
    ].join("\n")}\n`;
  }
}
