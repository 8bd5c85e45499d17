import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { processesWith } from "../leftovers.ts";
import { expectNothingLeft, onEveryEngine } from "./engines.ts";

/** Jobs that are called off, and jobs that wait for their place. */
onEveryEngine((engine) => {
  let services: TestServices;
  const sleeping = `cancelled-${process.pid}-${engine.kind.replaceAll(/\W/g, "")}`;
  const sleeper = () => pythonJob(`import time; time.sleep(600) #${sleeping}`);

  beforeAll(async () => {
    services = await engine.open();
  });
  afterAll(async () => {
    await services.close();
    await expectNothingLeft(engine);
  });

  test("cancelled while it runs, leaving nothing", async () => {
    const stop = new AbortController();
    const running = services.sandbox.run(sleeper(), { signal: stop.signal });
    await expect.poll(() => processesWith(sleeping).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const begun = performance.now();
    stop.abort();
    expect((await running).status).toBe("cancelled");
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(processesWith(sleeping)).toEqual([]);
  });

  test("cancelled at any moment of its start, leaving nothing", async () => {
    const [longest, step] = engine.engine === "docker" ? [260, 20] : [60, 3];
    for (let delay = 0; delay < longest; delay += step) {
      const stop = new AbortController();
      const begun = performance.now();
      const running = services.sandbox.run(sleeper(), { signal: stop.signal });
      setTimeout(() => stop.abort(), delay);
      expect((await running).status).toBe("cancelled");
      expect(performance.now() - begun).toBeLessThan(10_000);
    }
    expect(processesWith(sleeping)).toEqual([]);
  });

  test("cancelled before it starts, and while it waits for a place", async () => {
    const early = await services.sandbox.run(pythonJob("pass"), { signal: AbortSignal.abort() });
    expect(early.status).toBe("cancelled");
    const stop = new AbortController();
    const busy = [1, 2].map(() => services.sandbox.run(sleeper(), { signal: stop.signal }));
    const waiting = new AbortController();
    const queued = services.sandbox.run(pythonJob("pass"), { signal: waiting.signal });
    waiting.abort();
    expect((await queued).status).toBe("cancelled");
    stop.abort();
    expect((await Promise.all(busy)).map((result) => result.status)).toEqual(["cancelled", "cancelled"]);
    expect((await services.sandbox.run(pythonJob("pass"))).status).toBe("ok");
  });

  test("more jobs than places: all run, at most two at a time", async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, () => services.sandbox.run(pythonJob("import time; time.sleep(0.2)"))),
    );
    expect(results.every((result) => result.status === "ok")).toBe(true);
    expect(results.filter((result) => result.timings.queuedMs > 150).length).toBe(4);
  });

  test("an engine that is closed ends what runs", async () => {
    const other = await engine.open(1);
    const running = other.sandbox.run(sleeper());
    await expect.poll(() => processesWith(sleeping).length, { timeout: 20_000 }).toBeGreaterThan(0);
    await other.close();
    expect((await running).status).toBe("cancelled");
    expect(processesWith(sleeping)).toEqual([]);
  });
});
