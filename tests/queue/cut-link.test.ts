import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readStatus } from "../../sandbox/queue/status.ts";
import { adminConnection } from "../../scripts/queue/nats-server.ts";
import { pythonJob } from "../sandbox/jobs.ts";
import { QueueServices } from "./queue-services.ts";

/** Seconds without a link; `MLE_SMITH_CUT_SECONDS=30` for the long version. */
const cutSeconds = Number(process.env.MLE_SMITH_CUT_SECONDS ?? 4);
const tag = String(process.pid % 10_000);
const [hub, far] = [`smith-h${tag}`, `smith-f${tag}`];
const ip = (...words: string[]) => execFileSync("ip", words, { stdio: ["ignore", "pipe", "pipe"] });

/** Why two hosts cannot be played on this machine; undefined when they can. */
const obstacle = (() => {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  try {
    ip("netns", "add", hub);
    ip("netns", "add", far);
    return undefined;
  } catch (error) {
    return `no network namespaces: ${String(error).split("\n")[0]}`;
  }
})();

const children: Array<ReturnType<typeof spawn>> = [];
const inside = (namespace: string, command: string, ...words: string[]) => {
  const child = spawn("ip", ["netns", "exec", namespace, command, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      RUNNER_QUIET: "1",
      RUNNER_FOLDER: folder,
    },
  });
  children.push(child);
  return child;
};
let folder: string;

/** The producer is on this host, the server in one namespace, the runner in another; each has a wire to the server. */
beforeAll(async () => {
  if (obstacle !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), "mle-smith-cut-"));
  ip("link", "add", `h${tag}`, "type", "veth", "peer", "name", `hp${tag}`);
  ip("link", "set", `hp${tag}`, "netns", hub);
  ip("addr", "add", "10.213.1.1/24", "dev", `h${tag}`);
  ip("link", "set", `h${tag}`, "up");
  ip("-n", hub, "addr", "add", "10.213.1.2/24", "dev", `hp${tag}`);
  ip("-n", hub, "link", "set", `hp${tag}`, "up");
  ip("-n", hub, "link", "add", `f${tag}`, "type", "veth", "peer", "name", `fp${tag}`);
  ip("-n", hub, "link", "set", `fp${tag}`, "netns", far);
  ip("-n", hub, "addr", "add", "10.213.2.2/24", "dev", `f${tag}`);
  ip("-n", hub, "link", "set", `f${tag}`, "up");
  ip("-n", far, "addr", "add", "10.213.2.1/24", "dev", `fp${tag}`);
  ip("-n", far, "link", "set", `fp${tag}`, "up");
  writeFileSync(
    join(folder, "server.conf"),
    `listen: "0.0.0.0:4222"\nping_interval: "2s"\njetstream { store_dir: "${folder}/store" }\n`,
  );
  const server = inside(hub, "nats-server", "-c", join(folder, "server.conf"));
  let output = "";
  server.stderr?.on("data", (chunk) => (output += chunk));
  await vi.waitFor(() => expect(output).toContain("Server is ready"), { timeout: 10_000 });
});
afterAll(async () => {
  for (const child of children) {
    const ended = once(child, "exit");
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await ended;
  }
  if (obstacle === undefined) for (const namespace of [hub, far]) ip("netns", "delete", namespace);
  if (folder) rmSync(folder, { recursive: true, force: true });
});

test.skipIf(obstacle !== undefined)(
  `a batch ends whole when the link to the runners is cut for ${cutSeconds} s in its middle${obstacle ? ` (skipped: ${obstacle})` : ""}`,
  async () => {
    const url = "nats://10.213.1.2:4222";
    const services = new QueueServices({ url });
    const producer = await services.producer({ limits: { ackWaitMs: 1000 }, tidy: false });
    const script = new URL("../../scripts/queue/runner-process.ts", import.meta.url).pathname;
    const runner = inside(
      far,
      process.execPath,
      "--import",
      "tsx",
      script,
      "nats://10.213.2.2:4222",
      "real",
      "4",
    );
    const [line] = (await once(runner.stdout ?? runner, "data")) as [Buffer];
    expect(line.toString()).toContain("up");
    const connection = await adminConnection(url);
    const count = 100;
    const batch = Array.from({ length: count }, () =>
      producer.run(pythonJob("import time; time.sleep(0.04)")),
    );
    await expect
      .poll(async () => (await readStatus(connection)).results, { timeout: 60_000 })
      .toBeGreaterThan(20);
    ip("-n", hub, "link", "set", `f${tag}`, "down");
    await sleep(500);
    const before = (await readStatus(connection)).results;
    await sleep(cutSeconds * 1000 - 500);
    // The link was really cut: nothing came through.
    expect((await readStatus(connection)).results).toBe(before);
    expect(before).toBeLessThan(count);
    ip("-n", hub, "link", "set", `f${tag}`, "up");
    const statuses = (await Promise.all(batch)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => "ok"));
    expect((await readStatus(connection)).results).toBe(count);
    await expect
      .poll(async () => (await readStatus(connection)).runtimes[0]?.running, { timeout: 10_000 })
      .toBe(0);
    await connection.close();
    await services.close();
  },
  180_000,
);
