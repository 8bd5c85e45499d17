import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectQueue } from "../../sandbox/queue/connection.ts";

/** A real nats-server of one test, in a folder of its own. */
export class TestServer {
  readonly folder = mkdtempSync(join(tmpdir(), "mle-smith-nats-"));
  readonly port: number;
  readonly #configuration: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, configuration: string) {
    this.port = port;
    this.#configuration = configuration;
  }

  /** @param configuration more of the server's configuration; without it, JetStream and nobody kept out. */
  static async start(configuration = 'jetstream { store_dir: "STORE" }'): Promise<TestServer> {
    const server = new TestServer(await freePort(), configuration);
    await server.up();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts the server, or starts it again with what it had stored. */
  async up(): Promise<void> {
    const path = join(this.folder, "server.conf");
    const store = join(this.folder, "store");
    writeFileSync(
      path,
      `listen: "127.0.0.1:${this.port}"\n${this.#configuration.replaceAll("STORE", store)}\n`,
    );
    const child = spawn("nats-server", ["-c", path], { stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    this.#child = child;
    for (let waited = 0; !output.includes("Server is ready"); waited += 20) {
      if (child.exitCode !== null || waited > 10_000) throw new Error(`nats-server did not start: ${output}`);
      await sleep(20);
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  async restart(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.down(signal);
    await this.up();
  }

  /** Forgets all that the stopped server had stored. */
  wipe(): void {
    rmSync(join(this.folder, "store"), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await this.down("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A connection that may do what it likes, to look into a server without users. */
export function adminConnection(url: string) {
  return connectQueue({ url }, { role: "producer", name: "test" });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
