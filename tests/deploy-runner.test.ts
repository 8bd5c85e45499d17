import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { writeServerConfiguration } from "../sandbox/queue/server-configuration.ts";
import { freePort, TestServer } from "../scripts/queue/nats-server.ts";
import { Folders, startSmith } from "./helpers/command-line.ts";
import { QueueServices } from "./queue/queue-services.ts";
import { pythonJob } from "./sandbox/jobs.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "../deploy", path), "utf8");
const folders = new Folders();
const credentials = join(folders.make(), "queue");
let server: TestServer;
let services: QueueServices;
let monitoring: string;

/** The server as `queue init` sets it up, with its files where this test wrote them. */
beforeAll(async () => {
  await writeServerConfiguration(credentials, {
    hosts: ["localhost"],
    port: 4222,
    monitor: "127.0.0.1",
    storageGb: 1,
    tls: true,
  });
  monitoring = `127.0.0.1:${await freePort()}`;
  const configuration = readFileSync(join(credentials, "nats-server.conf"), "utf8")
    .replace(/^listen:.*$/m, "")
    .replace(/^http:.*$/m, `http: "${monitoring}"`)
    .replace('"./jetstream"', '"STORE"')
    .replaceAll('"./', `"${credentials}/`);
  server = await TestServer.start(configuration);
  services = new QueueServices({
    url: `tls://localhost:${server.port}`,
    credentials: join(credentials, "producer.creds"),
    tls: { ca: join(credentials, "ca.pem") },
  });
});
afterAll(async () => {
  await services?.close();
  await server?.remove();
  folders.remove();
});

const Compose = z.object({ services: z.object({ runner: z.object({ command: z.array(z.string()) }) }) });
const Deployment = z.object({
  kind: z.literal("Deployment"),
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.tuple([z.object({ args: z.array(z.string()) })]) }),
    }),
  }),
});
const ScaledObject = z.object({
  spec: z.object({ triggers: z.tuple([z.object({ metadata: z.record(z.string(), z.string()) })]) }),
});
const commands = {
  "compose.yaml": Compose.parse(parse(read("compose.yaml"))).services.runner.command,
  "kubernetes/runner.yaml": Deployment.parse(parse(read("kubernetes/runner.yaml"))).spec.template.spec
    .containers[0].args,
};

/** Jobs for which KEDA's scaler `nats-jetstream` sees a need: those that wait and those that run, of one consumer. */
async function lag(): Promise<number> {
  const { account, stream, consumer } = ScaledObject.parse(
    parseAllDocuments(read("kubernetes/scaling.yaml"))[0]?.toJS(),
  ).spec.triggers[0].metadata;
  const Consumer = z.object({ name: z.string(), num_pending: z.int(), num_ack_pending: z.int() });
  const Stream = z.object({ name: z.string(), consumer_detail: z.array(Consumer).default([]) });
  const Account = z.object({ name: z.string(), stream_detail: z.array(Stream).default([]) });
  const answer = await fetch(
    `http://${monitoring}/jsz?acc=${encodeURIComponent(account ?? "")}&consumers=true&config=true`,
  );
  const { account_details: accounts } = z
    .object({ account_details: z.array(Account) })
    .parse(await answer.json());
  const found = accounts
    .find(({ name }) => name === account)
    ?.stream_detail.find(({ name }) => name === stream)
    ?.consumer_detail.find(({ name }) => name === consumer);
  if (found === undefined) throw new Error(`the server has no ${account} ${stream} ${consumer}`);
  return found.num_pending + found.num_ack_pending;
}

test.each(
  Object.entries(commands),
)("the runner of %s takes jobs with the files of `queue init`, and scaling sees how many there are", async (_name, words) => {
  const producer = await services.producer({ tidy: false });
  const results = Promise.all(
    [1, 2, 3].map((number) => producer.run(pythonJob(`print(${number}) #${_name}`))),
  );
  await expect.poll(lag, { timeout: 20_000 }).toBe(3);
  const here = words.map((word) =>
    word
      .replace(/--nats=tls:\/\/[^:]+:4222/, `--nats=tls://localhost:${server.port}`)
      .replace(/\/(run\/secrets|etc\/mle-smith)/, credentials)
      .replace("--host=0.0.0.0", "--host=127.0.0.1")
      .replace("--port=9464", "--port=0"),
  );
  const runner = startSmith(here);
  try {
    expect((await results).map(({ status, stdout }) => `${status} ${stdout}`)).toEqual(
      [1, 2, 3].map((number) => `ok ${number}\n`),
    );
    await expect.poll(lag, { timeout: 20_000 }).toBe(0);
  } finally {
    runner.child.kill("SIGTERM");
  }
  const { code, stderr } = await runner.ended;
  expect(code, stderr).toBe(0);
});
