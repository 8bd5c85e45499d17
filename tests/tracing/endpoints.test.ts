import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { inSpan } from "../../core/tracing.ts";
import { withWorkIds } from "../../core/work-ids.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { Folders, smith, startSmith } from "../helpers/command-line.ts";
import { ideas, noDesign } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { OtlpReceiver } from "../helpers/otlp-receiver.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";
import { QueueServices } from "../queue/queue-services.ts";

const folders = new Folders();
let houses: string;
const servers: Server[] = [];
beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => folders.remove());

/** An HTTP server on a free port, and the requests that it got. */
async function listen(answer: boolean): Promise<{ url: string; got: { path: string; text: string }[] }> {
  const got: { path: string; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      got.push({ path: request.url ?? "", text: Buffer.concat(chunks).toString("latin1") });
      if (answer) response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

test("an endpoint that refuses or never answers fails nothing, and costs two seconds and a line", async () => {
  const silent = await listen(false);
  for (const url of ["http://127.0.0.1:9", silent.url]) {
    const { code, stdout, stderr } = await smith(["survey", houses, "--json"], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: url },
    });
    expect(stderr).toMatch(/^\d+ spans did not reach the OTLP endpoint/m);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("views");
  }
  expect(silent.got.map(({ path }) => path)).toContain("/v1/traces");
}, 120_000);

test("a protocol that is not spoken is refused with what to set", async () => {
  const { code, stderr } = await smith(["survey", houses], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/grpc[\s\S]*OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/);
}, 60_000);

test("after Ctrl-C the spans of what was done are sent, those cut short as failed", async () => {
  const receiver = await OtlpReceiver.start();
  const running = startSmith(["generate", houses, "--out", folders.make()], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  await expect.poll(running.output, { timeout: 60_000 }).toContain("Built-in rules");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
  expect(receiver.named("run")).toHaveLength(1);
  for (const span of receiver.spans.filter(({ failed }) => failed))
    expect(String(span.facts["error.type"])).toMatch(/^(interrupted|cancelled|AbortError|bad_input)$/);
  await receiver.close();
}, 120_000);

test("LangSmith gets nothing without LANGSMITH_TRACING, and with it what models are asked", async () => {
  const langsmith = await listen(true);
  const play = async (env: Record<string, string>) => {
    const model = await ScriptedModel.start([
      { schema: "candidates", reply: { answer: ideas } },
      { schema: "design", reply: { answer: noDesign } },
      { schema: "candidates", reply: { answer: { candidates: [], reason: "no other" } } },
    ]);
    const { code, stderr } = await smith(
      ["generate", houses, "--tasks", "1", "--model", "scripted", "--out", folders.make()],
      { env: { OPENAI_API_KEY: "none", OPENAI_BASE_URL: model.url, LANGSMITH_API_KEY: "k", ...env } },
    );
    await model.close();
    expect(code, stderr).toBe(3);
  };
  await play({ LANGSMITH_ENDPOINT: langsmith.url });
  expect(langsmith.got).toEqual([]);
  await play({
    LANGSMITH_ENDPOINT: langsmith.url,
    LANGSMITH_TRACING: "true",
    LANGSMITH_DISABLE_RUN_COMPRESSION: "true",
  });
  expect(langsmith.got.map(({ path }) => path).join()).toMatch(/\/runs/);
}, 240_000);

test("equal jobs of two runs, traced and not, have one key and run once", async () => {
  const server = await TestServer.start();
  const services = new QueueServices({ url: server.url });
  const [first, second] = [await services.producer({ tidy: false }), await services.producer()];
  const runner = await services.runner();
  const job = fakeJob({ sleepMs: 100 });
  const results = await Promise.all([
    withWorkIds({ run: "one", task: "a" }, () => inSpan("job", {}, () => first.run(job))),
    second.run(job),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["ok", "ok"]);
  expect(runner.ran).toEqual([job.id]);
  await services.close();
  await server.remove();
});
