/**
 * The ways in which this program fails. One base class; each subclass is an outcome that a caller treats
 * differently, and knows the exit code of the command line.
 */
export abstract class SmithError extends Error {
  /** Stable, machine-readable name of the failure, e.g. `bad_input`. */
  abstract readonly code: string;
  /** Exit code of the command line when this error ends a command. */
  abstract readonly exitCode: number;
  /** What the user can do next; one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** What the user handed over cannot be used: wrong path, wrong flag, not a dataset, a broken package. */
export class BadInputError extends SmithError {
  readonly code = "bad_input";
  readonly exitCode = 2;
}

/** A submission that the task's rules do not allow. The message says what is wrong with it. */
export class BadSubmissionError extends SmithError {
  readonly code = "bad_submission";
  readonly exitCode = 2;
}

/** Our own machinery failed (sandbox gone, disk full, store damaged): never a verdict on a task. */
export class InfrastructureError extends SmithError {
  readonly code = "infrastructure";
  readonly exitCode = 1;
}

/** A budget that the user set (money, time) is used up. */
export class BudgetError extends SmithError {
  readonly code = "budget";
  readonly exitCode = 4;
}

/** A model endpoint refuses or cannot be reached, after all the tries that make sense. */
export class ModelError extends SmithError {
  readonly code = "model";
  readonly exitCode = 1;
}

/** The user or a signal stopped the work. */
export class InterruptedError extends SmithError {
  readonly code = "interrupted";
  readonly exitCode = 130;
}

/** The text of any thrown value, for messages and records. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
