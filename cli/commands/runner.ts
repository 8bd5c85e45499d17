import { Command, InvalidArgumentError, Option } from "commander";
import { interruption } from "../interruption.ts";
import { addNatsOptions, type NatsFlags, requiredServer } from "../nats-options.ts";
import { whole } from "../numbers.ts";

interface Flags extends NatsFlags {
  slots?: number;
  ready: boolean;
  engine: "auto" | "docker" | "bubblewrap";
  runtime?: string;
  token?: string;
  name?: string;
  cache: number;
  port: number;
  host: string;
  drain: number;
  log: "error" | "warn" | "info" | "debug";
}

/** `mle-smith runner`: takes jobs from a queue and runs them in this machine's sandbox. */
export function runnerCommand(): Command {
  const command = new Command("runner").description("run jobs of a queue on this machine, until SIGTERM");
  addNatsOptions(command, "NATS server with the queue (or MLE_SMITH_NATS_URL)");
  return command
    .option(
      "--token <token>",
      "token for the server; better in MLE_SMITH_NATS_TOKEN, where no other user sees it",
    )
    .option("--slots <n>", "jobs at once (default: one per core)", whole)
    .addOption(
      new Option("--engine <name>", "what runs jobs")
        .choices(["auto", "docker", "bubblewrap"])
        .default("auto")
        .env("MLE_SMITH_ENGINE"),
    )
    .option("--runtime <name>", "runtime of Docker's containers, e.g. runsc")
    .option("--no-ready", "keep no interpreters ready: slower, and less memory")
    .option("--name <name>", "name in logs and results (default: host and process)")
    .option("--cache <mb>", "megabytes of workspaces that are kept for later jobs", whole, 8192)
    .option("--port <n>", "port of /metrics, /healthz and /readyz; another when it is taken", whole, 9464)
    .option("--host <address>", "address of that port", "127.0.0.1")
    .option(
      "--drain <s>",
      "seconds that jobs under way get after SIGTERM; then they are given back",
      whole,
      600,
    )
    .option("--log <level>", "error, warn, info or debug", level, "info")
    .addHelpText(
      "after",
      `
Examples:
  $ mle-smith runner --nats nats://127.0.0.1:4222 --slots 4
  $ mle-smith runner --nats tls://queue.example.org:4222 --creds runner.creds --tls-ca ca.pem`,
    )
    .action(async (flags: Flags) => {
      const server = requiredServer(flags);
      const { runRunner } = await import("../run-runner.ts");
      await runRunner({ ...flags, server }, interruption.signal);
    });
}

function level(text: string): string {
  if (!["error", "warn", "info", "debug"].includes(text))
    throw new InvalidArgumentError("expected error, warn, info or debug.");
  return text;
}
