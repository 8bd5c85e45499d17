import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { keyOf } from "../../sandbox/queue/envelope.ts";
import { isTaken, publishStored, purge } from "../../sandbox/queue/jetstream.ts";
import { streams, subjects } from "../../sandbox/queue/names.ts";
import { readDeadLetters, readStatus } from "../../sandbox/queue/status.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { adminConnection, TestServer } from "../../scripts/queue/nats-server.ts";
import { RunnerProcess } from "../../scripts/queue/spawn-runner.ts";
import { QueueServices } from "./queue-services.ts";

let server: TestServer;
let services: QueueServices;
const processes: RunnerProcess[] = [];
const started = (...words: ConstructorParameters<typeof RunnerProcess>) => {
  const made = new RunnerProcess(...words);
  processes.push(made);
  return made;
};

beforeAll(async () => {
  server = await TestServer.start();
});
beforeEach(() => {
  services = new QueueServices({ url: server.url });
});
afterEach(async () => {
  for (const child of processes.splice(0)) await child.end();
  await services.close();
  const connection = await adminConnection(server.url);
  // Each test with limits of its own.
  for (const stream of Object.values(streams))
    await connection.request(`$JS.API.STREAM.DELETE.${stream}`, "");
  await connection.close();
});
afterAll(() => server.remove());

test("a full queue makes the producer wait, and no job is lost", async () => {
  const producer = await services.producer({ limits: { maxJobs: 3 } });
  const jobs = Array.from({ length: 20 }, () => producer.run(fakeJob({ sleepMs: 1 })));
  const connection = await adminConnection(server.url);
  await expect.poll(async () => (await readStatus(connection)).runtimes[0]?.waiting).toBe(3);
  await sleep(100);
  expect((await readStatus(connection)).runtimes[0]?.waiting).toBe(3);
  await connection.close();
  const runner = await services.runner({ slots: 2 });
  expect((await Promise.all(jobs)).map(({ status }) => status)).toEqual(jobs.map(() => "ok"));
  expect(runner.ran).toHaveLength(20);
});

test("a job that two runners run has one result: a runner that slept too long is fenced off", async () => {
  const producer = await services.producer({ limits: { ackWaitMs: 600 }, tidy: false });
  const connection = await adminConnection(server.url);
  const sleeper = started(server.url);
  await sleeper.saw("up");
  const job = fakeJob({ sleepMs: 200, outputs: { "result.json": "1" } });
  const result = producer.run(job);
  await sleeper.saw("started");
  sleeper.child.kill("SIGSTOP");
  const runner = await services.runner();
  expect((await result).status).toBe("ok");
  expect(runner.ran).toEqual([job.id]);
  sleeper.child.kill("SIGCONT");
  await sleeper.saw("published");
  const { results } = await readStatus(connection);
  expect(results).toBe(1);
  // Nor can a runner that does not ask for the fence put a second one there.
  await expect(publishStored(connection, subjects.result(keyOf(job)), "forged")).rejects.toThrow(
    /per subject/,
  );
  await connection.close();
});

test("a runner that is killed loses nothing: another has the job within twice the ackWait", async () => {
  const ackWaitMs = 600;
  const producer = await services.producer({ limits: { ackWaitMs } });
  const first = started(server.url);
  await first.saw("up");
  const result = producer.run(fakeJob({ sleepMs: 300 }));
  await first.saw("started");
  const runner = await services.runner();
  const killed = performance.now();
  await first.end("SIGKILL");
  expect((await result).status).toBe("ok");
  expect(performance.now() - killed).toBeLessThan(2 * ackWaitMs + 300);
  expect(runner.ran).toHaveLength(1);
});

test("a job whose result was stored before its runner died is not run again", async () => {
  const producer = await services.producer({ limits: { ackWaitMs: 400 }, tidy: false });
  const runner = started(server.url, { crash: "published:1" });
  await runner.saw("up");
  const job = fakeJob();
  expect((await producer.run(job)).status).toBe("ok");
  await runner.saw("crash");
  const second = await services.runner();
  const connection = await adminConnection(server.url);
  await expect
    .poll(async () => (await readStatus(connection)).runtimes[0], { timeout: 5000 })
    .toMatchObject({ waiting: 0, running: 0 });
  expect(second.ran).toEqual([]);
  expect(second.metrics.text(true)).toContain('mle_smith_jobs_total{status="done_before"} 1');
  await connection.close();
});

