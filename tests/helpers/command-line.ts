import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Summary } from "../../cli/summary.ts";
import { readEvents } from "../../cli/summary.ts";
import type { StampedEvent } from "../../core/events.ts";
import { StreamedEvent } from "../../core/run-events.ts";

const root = join(import.meta.dirname, "../..");

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface SmithOptions {
  /** Beside PATH and HOME, all that the command sees. */
  env?: Record<string, string>;
  cwd?: string;
  /** In a process group of its own, so that a signal can go to the whole group as Ctrl-C does. */
  group?: boolean;
}

/** Starts the real command line in a process of its own; `ended` resolves when it and its streams are closed. */
export function startSmith(
  words: string[],
  options: SmithOptions = {},
): { child: ChildProcess; ended: Promise<Ended>; output(): string } {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(root, "cli/bin.mjs"), ...words], {
    cwd: options.cwd ?? root,
    env: { PATH, HOME, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.group ?? false,
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => (stdout += chunk));
  child.stderr?.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended, output: () => stdout + stderr };
}

/** Runs the real command line to its end. */
export function smith(words: string[], options: SmithOptions = {}): Promise<Ended> {
  return startSmith(words, options).ended;
}

/** Temporary folders of one test file. */
export class Folders {
  readonly #made: string[] = [];

  make(): string {
    const folder = mkdtempSync(join(tmpdir(), "mle-smith-cli-"));
    this.#made.push(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.#made.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

/** The summary that `--json` printed; throws when stdout is not one JSON document. */
export function summaryOf({ stdout }: Pick<Ended, "stdout">): Summary {
  return JSON.parse(stdout) as Summary;
}

/** Folder of the only run below an output folder; its events are held to their documented schema. */
export function onlyRun(out: string): {
  id: string;
  folder: string;
  events: StampedEvent[];
  summary: Summary | undefined;
} {
  const runs = readdirSync(join(out, "runs"));
  if (runs.length !== 1) throw new Error(`expected one run, there are ${runs.length}`);
  const id = runs[0] ?? "";
  const folder = join(out, "runs", id);
  const summary = join(folder, "summary.json");
  return {
    id,
    folder,
    events: readEvents(join(folder, "events.jsonl")).map((event) => {
      StreamedEvent.parse(event);
      return event;
    }),
    summary: existsSync(summary) ? (JSON.parse(readFileSync(summary, "utf8")) as Summary) : undefined,
  };
}

/** Folders of the tasks below an output folder, hidden ones (half-written packages) included. */
export function tasksOf(out: string): string[] {
  const folder = join(out, "tasks");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

/** Every file below the folders that holds the text, as bytes. */
export function filesWith(text: string, ...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(text)),
  );
}
