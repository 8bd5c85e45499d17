import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");

/** Why no terminal can be had on this machine; null when one can. */
export function noTerminal(): string | null {
  try {
    execFileSync("tmux", ["-V"], { stdio: "ignore" });
    return null;
  } catch {
    return "tmux is not installed (npm run setup -- --with-tmux)";
  }
}

/** A real terminal: a tmux server of its own with one window, in which the command line runs. */
export class Terminal {
  readonly #server: string;

  /** @param folder receives the server's socket. */
  constructor(folder: string) {
    this.#server = join(folder, "tmux");
  }

  /** Runs `mle-smith` with these words; how it ends stands on the screen as `[exit N]`. */
  run(words: string[], environment: Record<string, string> = {}): void {
    const { PATH = "", HOME = "" } = process.env;
    const variables = Object.entries({ PATH, HOME, LANG: "C.UTF-8", ...environment }).map(([name, value]) =>
      quoted(`${name}=${value}`),
    );
    const command = [
      "env",
      "-i",
      "TERM=$TERM",
      ...variables,
      ...[process.execPath, join(root, "cli/bin.mjs"), ...words].map(quoted),
    ];
    this.#tmux(
      "new-session",
      "-d",
      "-x",
      "120",
      "-y",
      "200",
      `${command.join(" ")}; echo "[exit $?]"; exec sleep 1000`,
    );
  }

  /** What stands on the screen. */
  screen(): string {
    return this.#tmux("capture-pane", "-p", "-J").trimEnd();
  }

  /** Waits until the last lines of the screen match. @throws with the screen when they do not. */
  async shows(pattern: RegExp, seconds = 120): Promise<string> {
    for (let tries = 0; tries < seconds * 5; tries += 1) {
      const screen = this.screen();
      if (pattern.test(screen)) return screen;
      await sleep(200);
    }
    throw new Error(`the terminal does not show ${pattern}:\n${this.screen()}`);
  }

  /** Types a line and presses Enter. */
  type(text: string): void {
    this.#tmux("send-keys", "-l", text);
    this.press("Enter");
  }

  /** Presses a key, as tmux names it: `Enter`, `C-c`, `C-u` … */
  press(key: string): void {
    this.#tmux("send-keys", key);
  }

  /** Id of the process that runs in the window, a shell's child. */
  get pid(): number {
    const shell = this.#tmux("display-message", "-p", "#{pane_pid}").trim();
    return Number(execFileSync("pgrep", ["-P", shell, "-f", "bin.mjs"], { encoding: "utf8" }).trim());
  }

  close(): void {
    try {
      this.#tmux("kill-server");
    } catch {
      // It has ended.
    }
  }

  #tmux(...words: string[]): string {
    return execFileSync("tmux", ["-S", this.#server, "-f", "/dev/null", ...words], { encoding: "utf8" });
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
