import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { probeBubblewrap } from "../../sandbox/bubblewrap/probe.ts";
import type { JobLimits } from "../../sandbox/job.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { pythonJob } from "./jobs.ts";

/** Memory limits in the order in which they were set, and whether one was set while another still was. */
const seen = vi.hoisted(() => ({ memory: [] as number[], overlapped: false }));

// The real cgroups on a slow disk: what lifts limits takes longest.
vi.mock(import("../../sandbox/bubblewrap/cgroup.ts"), async (original) => {
  const real = await original();
  return {
    ...real,
    openCgroups: async (...settings) => {
      const cgroups = await real.openCgroups(...settings);
      const create = cgroups.create.bind(cgroups);
      cgroups.create = async (...place) => {
        const cgroup = await create(...place);
        const setLimits = cgroup.setLimits.bind(cgroup);
        let underway = 0;
        cgroup.setLimits = async (limits: JobLimits, held) => {
          seen.overlapped ||= underway > 0;
          underway += 1;
          await sleep(limits.memMb === smallMb ? 5 : 2500);
          await setLimits(limits, held);
          seen.memory.push(limits.memMb);
          underway -= 1;
        };
        return cgroup;
      };
      return cgroups;
    },
  };
});
const smallMb = 128;
const possible = (await probeBubblewrap()).readyInterpreters;

let services: TestServices;
beforeAll(async () => {
  services = await testServices({ slots: 1, ready: true, engine: "bubblewrap" });
});
afterAll(() => services.close());

const run = (source: string) =>
  services.sandbox.run(pythonJob(source, { argv: ["-c", source], limits: { memMb: smallMb } }));

describe.runIf(possible)("limits of a ready sandbox", () => {
  test("are set one after another, so that none of an earlier word comes after a job's own", async () => {
    const source = "import sys; print('lightgbm' in sys.modules, flush=True); kept = bytearray(190 << 20)";
    for (let complete = 0; complete < 2; ) {
      const { status, stdout } = await run(source);
      expect(status).toBe("oom");
      if (stdout === "True\n") complete += 1;
      // Meanwhile the last libraries are imported: what is set then must wait for what lifts limits.
      else await sleep(2000);
    }
    expect(new Set(seen.memory).size).toBeGreaterThan(1);
    expect(seen.overlapped).toBe(false);
  }, 60_000);
});
