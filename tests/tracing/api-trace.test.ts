import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { startSmith } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { OtlpReceiver } from "../helpers/otlp-receiver.ts";

const folder = mkdtempSync(join(tmpdir(), "mle-smith-api-trace-"));
let queue: TestServer;
let receiver: OtlpReceiver;
let server: DevServer;
let runner: ReturnType<typeof startSmith>;
beforeAll(async () => {
  writeHouses(join(folder, "data/houses"));
  queue = await TestServer.start();
  receiver = await OtlpReceiver.start();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: "500" };
  runner = startSmith(["runner", "--nats", queue.url, "--slots", "2", "--port", "0"], { env: tracing });
  server = await startDevServer(folder, { ...tracing, MLE_SMITH_NATS_URL: queue.url });
}, 240_000);
afterAll(async () => {
  runner?.child.kill("SIGTERM");
  await runner?.ended;
  await server?.kill();
  await receiver?.close();
  await queue?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("a task that is asked for over the API is one trace, from the caller through the server and its graph to the runner", async () => {
  const caller = { trace: "0af7651916cd43dd8448eb211c80319c", span: "b7ad6b7169203331" };
  const answer = await fetch(`${server.url}/runs/wait`, {
    method: "POST",
    headers: { "content-type": "application/json", traceparent: `00-${caller.trace}-${caller.span}-01` },
    body: JSON.stringify({ assistant_id: "smith", input: { dataset: "houses", tasks: 1 } }),
  });
  expect(await answer.json()).toMatchObject({ results: [{ status: "accepted" }] });
  await expect
    .poll(() => receiver.named("run").filter((span) => span.service === "mle-smith-server"), {
      timeout: 60_000,
    })
    .toHaveLength(1);
  await expect
    .poll(() => receiver.named("run job").length, { timeout: 60_000 })
    .toBe(receiver.named("job").length);

  const { spans } = receiver;
  expect(new Set(spans.map(({ trace }) => trace))).toEqual(new Set([caller.trace]));
  const inRunner = spans.filter(
    (span) => span.name === "run" && receiver.above(span).some(({ name }) => name === "execution"),
  );
  expect(inRunner.length).toBeGreaterThan(0);
  for (const span of inRunner) {
    const above = receiver.above(span);
    expect(above.map(({ name, service }) => `${name} ${service}`)).toEqual([
      "run job mle-smith-runner",
      ...["job", "execution", "task", "run", "create run"].map((name) => `${name} mle-smith-server`),
    ]);
    expect(above.at(-1)?.parent).toBe(caller.span);
  }
  for (const text of ["Harbour", "Houses sold", "living area"]) expect(receiver.text).not.toContain(text);
}, 300_000);

test("a request that is refused is a span, and nothing below it", async () => {
  const before = receiver.spans.length;
  const answer = await fetch(`${server.url}/runs/wait`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ assistant_id: "smith", input: { dataset: "../houses" } }),
  });
  expect(answer.status).toBe(422);
  await expect.poll(() => receiver.spans.length, { timeout: 60_000 }).toBe(before + 1);
  expect(receiver.spans.at(-1)).toMatchObject({ name: "create run", failed: true, parent: undefined });
});