test("a queued job that is called off is never run; a running one is ended; both may be asked for again", async () => {
  const producer = await services.producer();
  const waiting = fakeJob();
  const stop = new AbortController();
  const queued = producer.run(waiting, { signal: stop.signal });
  const connection = await adminConnection(server.url);
  await expect.poll(async () => (await readStatus(connection)).runtimes[0]?.waiting).toBe(1);
  stop.abort();
  expect((await queued).status).toBe("cancelled");
  expect((await readStatus(connection)).runtimes[0]?.waiting).toBe(0);

  let startedAt = () => {};
  const begun = new Promise<void>((resolve) => {
    startedAt = resolve;
  });
  const runner = await services.runner({ onStage: (stage) => stage === "started" && startedAt() });
  const long = fakeJob({ sleepMs: 60_000 });
  const stopLong = new AbortController();
  const running = producer.run(long, { signal: stopLong.signal });
  await begun;
  const asked = performance.now();
  stopLong.abort();
  expect((await running).status).toBe("cancelled");
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(runner.ran).toEqual([long.id]);
  // Neither left anything that would stand in for a result.
  expect(await isTaken(connection, subjects.result(keyOf(long)))).toBe(false);
  expect((await producer.run(waiting)).status).toBe("ok");
  await connection.close();
});

test("a job that is called off while its workspace comes to the runner ends at once, and takes no other with it", async () => {
  const producer = await services.producer();
  const tree = await producer.store.putFiles({ "large.bin": randomBytes(48 << 20) });
  let taken = () => {};
  const bothTaken = new Promise<void>((resolve) => {
    let count = 0;
    taken = () => {
      count += 1;
      if (count === 2) resolve();
    };
  });
  const runner = await services.runner({ slots: 2, onStage: (stage) => stage === "taken" && taken() });
  const stop = new AbortController();
  const calledOff = producer.run(fakeJob({}, { trees: { data: tree } }), { signal: stop.signal });
  const kept = fakeJob({ sleepMs: 1 }, { trees: { data: tree } });
  const result = producer.run(kept);
  await bothTaken;
  const asked = performance.now();
  stop.abort();
  expect((await calledOff).status).toBe("cancelled");
  expect(performance.now() - asked).toBeLessThan(5000);
  expect((await result).status).toBe("ok");
  expect(runner.ran).toEqual([kept.id]);
  const counted = runner.metrics.text(true);
  expect(counted).toContain('mle_smith_jobs_total{status="cancelled"} 1');
  expect(counted).not.toContain('status="infra_error"');
});

test("when one of two producers calls an equal job off, the other still gets its result", async () => {
  const first = await services.producer();
  const second = await services.producer({ reconcileMs: 200 });
  const job = fakeJob();
  const stop = new AbortController();
  const off = first.run(job, { signal: stop.signal });
  const connection = await adminConnection(server.url);
  await expect.poll(async () => (await readStatus(connection)).runtimes[0]?.waiting).toBe(1);
  const kept = second.run(job);
  await sleep(50);
  stop.abort();
  expect((await off).status).toBe("cancelled");
  await services.runner();
  expect((await kept).status).toBe("ok");
  await connection.close();
});

test("a sandbox that fails is no result: the job is tried elsewhere, then kept as a dead letter, and may be asked for again", async () => {
  const producer = await services.producer({ limits: { maxDeliver: 2, ackWaitMs: 500 } });
  const runner = await services.runner();
  const job = fakeJob({ fail: "the disk of this runner is full" });
  const result = await producer.run(job);
  expect(result).toMatchObject({ status: "infra_error", message: "the disk of this runner is full" });
  expect(runner.ran).toHaveLength(2);
  const connection = await adminConnection(server.url);
  expect((await readStatus(connection)).runtimes[0]).toMatchObject({ waiting: 0, running: 0 });
  expect(await isTaken(connection, subjects.result(keyOf(job)))).toBe(false);
  expect(Object.keys(await readDeadLetters(connection))).toEqual([keyOf(job)]);
  await connection.close();
});

test("a result whose outputs have been forgotten is not used: the job is run again", async () => {
  const producer = await services.producer({ tidy: false });
  const runner = await services.runner();
  const large = fakeJob({ repeat: 300_000 });
  expect((await producer.run(large)).status).toBe("ok");
  const connection = await adminConnection(server.url);
  expect(await purge(connection, streams.outputs)).toBeGreaterThan(1);
  const second = await services.producer();
  expect((await second.run(large)).status).toBe("ok");
  expect(runner.ran).toHaveLength(2);
  await connection.close();
});
