import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectQueue, type QueueConnection } from "../../sandbox/queue/connection.ts";
import { keyOf } from "../../sandbox/queue/envelope.ts";
import { probeQueue } from "../../sandbox/queue/probe.ts";
import { ForbiddenError } from "../../sandbox/queue/queue-errors.ts";
import { writeServerConfiguration } from "../../sandbox/queue/server-configuration.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { filesWith } from "../helpers/command-line.ts";
import { QueueServices } from "./queue-services.ts";

const folder = join(mkdtempSync(join(tmpdir(), "mle-smith-rights-")), "queue");
const file = (name: string) => join(folder, name);
const tls = { ca: file("ca.pem") };
let server: TestServer;
let url: string;
let services: QueueServices;
let runner: QueueConnection;
let key: string;

/** The generated configuration on a free port, with its files where the test wrote them. */
beforeAll(async () => {
  await writeServerConfiguration(folder, {
    hosts: ["localhost", "127.0.0.1"],
    port: 4222,
    monitor: "127.0.0.1",
    storageGb: 1,
    tls: true,
  });
  const configuration = readFileSync(file("nats-server.conf"), "utf8")
    .replace(/^listen:.*$/m, "")
    .replace(/^http:.*$/m, "")
    .replace('"./jetstream"', '"STORE"')
    .replaceAll('"./', `"${folder}/`);
  server = await TestServer.start(configuration);
  url = server.url.replace("nats:", "tls:");
  services = new QueueServices(
    { url, credentials: file("producer.creds"), tls },
    { url, credentials: file("runner.creds"), tls },
  );
  // One job with its result and a workspace: something to steal.
  const producer = await services.producer({ tidy: false });
  await services.runner();
  const tree = await producer.store.putFiles({ "private.csv": "answer\n42\n" });
  const job = fakeJob({ repeat: 300_000 }, { trees: { data: tree } });
  key = keyOf(job);
  expect((await producer.run(job)).status).toBe("ok");
  runner = await connectQueue(
    { url, credentials: file("runner.creds"), tls },
    { role: "runner", name: "attacker" },
  );
});
afterAll(async () => {
  await runner?.close();
  await services?.close();
  await server?.remove();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

const streams = ["SMITH_JOBS", "SMITH_RESULTS", "SMITH_INPUTS", "SMITH_OUTPUTS", "SMITH_DEAD"];
const forbidden: Array<[string, string, string?]> = [
  ["send a job", "smith.jobs.python.forged", "{}"],
  ["replace a workspace", "smith.inputs.tree-1.head", "{}"],
  ["call jobs of others off", "smith.cancel.x", "{}"],
  ["write a dead letter", "smith.dead.x", "{}"],
  ["pretend that a result was stored", "smith.done.x", "{}"],
  ["read a result", "$JS.API.DIRECT.GET.SMITH_RESULTS.smith.results.KEY"],
  ["read any result", "$JS.API.DIRECT.GET.SMITH_RESULTS.smith.results.>"],
  ["read a result by number", "$JS.API.DIRECT.GET.SMITH_RESULTS", '{"seq":1}'],
  ["read outputs", "$JS.API.DIRECT.GET.SMITH_OUTPUTS.smith.outputs.>"],
  ["read the queue past its turn", "$JS.API.DIRECT.GET.SMITH_JOBS.smith.jobs.>"],
  ["read dead letters", "$JS.API.DIRECT.GET.SMITH_DEAD.smith.dead.>"],
  ["take notices of dead letters", "$JS.API.CONSUMER.MSG.NEXT.SMITH_DEAD.undertaker", '{"batch":1}'],
  ["list streams", "$JS.API.STREAM.NAMES"],
  ["make a stream", "$JS.API.STREAM.CREATE.MINE", '{"name":"MINE","subjects":["mine"]}'],
  ...streams.flatMap(
    (stream): Array<[string, string, string?]> => [
      [`look into ${stream}`, `$JS.API.STREAM.INFO.${stream}`],
      [`read ${stream} by number`, `$JS.API.STREAM.MSG.GET.${stream}`, '{"seq":1}'],
      [`delete ${stream}`, `$JS.API.STREAM.DELETE.${stream}`],
      [`empty ${stream}`, `$JS.API.STREAM.PURGE.${stream}`],
      [`delete from ${stream}`, `$JS.API.STREAM.MSG.DELETE.${stream}`, '{"seq":1}'],
      [`change ${stream}`, `$JS.API.STREAM.UPDATE.${stream}`, `{"name":"${stream}","subjects":["x"]}`],
      [`copy ${stream}`, `$JS.API.STREAM.SNAPSHOT.${stream}`, '{"deliver_subject":"_INBOX_runner.x"}'],
      [
        `listen to ${stream} by a consumer`,
        `$JS.API.CONSUMER.CREATE.${stream}`,
        `{"stream_name":"${stream}","config":{"deliver_subject":"_INBOX_runner.x","ack_policy":"none"}}`,
      ],
      [
        `make a lasting consumer of ${stream}`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.mine`,
        `{"stream_name":"${stream}","config":{"durable_name":"mine","ack_policy":"explicit"}}`,
      ],
      [`delete a consumer of ${stream}`, `$JS.API.CONSUMER.DELETE.${stream}.undertaker`],
    ],
  ),
];

test.each(forbidden)("a runner may not %s", async (_what, subject, payload = "") => {
  await expect(runner.request(subject.replace("KEY", key), payload, { timeoutMs: 2000 })).rejects.toThrow(
    ForbiddenError,
  );
});

test.each([
  "smith.done.>",
  "smith.results.>",
  "smith.outputs.>",
  "smith.jobs.>",
  "smith.notes.>",
  "_INBOX_producer.>",
  "$JS.API.>",
  "$JS.EVENT.>",
  ">",
])("a runner may not listen to %s", async (subject) => {
  const refused = await new Promise((resolve) => {
    runner.subscribe(subject, () => resolve("heard"), { onRefused: resolve });
    setTimeout(() => resolve("allowed"), 2000);
  });
  expect(refused).toBeInstanceOf(ForbiddenError);
});

test("a producer may not delete streams or write results", async () => {
  const producer = await connectQueue(
    { url, credentials: file("producer.creds"), tls },
    { role: "producer", name: "p" },
  );
  for (const subject of ["$JS.API.STREAM.DELETE.SMITH_JOBS", "smith.results.x", "smith.done.x"])
    await expect(producer.request(subject, "", { timeoutMs: 2000 })).rejects.toThrow(ForbiddenError);
  await producer.close();
});

test("nobody gets in without credentials, with others, without encryption or past the certificate", async () => {
  const others = join(folder, "../others");
  await writeServerConfiguration(others, {
    hosts: ["localhost"],
    port: 4222,
    monitor: "127.0.0.1",
    storageGb: 1,
    tls: true,
  });
  const options = { role: "runner", name: "stranger" } as const;
  await expect(connectQueue({ url, tls }, options)).rejects.toThrow(/refuses these credentials/);
  const credentials = join(others, "runner.creds");
  await expect(connectQueue({ url, tls, credentials }, options)).rejects.toThrow(/refuses these credentials/);
  const own = { url, credentials: file("runner.creds") };
  await expect(connectQueue(own, options)).rejects.toThrow(/secure connection/);
  await expect(connectQueue({ ...own, tls: { ca: join(others, "ca.pem") } }, options)).rejects.toThrow(
    /secure connection/,
  );
});

test("doctor's probe tells what is wrong and what mends it", async () => {
  const probe = (server: Parameters<typeof probeQueue>[0]) => probeQueue(server);
  expect(await probe({ url, credentials: file("producer.creds"), tls })).toMatchObject({
    available: true,
    role: "producer",
    problems: [],
  });
  expect(await probe({ url, credentials: file("runner.creds"), tls })).toMatchObject({
    available: true,
    role: "runner",
  });
  const refused = await probe({ url, tls });
  expect(refused.available).toBe(false);
  expect(refused.problems[0]).toMatchObject({
    problem: expect.stringContaining("refuses"),
    command: expect.stringContaining("--creds"),
  });
  const away = await probe({ url: "nats://127.0.0.1:1" });
  expect(away.problems[0]).toMatchObject({
    problem: expect.stringContaining("cannot be reached"),
    command: expect.stringContaining("nats-server -js"),
  });
  const plain = await TestServer.start("");
  const without = await probe({ url: plain.url });
  await plain.remove();
  expect(without.available).toBe(false);
  expect(without.problems).toMatchObject([
    {
      problem: expect.stringContaining("without JetStream"),
      command: expect.stringContaining("nats-server -js"),
    },
  ]);
});

test("no secret lies in the server's configuration or in anything that it stores", async () => {
  const secrets = ["producer.creds", "runner.creds"].map((name) => readFileSync(file(name), "utf8").trim());
  for (const secret of secrets) {
    expect(secret).toMatch(/^SU[A-Z2-7]{56}$/);
    expect(readFileSync(file("nats-server.conf"), "utf8")).not.toContain(secret);
    expect(filesWith(secret, join(server.folder, "store"))).toEqual([]);
  }
  expect(readdirSync(folder)).not.toContain("ca-key.pem");
  for (const name of ["producer.creds", "runner.creds", "server-key.pem"])
    expect(execFileSync("stat", ["-c", "%a", file(name)], { encoding: "utf8" }).trim()).toBe("600");
});
