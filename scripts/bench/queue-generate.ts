import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runGenerate } from "../../cli/generate.ts";
import { createRun } from "../../cli/run-folder.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { TestServer } from "../queue/nats-server.ts";
import { RunnerProcess } from "../queue/spawn-runner.ts";

const rounds = 3;

/**
 * The bundled examples in this process and through a server and a runner on the same machine, in turns. The runner is started anew
 * for each round, as the engine in this process is: neither has its interpreters ready before the other.
 */
export async function benchQueuedGenerate(
  print: (name: string, value: number, unit: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  const server = await TestServer.start();
  const times = { near: [] as number[], far: [] as number[] };
  try {
    for (let round = 0; round < rounds; round += 1) {
      times.near.push(await generate(join(folder, `near-${round}`), undefined));
      const runner = new RunnerProcess(server.url, {
        engine: "real",
        slots: 2,
        env: { RUNNER_FOLDER: folder, RUNNER_READY: "1", RUNNER_QUIET: "1" },
      });
      await runner.saw("up");
      times.far.push(await generate(join(folder, `far-${round}`), server.url));
      await runner.end("SIGTERM");
    }
    print("queue/generate-in-process", Math.min(...times.near), "s");
    print("queue/generate-over-nats", Math.min(...times.far), "s");
    print(
      "queue/generate-over-nats-by-in-process",
      Math.min(...times.far) / Math.min(...times.near),
      "ratio",
    );
  } finally {
    await server.remove();
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith("store-")))
      await removeStore(join(folder, name));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of one run. Results are not kept between rounds: each round does all of the work. */
async function generate(out: string, url: string | undefined): Promise<number> {
  const examples = join(import.meta.dirname, "../../examples");
  const datasets = readdirSync(examples)
    .sort()
    .map((name) => join(examples, name));
  const flags = { workers: 2, ...(url === undefined ? {} : { nats: { url } }) };
  const run = createRun(out, datasets, loadConfiguration({ flags }));
  const started = performance.now();
  await runGenerate(run, { signal: new AbortController().signal });
  return (performance.now() - started) / 1000;
}
