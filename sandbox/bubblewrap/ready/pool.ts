import { describeError } from "../../../core/errors.ts";
import { executeFramed } from "../../framed-execution.ts";
import type { Job, JobResult } from "../../job.ts";
import type { ExecutionContext } from "../execution.ts";
import { isRoot, uidOfSlot } from "../host.ts";
import { requestOf } from "./arguments.ts";
import { ReadyInterpreter } from "./interpreter.ts";

/** After so many in a row that could not be started, no further one is tried. */
const mostFailures = 3;

/**
 * One ready interpreter for each place, started when a job first needs it. One that has ended, whatever ended it, is
 * replaced when the next job comes; a job of which no line had run yet is given to the new one.
 */
export class ReadyPool {
  readonly #context: ExecutionContext;
  readonly #kept = new Map<number, ReadyInterpreter>();
  #counter = 0;
  #failures = 0;
  /** A job has run: what fails from now on is no matter of principle. */
  #proven = false;
  /** Why interpreters cannot be kept ready here; undefined while nothing is known against it. */
  unusable: string | undefined;

  constructor(context: ExecutionContext) {
    this.#context = context;
  }

  /** Runs a job at a place, or returns undefined where no interpreter can be kept ready. */
  async run(
    slot: number,
    job: Job,
    place: { queuedMs: number; signal: AbortSignal },
  ): Promise<JobResult | undefined> {
    for (let again = false; ; again = true) {
      const interpreter = await this.#at(slot);
      if (interpreter === undefined) return undefined;
      const { result, intact, begun } = await executeFramed(
        this.#context.store,
        interpreter,
        job,
        requestOf(this.#context, job),
        place,
      );
      if (!intact || !interpreter.usable) {
        this.#kept.delete(slot);
        await interpreter.end();
      }
      if (result.status !== "infra_error") this.#proven = true;
      else if (!intact && !this.#proven) {
        // The kernel may refuse what only a job needs, such as a /proc of its own.
        this.unusable = result.message;
        return undefined;
      } else if (!intact && !begun && !again) continue;
      return result;
    }
  }

  async #at(slot: number): Promise<ReadyInterpreter | undefined> {
    const kept = this.#kept.get(slot);
    if (kept?.usable) return kept;
    if (kept) {
      this.#kept.delete(slot);
      await kept.end();
    }
    if (this.unusable !== undefined) return undefined;
    try {
      this.#counter += 1;
      const started = await ReadyInterpreter.start(this.#context, {
        uid: isRoot() ? uidOfSlot(slot) : undefined,
        name: `job-ready-${this.#counter}`,
      });
      this.#kept.set(slot, started);
      this.#failures = 0;
      return started;
    } catch (error) {
      this.#failures += 1;
      if (!this.#proven || this.#failures === mostFailures) this.unusable = describeError(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map((interpreter) => interpreter.end()));
  }
}
