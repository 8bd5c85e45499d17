import { createInterface } from "node:readline/promises";
import { plain } from "../terminal.ts";

/** A person at a terminal, line by line. */
export interface Dialogue {
  /** Writes one line; what comes from data must have gone through `plain`. */
  say(line?: string): void;
  /** Asks for one line. `prefill` stands there to be edited. Rejects with the signal's reason when it aborts. */
  ask(prompt: string, prefill?: string): Promise<string>;
  /** Columns of the terminal. */
  width: number;
}

export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** What Ctrl-C does; at a prompt it is no signal of the system's, but a key. */
  interrupt(): void;
}

/** A dialogue on a terminal, with Node's own line editor. */
export function terminalDialogue({ input, output, interrupt }: Terminal, signal: AbortSignal): Dialogue {
  return {
    say: (line = "") => void output.write(`${line}\n`),
    async ask(prompt, prefill) {
      signal.throwIfAborted();
      const lines = createInterface({ input, output, terminal: true, historySize: 0 });
      // Ctrl-C, and Ctrl-D, which ends the input: either way nobody answers any more, and the run can be resumed.
      lines.on("SIGINT", interrupt);
      lines.on("close", () => {
        if (!answered) interrupt();
      });
      let answered = false;
      try {
        const answer = lines.question(prompt, { signal });
        if (prefill !== undefined) lines.write(plain(prefill, 4000));
        const text = await answer;
        answered = true;
        return text.trim();
      } catch (error) {
        if (signal.aborted) {
          output.write("\n");
          throw signal.reason;
        }
        throw error;
      } finally {
        answered = true;
        lines.close();
      }
    },
    get width() {
      return Math.max(40, Math.min(output.columns || 80, 110));
    },
  };
}

/** Text in lines of a width, each indented; words longer than a line stay whole. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${indent}${each}`).join("\n");
}
