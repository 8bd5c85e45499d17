import { InterruptedError } from "../core/errors.ts";

/** Ctrl-C and SIGTERM as one AbortSignal: the first asks for a clean end, the second ends at once. */
class Interruption {
  readonly #controller = new AbortController();
  #count = 0;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a signal does: the first asks for a clean end, the second ends at once. */
  readonly interrupt = (): void => {
    this.#count += 1;
    if (this.#count > 1) process.exit(130);
    process.stderr.write("\nstopping; press Ctrl-C again to stop at once\n");
    this.#controller.abort(new InterruptedError("interrupted", { hint: "go on with --resume" }));
  };

  install(): void {
    process.on("SIGINT", this.interrupt);
    process.on("SIGTERM", this.interrupt);
  }

  uninstall(): void {
    process.off("SIGINT", this.interrupt);
    process.off("SIGTERM", this.interrupt);
  }
}

export const interruption = new Interruption();
