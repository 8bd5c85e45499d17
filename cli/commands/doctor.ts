import { Command } from "commander";
import { probeSandbox } from "../../sandbox/probe.ts";
import type { QueueProbe } from "../../sandbox/queue/probe.ts";
import { addNatsOptions, type NatsFlags, requiredServer } from "../nats-options.ts";
import { json, paint } from "../terminal.ts";

/** `mle-smith doctor`: what this machine has, and the command that mends what it lacks. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("tell what this machine has for sandboxes and models, and how to get what is missing")
    .option("--json", "print one JSON document on stdout");
  return addNatsOptions(command, "look at the queue on this NATS server too (or MLE_SMITH_NATS_URL)").action(
    async (flags: NatsFlags & { json?: boolean }) => {
      const sandbox = await probeSandbox();
      const model = {
        key: Boolean(process.env.OPENAI_API_KEY),
        baseUrl: process.env.OPENAI_BASE_URL ?? null,
      };
      const queue = await queueFacts(flags);
      const facts = { node: process.version, sandbox, ...(queue ? { queue } : {}), model };
      if (flags.json) process.stdout.write(json(facts));
      else {
        print(facts);
        if (queue) printQueue(queue);
      }
      process.exitCode = sandbox.available && queue?.available !== false ? 0 : 1;
    },
  );
}

function print({
  node,
  sandbox,
  model,
}: {
  node: string;
  sandbox: Awaited<ReturnType<typeof probeSandbox>>;
  model: { key: boolean; baseUrl: string | null };
}): void {
  const out = process.stdout;
  const line = (good: boolean, text: string) =>
    out.write(`${good ? paint(out, "green", "✓") : paint(out, "yellow", "!")} ${text}\n`);
  line(true, `Node ${node}`);
  line(
    sandbox.available,
    `sandbox: ${sandbox.available ? sandbox.engine : "none that can be used; nothing will be generated"}`,
  );
  line(sandbox.python !== null, `Python runtime: ${sandbox.python ?? "missing"}`);
  line(sandbox.cgroup !== "none", `cgroups: ${sandbox.cgroup}`);
  line(sandbox.readyInterpreters, `ready interpreters: ${sandbox.readyInterpreters ? "yes" : "no"}`);
  for (const problem of sandbox.problems)
    out.write(
      `  ${problem.problem}\n${problem.command === undefined ? "" : `    ${paint(out, "cyan", problem.command)}\n`}`,
    );
  line(
    model.key,
    model.key
      ? `model: key set, ${model.baseUrl ?? "default endpoint"}`
      : "model: OPENAI_API_KEY is not set; built-in rules play",
  );
}

/** What is found of the queue, where one is named. */
async function queueFacts(flags: NatsFlags): Promise<QueueProbe | undefined> {
  if (flags.nats === undefined && !process.env.MLE_SMITH_NATS_URL) return undefined;
  const { probeQueue } = await import("../../sandbox/queue/probe.ts");
  return probeQueue(requiredServer(flags));
}

function printQueue(queue: QueueProbe): void {
  const out = process.stdout;
  const what = { producer: "jobs can be sent", runner: "jobs can be taken", none: "not usable" }[queue.role];
  out.write(
    `${queue.available ? paint(out, "green", "✓") : paint(out, "yellow", "!")} queue: ${queue.url}${queue.version ? `, nats-server ${queue.version}` : ""}: ${what}\n`,
  );
  for (const { problem, command } of queue.problems)
    out.write(`  ${problem}\n${command === undefined ? "" : `    ${paint(out, "cyan", command)}\n`}`);
}
