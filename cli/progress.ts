import { basename } from "node:path";
import type { StampedEvent } from "../core/events.ts";
import { paint, plain } from "./terminal.ts";

/** Shows what a run is doing: live lines on a terminal, one line per fact when piped. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #active = new Map<string, string>();
  readonly #deadline: number | undefined;
  #drawn = 0;
  #accepted = 0;
  #finished = 0;
  #cost = 0;
  readonly #total: number;
  readonly #started = Date.now();
  #timer: NodeJS.Timeout | undefined;
  /** Lines that wait while a question is asked; undefined when none is. */
  #held: string[] | undefined;

  constructor(total: number, options: { stream?: NodeJS.WriteStream; timeLimit?: number | null } = {}) {
    this.#stream = options.stream ?? process.stderr;
    this.#total = total;
    this.#deadline = options.timeLimit ? Date.now() + options.timeLimit * 1000 : undefined;
    if (this.#stream.isTTY) this.#timer = setInterval(() => this.#draw(), 200).unref();
  }

  readonly listener = (event: StampedEvent): void => {
    const line = describe(event, this.#stream);
    const key = `${event.dataset ?? ""} ${event.candidate ?? ""}`;
    if (event.event === "stage_started")
      this.#active.set(
        key,
        `${nameOf(event)} · ${String(event.stage)}${event.attempt ? ` (attempt ${String(event.attempt)})` : ""}`,
      );
    if (event.event === "stage_finished" || event.event === "stage_failed") this.#active.delete(key);
    if (event.event === "task_published") this.#accepted += 1;
    if (event.event === "dataset_finished") this.#finished += 1;
    if (event.event === "model_call" && typeof event.cost === "number") this.#cost += event.cost;
    if (line === undefined) return;
    if (this.#held !== undefined) this.#held.push(line);
    else this.#write(line);
  };

  /** Leaves the terminal to somebody else, who asks a question; what happens meanwhile is shown afterwards. */
  pause(): void {
    this.#erase();
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.#write(line);
  }

  /** Removes the live lines. */
  end(): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #write(line: string): void {
    this.#erase();
    this.#stream.write(`${line}\n`);
  }

  #draw(): void {
    if (this.#held !== undefined) return;
    this.#erase();
    const width = this.#stream.columns || 100;
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    const left =
      this.#deadline === undefined
        ? ""
        : ` · ${Math.max(0, Math.round((this.#deadline - Date.now()) / 1000))} s left`;
    const cost = this.#cost > 0 ? ` · $${this.#cost.toFixed(4)}` : "";
    const lines = [
      ...[...this.#active.values()].slice(0, 8).map((text) => `  ${text}`),
      `${this.#finished}/${this.#total} datasets · ${this.#accepted} tasks · ${seconds} s${left}${cost}`,
    ].map((line) => paint(this.#stream, "dim", line.slice(0, width - 1)));
    this.#stream.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001b[${this.#drawn}A\u001b[J`);
    this.#drawn = 0;
  }
}

function nameOf(event: StampedEvent): string {
  const dataset = plain(basename(event.dataset ?? ""), 60);
  return event.candidate ? `${dataset} · ${plain(event.candidate, 60)}` : dataset;
}

/** One line for events that a person waits for; nothing for the others. */
function describe(event: StampedEvent, stream: NodeJS.WriteStream): string | undefined {
  const name = nameOf(event);
  switch (event.event) {
    case "candidate_proposed":
      return `${name}: idea ${String(event.number)} of ${String(event.of)}: ${plain(String(event.title))}`;
    case "defects_found":
      return `${paint(stream, "yellow", "✗")} ${name}: ${plain(String(event.summary))} → ${String(event.blame)}`;
    case "task_published":
      return `${paint(stream, "green", "✓")} ${name}: accepted as ${String(event.id)}`;
    case "candidate_rejected":
      return `${paint(stream, "red", "✗")} ${name}: rejected: ${plain(String(event.reason))}`;
    case "dataset_finished":
      return event.status === "accepted"
        ? undefined
        : `${paint(stream, "yellow", "–")} ${name}: ${String(event.status).replaceAll("_", " ")}${event.reason ? `: ${plain(String(event.reason))}` : ""}`;
    case "model_disclosure":
      return `${plain(String(event.message))}`;
    default:
      return undefined;
  }
}
