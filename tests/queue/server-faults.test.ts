import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openObjects } from "../../sandbox/queue/objects.ts";
import { readStatus } from "../../sandbox/queue/status.ts";
import { unpackTree } from "../../sandbox/queue/trees.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { adminConnection, TestServer } from "../../scripts/queue/nats-server.ts";
import { QueueServices } from "./queue-services.ts";

let server: TestServer;
let services: QueueServices;
beforeAll(async () => {
  server = await TestServer.start();
  services = new QueueServices({ url: server.url });
});
afterAll(async () => {
  await services.close();
  await server.remove();
});

test.each([
  "SIGTERM",
  "SIGKILL",
] as const)("a batch ends whole, each job with one result, when the server is started again in its middle (%s)", async (signal) => {
  const producer = await services.producer({ tidy: false, reconcileMs: 1000 });
  await services.runner({ slots: 2 });
  await services.runner({ slots: 2 });
  const connection = await adminConnection(server.url);
  const before = (await readStatus(connection)).results;
  const batch = Array.from({ length: 200 }, () => producer.run(fakeJob({ sleepMs: 5 })));
  await expect.poll(async () => (await readStatus(connection)).results - before).toBeGreaterThan(20);
  await server.down(signal);
  await sleep(300);
  await server.up();
  expect((await Promise.all(batch)).every(({ status }) => status === "ok")).toBe(true);
  await expect.poll(async () => (await readStatus(connection)).runtimes[0]?.running).toBe(0);
  expect((await readStatus(connection)).results - before).toBe(200);
  await connection.close();
});

test("a batch ends whole when the server comes back without its disk", async () => {
  const producer = await services.producer({ reconcileMs: 500 });
  await services.runner({ slots: 2 });
  const tree = await producer.store.putFiles({ "data.csv": "a,b\n1,2\n" });
  let done = 0;
  const batch = Array.from({ length: 100 }, (_, index) =>
    producer
      .run(fakeJob({ sleepMs: 10, repeat: index % 10 === 0 ? 300_000 : 10 }, { trees: { data: tree } }))
      .finally(() => {
        done += 1;
      }),
  );
  await expect.poll(() => done).toBeGreaterThan(10);
  await server.down("SIGKILL");
  server.wipe();
  await server.up();
  const statuses = (await Promise.all(batch)).map(({ status }) => status);
  expect(statuses).toEqual(statuses.map(() => "ok"));
});

test("a job whose text is larger than a message travels as an object", async () => {
  const producer = await services.producer();
  await services.runner();
  const large = { ...fakeJob(), workspace: { trees: {}, files: { "input.json": "x".repeat(3 << 20) } } };
  expect((await producer.run(large)).status).toBe("ok");
});

test("a workspace of many megabytes is sent once, whatever the number of jobs, and comes whole", async () => {
  const producer = await services.producer();
  await services.runner();
  const connection = await adminConnection(server.url);
  const files = Object.fromEntries(
    Array.from({ length: 5 }, (_, index) => [`part-${index}`, randomBytes(8 << 20)]),
  );
  const tree = await producer.store.putFiles(files);
  const bytes = async () => (await readStatus(connection)).bytes.inputs ?? 0;
  const before = await bytes();
  for (let round = 0; round < 3; round += 1)
    expect((await producer.run(fakeJob({}, { trees: { data: tree } }))).status).toBe("ok");
  const once = await bytes();
  expect(once - before).toBeGreaterThan(40 << 20);
  expect(once - before).toBeLessThan(44 << 20);
  // Another producer finds it there.
  const second = await services.producer();
  await second.store.putFiles(files);
  expect((await second.run(fakeJob({}, { trees: { data: tree } }))).status).toBe("ok");
  expect(await bytes()).toBe(once);
  await connection.close();
});

test("an object that was changed on its way is refused, and so is a tar that is not the tree", async () => {
  const connection = await adminConnection(server.url);
  const objects = openObjects(connection, "inputs", { reads: true });
  await objects.put("changed", chunks(Buffer.alloc(700_000, 1)));
  const [head] = [await connection.request("$JS.API.DIRECT.GET.SMITH_INPUTS.smith.inputs.changed.head", "")];
  const { part } = JSON.parse(Buffer.from(head.data).toString()) as { part: string };
  await connection.request(`smith.inputs.changed.${part}.1`, Buffer.alloc(700_000 - 524_288, 2));
  await expect(drain(objects.get("changed"))).rejects.toThrow(/damaged/);
  await expect(drain(objects.get("absent"))).rejects.toThrow(/not there/);
  await connection.close();

  const store = await services.store();
  const tree = await store.putFiles({ a: "1" });
  const other = await services.store();
  await expect(unpackTree(chunks(Buffer.alloc(1024)), tree, other)).rejects.toThrow(/not the tree/);
  expect(await other.hasTree(tree)).toBe(false);
  expect(readdirSync(`${other.folder}/trees`).filter((name) => name.startsWith("."))).toEqual([]);
});

async function* chunks(content: Uint8Array) {
  yield content;
}

async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}
