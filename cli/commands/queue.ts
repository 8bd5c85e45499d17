import { Command } from "commander";
import type { QueueConnection } from "../../sandbox/queue/connection.ts";
import { addNatsOptions, type NatsFlags, requiredServer } from "../nats-options.ts";
import { whole } from "../numbers.ts";
import { json, plain } from "../terminal.ts";

interface Flags extends NatsFlags {
  token?: string;
  json?: boolean;
}

/** `mle-smith queue`: looks into the queue, clears it, and sets a server up. */
export function queueCommand(): Command {
  return new Command("queue")
    .description("look into the queue of jobs, and set up a server for it")
    .addCommand(initCommand())
    .addCommand(statusCommand())
    .addCommand(drainCommand())
    .addCommand(deadCommand());
}

function initCommand(): Command {
  return new Command("init")
    .description("write a NATS server's configuration, with users, rights and certificates")
    .argument("<dir>", "new folder for the files")
    .option("--host <name...>", "names and addresses by which the server is reached", [
      "localhost",
      "127.0.0.1",
    ])
    .option("--port <n>", "port of the server", whole, 4222)
    .option("--monitor <address>", "address of the server's monitoring (port + 4000)", "127.0.0.1")
    .option("--storage <gb>", "gigabytes that the server may keep", whole, 40)
    .option("--no-tls", "without encryption: for one machine, or a network that nobody else is on")
    .addHelpText(
      "after",
      `
Examples:
  $ mle-smith queue init queue --host queue.example.org
  $ cd queue && nats-server -c nats-server.conf
  $ mle-smith runner --nats tls://queue.example.org:4222 --creds runner.creds --tls-ca ca.pem`,
    )
    .action(
      async (
        dir: string,
        flags: { host: string[]; port: number; storage: number; tls: boolean; monitor: string },
      ) => {
        const { writeServerConfiguration } = await import("../../sandbox/queue/server-configuration.ts");
        const { host: hosts, port, storage: storageGb, tls, monitor } = flags;
        const files = await writeServerConfiguration(dir, { hosts, port, storageGb, tls, monitor });
        const address = `${tls ? "tls" : "nats"}://${hosts[0]}:${port}`;
        const ca = tls ? ` --tls-ca ${dir}/ca.pem` : "";
        process.stdout.write(
          `${files.map((file) => `${dir}/${file}`).join("\n")}\n\nStart the server:  cd ${dir} && nats-server -c nats-server.conf\nOn runners:        mle-smith runner --nats ${address} --creds ${dir}/runner.creds${ca}\nWhere you work:    mle-smith generate … --nats ${address} --creds ${dir}/producer.creds${ca}\n`,
        );
      },
    );
}

function statusCommand(): Command {
  return withServer(new Command("status").description("what waits, runs and was given up")).action(
    (flags: Flags) =>
      withConnection(flags, async (connection) => {
        const { readStatus } = await import("../../sandbox/queue/status.ts");
        const status = await readStatus(connection);
        if (flags.json) return void process.stdout.write(json(status));
        const lines = [`nats-server ${status.version} at ${status.server}`];
        for (const runtime of status.runtimes)
          lines.push(
            `${runtime.name}: ${runtime.waiting} waiting, ${runtime.running} running, ${runtime.redelivered} given again, ${runtime.idleSlots} idle slots`,
          );
        lines.push(
          `results kept: ${status.results}; dead letters: ${status.deadLetters}; at most ${status.maximumJobs} jobs at once`,
          Object.entries(status.bytes)
            .map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(1)} MB`)
            .join(", "),
        );
        process.stdout.write(`${lines.join("\n")}\n`);
      }),
  );
}

function drainCommand(): Command {
  return withServer(new Command("drain").description("wait until no job waits or runs"))
    .option("--discard", "take the jobs that wait out of the queue")
    .option("--timeout <s>", "seconds to wait; exit code 3 when jobs are left", whole, 3600)
    .action((flags: Flags & { discard?: boolean; timeout: number }) =>
      withConnection(flags, async (connection) => {
        const { discardJobs, readStatus } = await import("../../sandbox/queue/status.ts");
        const discarded = flags.discard ? await discardJobs(connection) : 0;
        const deadline = performance.now() + flags.timeout * 1000;
        for (;;) {
          const { runtimes } = await readStatus(connection);
          const left = runtimes.reduce((sum, { waiting, running }) => sum + waiting + running, 0);
          if (left === 0 || performance.now() > deadline) {
            if (flags.json) process.stdout.write(json({ discarded, left }));
            else process.stdout.write(`${discarded} discarded, ${left} left\n`);
            process.exitCode = left === 0 ? 0 : 3;
            return;
          }
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      }),
    );
}

function deadCommand(): Command {
  return withServer(new Command("dead").description("jobs that were given up, and what to do with them"))
    .option("--retry <key>", "put one (or `all`) into the queue again")
    .option("--remove <key>", "forget one (or `all`)")
    .action((flags: Flags & { retry?: string; remove?: string }) =>
      withConnection(flags, async (connection) => {
        const { forgetDeadLetter, readDeadLetters, reviveDeadLetter } = await import(
          "../../sandbox/queue/status.ts"
        );
        const letters = Object.entries(await readDeadLetters(connection));
        const chosen = (wanted: string | undefined) =>
          letters.filter(([key]) => wanted !== undefined && (wanted === "all" || key.startsWith(wanted)));
        for (const [key, letter] of chosen(flags.retry)) await reviveDeadLetter(connection, key, letter);
        for (const [key] of chosen(flags.remove)) await forgetDeadLetter(connection, key);
        if (flags.json) return void process.stdout.write(json(Object.fromEntries(letters)));
        for (const [key, letter] of letters)
          process.stdout.write(`${plain(key)}  given to ${letter.deliveries} runners\n`);
        process.stdout.write(
          `${letters.length} dead letters, ${chosen(flags.retry).length} put into the queue again, ${chosen(flags.remove).length} forgotten\n`,
        );
      }),
    );
}

function withServer(command: Command): Command {
  return addNatsOptions(command, "NATS server with the queue (or MLE_SMITH_NATS_URL)").option(
    "--json",
    "print one JSON document on stdout",
  );
}

async function withConnection(
  flags: Flags,
  work: (connection: QueueConnection) => Promise<void>,
): Promise<void> {
  const { connectQueue } = await import("../../sandbox/queue/connection.ts");
  const connection = await connectQueue(requiredServer(flags), { role: "producer", name: "mle-smith queue" });
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}
