import { openSync } from "node:fs";
import { type Logger, pino, stdTimeFunctions } from "pino";
import pretty from "pino-pretty";
import { traceIds } from "./tracing.ts";
import { workIds } from "./work-ids.ts";

export type { Logger } from "pino";

/** Fields whose values are never written, at any of the depths at which we log. */
const secretNames = [
  "apiKey",
  "api_key",
  "authorization",
  "Authorization",
  "password",
  "secret",
  "token",
  "OPENAI_API_KEY",
];

/** Where a log goes and how much of it. */
export interface LogOptions {
  /** Least severe level that is written; `info` by default. */
  level?: "trace" | "debug" | "info" | "warn" | "error" | "silent";
  /** File that is appended to; standard error by default. */
  file?: string;
  /** Fields of every line, e.g. run, task and node ids. */
  fields?: Record<string, string>;
}

/**
 * A log for debugging: JSON lines, readable text only where standard error is a terminal. What happened in a run is not
 * told here but by its events.
 */
export function createLog(options: LogOptions = {}): Logger {
  const settings = {
    level: options.level ?? "info",
    base: options.fields ?? {},
    timestamp: stdTimeFunctions.isoTime,
    // Which work a line belongs to is known from where it is written.
    mixin: () => ({ ...workIds(), ...traceIds() }),
    redact: {
      paths: secretNames.flatMap((name) => ["", "*.", "*.*."].map((depth) => `${depth}${name}`)),
      censor: "[redacted]",
    },
  };
  if (options.file !== undefined)
    return pino(settings, pino.destination({ fd: openSync(options.file, "a"), sync: true }));
  if (process.stderr.isTTY)
    return pino(settings, pretty({ destination: 2, sync: true, ignore: "pid,hostname" }));
  return pino(settings, pino.destination({ fd: 2, sync: true }));
}
