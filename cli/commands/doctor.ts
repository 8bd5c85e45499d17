import { Command, Option } from "commander";
import { loadConfiguration } from "../../core/configuration.ts";
import { probeSandbox, type SandboxProbe, type SandboxProblem } from "../../sandbox/probe.ts";
import type { QueueProbe } from "../../sandbox/queue/probe.ts";
import { addNatsOptions, type NatsFlags, requiredServer } from "../nats-options.ts";
import { json, paint, plain } from "../terminal.ts";

/** `mle-smith doctor`: what this machine has, and the command that mends what it lacks. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("tell what this machine has for sandboxes and models, and how to get what is missing")
    .option("--json", "print one JSON document on stdout")
    .addOption(
      new Option("--engine <name>", "what is to run jobs (default: auto)").choices([
        "auto",
        "docker",
        "bubblewrap",
      ]),
    )
    .option("-c, --config <file>", "configuration file (YAML or JSON)");
  return addNatsOptions(command, "look at the queue on this NATS server too (or MLE_SMITH_NATS_URL)").action(
    async (flags: NatsFlags & { json?: boolean; engine?: string; config?: string }) => {
      const configuration = loadConfiguration({
        ...(flags.config === undefined ? {} : { file: flags.config }),
        environment: process.env,
        flags: { engine: flags.engine },
      });
      const { host, runtime } = configuration.docker;
      const sandbox = await probeSandbox({
        engine: configuration.engine,
        docker: { host: host || undefined, runtime: runtime || undefined },
      });
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

const out = process.stdout;

function line(good: boolean, text: string): void {
  out.write(`${good ? paint(out, "green", "✓") : paint(out, "yellow", "!")} ${plain(text, 1000)}\n`);
}

function print({
  node,
  sandbox,
  model,
}: {
  node: string;
  sandbox: SandboxProbe;
  model: { key: boolean; baseUrl: string | null };
}): void {
  const { docker, bubblewrap } = sandbox;
  line(true, `Node ${node}`);
  line(sandbox.available, `sandbox: ${sandbox.engine ?? whyNone(sandbox)}`);
  if (sandbox.engine !== null) {
    const all = ["time", "disk", "output", "memory", "processes", "cpu"] as const;
    const loose = all.filter((limit) => !sandbox.limits.includes(limit));
    line(
      loose.length === 0,
      `limits in force: ${sandbox.limits.join(", ")}${loose.length > 0 ? `; not for a job as a whole: ${loose.join(", ")}` : ""}`,
    );
  }
  line(
    docker.available,
    docker.answers
      ? `Docker ${docker.version} at ${docker.host}, runtime ${docker.runtime}; image ${docker.image.name} ${docker.image.there ? "is there" : `is missing${spare(sandbox, "docker")}`}`
      : `Docker: no daemon that answers${spare(sandbox, "docker")}`,
  );
  problems(docker.problems);
  line(
    bubblewrap.available,
    `bubblewrap ${bubblewrap.version ?? "is missing"}; Python ${bubblewrap.python ?? "is missing"}; cgroups: ${bubblewrap.cgroup}; ready interpreters: ${bubblewrap.readyInterpreters ? "yes" : "no"}${bubblewrap.available ? "" : spare(sandbox, "bubblewrap")}`,
  );
  problems(bubblewrap.problems);
  line(
    model.key,
    model.key
      ? `model: key set, ${model.baseUrl ?? "default endpoint"}`
      : "model: OPENAI_API_KEY is not set; built-in rules play",
  );
}

function whyNone({ docker, bubblewrap }: SandboxProbe): string {
  if (bubblewrap.available)
    return "Docker, which was asked for, cannot be used; bubblewrap can (--engine bubblewrap)";
  if (docker.available)
    return "bubblewrap, which was asked for, cannot be used; Docker can (--engine docker)";
  return "none that can be used, so nothing will be generated; one of these two is enough, and `npm run setup` gets bubblewrap and its Python";
}

/** That an engine which cannot be used is not needed. */
function spare({ engine }: SandboxProbe, name: "docker" | "bubblewrap"): string {
  return engine === null || engine === name ? "" : `; not needed, as ${engine} runs jobs`;
}

function problems(found: SandboxProblem[]): void {
  for (const { problem, command } of found)
    out.write(
      `  ${plain(problem, 1000)}\n${command === undefined ? "" : `    ${paint(out, "cyan", command)}\n`}`,
    );
}

/** What is found of the queue, where one is named. */
async function queueFacts(flags: NatsFlags): Promise<QueueProbe | undefined> {
  if (flags.nats === undefined && !process.env.MLE_SMITH_NATS_URL) return undefined;
  const { probeQueue } = await import("../../sandbox/queue/probe.ts");
  return probeQueue(requiredServer(flags));
}

function printQueue(queue: QueueProbe): void {
  const what = { producer: "jobs can be sent", runner: "jobs can be taken", none: "not usable" }[queue.role];
  out.write(
    `${queue.available ? paint(out, "green", "✓") : paint(out, "yellow", "!")} queue: ${queue.url}${queue.version ? `, nats-server ${queue.version}` : ""}: ${what}\n`,
  );
  for (const { problem, command } of queue.problems)
    out.write(`  ${problem}\n${command === undefined ? "" : `    ${paint(out, "cyan", command)}\n`}`);
}
