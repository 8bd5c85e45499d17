import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reapContainers } from "../../../sandbox/docker/reaper.ts";
import { TestDaemon } from "../../../scripts/queue/docker-daemon.ts";
import { remoteDaemon } from "../../helpers/fake-daemon.ts";
import { testServices } from "../../helpers/services.ts";
import { engines, testDaemon } from "../conformance/engines.ts";
import { pythonJob } from "../jobs.ts";
import { processesWith } from "../leftovers.ts";

const noDocker = engines.find(({ engine }) => engine === "docker")?.missing;
/** Why no daemon can be ended here; undefined when one can. */
const obstacle = noDocker ?? (process.getuid?.() === 0 ? undefined : "a dockerd of one's own needs root");

describe.skipIf(obstacle !== undefined)(`a daemon that is ended ${obstacle ?? ""}`, () => {
  let daemon: TestDaemon;
  beforeAll(async () => {
    daemon = await TestDaemon.start(testDaemon);
  }, 300_000);
  afterAll(() => daemon?.remove());

  test.each([
    "SIGTERM",
    "SIGKILL",
  ] as const)("by %s takes no job's verdict along and leaves nothing: jobs under way are our fault and run when it is back", async (signal) => {
    const services = await testServices({ engine: "docker", docker: { host: daemon.host }, slots: 2 });
    const mark = `restart-${process.pid}-${signal}`;
    let failures = 0;
    const run = async (index: number, seconds: number) => {
      const source = `import time; open("/out/n", "w").write("${index}"); time.sleep(${seconds}); raise SystemExit(${index % 3}) #${mark}-${index}`;
      for (;;) {
        const result = await services.sandbox.run(pythonJob(source));
        if (result.status !== "infra_error") return result;
        failures += 1;
      }
    };
    // The first one outlasts the ten seconds that a daemon gives its containers when it ends in good order.
    const work = Array.from({ length: 16 }, (_, index) => run(index, index === 0 ? 14 : index % 2));
    await expect
      .poll(() => processesWith(`${mark}-0`).length, { timeout: 60_000, interval: 5 })
      .toBeGreaterThan(0);
    await daemon.restart(signal);
    for (const [index, result] of (await Promise.all(work)).entries()) {
      const exitCode = index % 3;
      const status = exitCode === 0 ? "ok" : "nonzero_exit";
      expect(result).toMatchObject({ status, exitCode, outputs: { files: 1 } });
    }
    expect(failures).toBeGreaterThan(0);
    await services.close();
    expect(processesWith(mark)).toEqual([]);
    // What it forgot in between is removed by any later reaper.
    await reapContainers(await daemon.client(), { now: Date.now() + 150_000 });
    await expect.poll(() => daemon.leftovers(), { timeout: 20_000 }).toEqual([]);
    if (signal === "SIGTERM") expect(daemon.forgotten()).toEqual([]);
  }, 180_000);

  test("or does not answer any more: a job whose end could not be heard has not run out of its time", async () => {
    const remote = await remoteDaemon(daemon.host);
    const services = await testServices({ engine: "docker", docker: { host: remote.host }, slots: 1 });
    const mark = `unheard-${process.pid}`;
    const source = `import time; time.sleep(6) #${mark}`;
    const running = services.sandbox.run(pythonJob(source, { limits: { wallMs: 9000 } }));
    await expect.poll(() => processesWith(mark).length, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0);
    // The job has begun; that it had is heard a moment later.
    await sleep(2000);
    remote.freeze();
    const begun = performance.now();
    const result = await running;
    expect(result).toMatchObject({
      status: "infra_error",
      message: expect.stringContaining("could not be reached"),
    });
    expect(performance.now() - begun).toBeLessThan(35_000);
    remote.close();
    await services.close();
  }, 90_000);
});
