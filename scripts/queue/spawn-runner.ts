import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A runner in a process of its own, of which every step can be waited for. */
export class RunnerProcess {
  readonly child: ChildProcess;
  /** Lines `<stage> <key>` in order. */
  readonly lines: string[] = [];
  readonly #waiting: Array<{ start: string; resolve: (line: string) => void }> = [];

  constructor(
    url: string,
    options: {
      engine?: "fake" | "real";
      slots?: number;
      crash?: string;
      env?: Record<string, string>;
      onLine?: (line: string) => void;
    } = {},
  ) {
    const script = new URL("./runner-process.ts", import.meta.url).pathname;
    const { PATH = "", HOME = "" } = process.env;
    this.child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        script,
        url,
        options.engine ?? "fake",
        String(options.slots ?? 1),
        ...(options.crash ? [options.crash] : []),
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { PATH, HOME, ...options.env } },
    );
    if (this.child.stdout === null) throw new Error("no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.lines.push(line);
      options.onLine?.(line);
      for (const waiting of this.#waiting.filter(({ start }) => line.startsWith(start))) {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        waiting.resolve(line);
      }
    });
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves with the next line that starts so, or with one that has come already. */
  saw(start: string): Promise<string> {
    const earlier = this.lines.find((line) => line.startsWith(start));
    return earlier === undefined
      ? new Promise((resolve) => this.#waiting.push({ start, resolve }))
      : Promise.resolve(earlier);
  }

  async end(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child, "exit");
    this.child.kill("SIGCONT");
    this.child.kill(signal);
    await ended;
  }
}
