import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { RunnerProcess } from "../../scripts/queue/spawn-runner.ts";
import { startDevServer } from "../../scripts/server/dev-server.ts";
import { writeHouses } from "../helpers/houses.ts";
import { jobsBelow } from "./jobs-below.ts";

const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a server without any sandbox of its own has its jobs run by a runner over NATS", async () => {
  writeHouses(join(folder, "data/houses"));
  // Nothing but Node can be found: no bubblewrap, no Docker, no Python.
  mkdirSync(join(folder, "bin"));
  symlinkSync(process.execPath, join(folder, "bin/node"));
  const nats = await TestServer.start();
  const runner = new RunnerProcess(nats.url, { engine: "real", slots: 2 });
  const server = await startDevServer(folder, {
    PATH: join(folder, "bin"),
    MLE_SMITH_HOME: join(folder, "no-runtime"),
    MLE_SMITH_NATS_URL: nats.url,
  });
  try {
    let own = 0;
    const sampler = setInterval(() => (own = Math.max(own, jobsBelow(server.pid))), 100);
    const values = await server.client.runs.wait(null, "smith", { input: { dataset: "houses", tasks: 1 } });
    clearInterval(sampler);
    expect(values).toMatchObject({ results: [{ status: "accepted" }] });
    expect(own).toBe(0);
    expect(runner.lines.length).toBeGreaterThan(5);
  } finally {
    await server.kill();
    await runner.end();
    await nats.remove();
  }
}, 240_000);
