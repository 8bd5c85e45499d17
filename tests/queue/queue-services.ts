import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../core/log.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";
import { connectQueue } from "../../sandbox/queue/connection.ts";
import { createQueuedSandbox, type QueuedSandboxOptions } from "../../sandbox/queue/queued-sandbox.ts";
import { type Runner, type RunnerOptions, startRunner } from "../../sandbox/queue/runner.ts";
import type { QueueServer } from "../../sandbox/queue/server-address.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { fakeEngine } from "../../scripts/queue/fake-engine.ts";

/** Producers and runners of one test, each with a store of its own; `close` ends all. */
export class QueueServices {
  readonly #closers: Array<() => Promise<void>> = [];
  readonly #server: QueueServer;
  readonly #runnerServer: QueueServer;

  /** @param runnerServer with the credentials of runners, where they have their own. */
  constructor(server: QueueServer, runnerServer: QueueServer = server) {
    this.#server = server;
    this.#runnerServer = runnerServer;
  }

  async store(): Promise<ArtefactStore> {
    const folder = await mkdtemp(join(tmpdir(), "mle-smith-queue-"));
    this.#closers.push(async () => {
      await removeStore(join(folder, "store"));
      await rm(folder, { recursive: true, force: true });
    });
    return openStore(join(folder, "store"));
  }

  async producer(options: Partial<QueuedSandboxOptions> = {}): Promise<Sandbox & { store: ArtefactStore }> {
    const store = options.store ?? (await this.store());
    const sandbox = await createQueuedSandbox({
      server: this.#server,
      ...options,
      store,
      limits: { ackWaitMs: 1000, ...options.limits },
    });
    this.#closers.push(() => sandbox.close());
    return { ...sandbox, store };
  }

  async runner<Engine extends Sandbox = ReturnType<typeof fakeEngine>>(
    options: Partial<RunnerOptions> & { engine?: (store: ArtefactStore) => Promise<Engine> } = {},
  ): Promise<Runner & { sandbox: Sandbox; ran: string[] }> {
    const store = await this.store();
    const fake = options.engine ? undefined : fakeEngine(store);
    const sandbox =
      options.sandbox ?? (options.engine ? await options.engine(store) : (fake ?? fakeEngine(store)));
    const connection = await connectQueue(this.#runnerServer, { role: "runner", name: "test runner" });
    const runner = await startRunner({
      connection,
      store,
      slots: 1,
      name: "test",
      log: createLog({ level: "silent" }),
      ...options,
      sandbox,
    });
    this.#closers.push(async () => {
      await runner.drain(AbortSignal.timeout(100));
      await connection.close();
      await sandbox.close();
    });
    return { ...runner, sandbox, ran: fake?.ran ?? [] };
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}
