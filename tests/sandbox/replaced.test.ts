import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { probeBubblewrap } from "../../sandbox/bubblewrap/probe.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { pythonJob } from "./jobs.ts";
import { cgroupsOf, descendants, processesWith } from "./leftovers.ts";

const possible = (await probeBubblewrap()).readyInterpreters;

let services: TestServices;
beforeAll(async () => {
  services = await testServices({ slots: 1, ready: true, engine: "bubblewrap" });
});
afterAll(async () => {
  await services.close();
});
beforeEach(async () => {
  await expectReady();
});

const run = (source: string, limits = {}) =>
  services.sandbox.run(pythonJob(source, { argv: ["-c", source], limits }));

/** Processes of the one ready sandbox, by what they are. */
function sandboxProcesses() {
  const all = descendants();
  const below = (parent: number | undefined, line: RegExp) =>
    all.find((found) => found.parent === parent && line.test(found.line))?.pid;
  const outer = below(process.pid, /bwrap/);
  const inner = below(outer, /bwrap/);
  const first = below(inner, /zygote\.py/);
  const zygote = below(first, /zygote\.py/);
  const interpreter = below(zygote, /zygote\.py/);
  return {
    bubblewrap: outer,
    "the first process inside": inner,
    "our first process": first,
    "the process that starts supervisors": zygote,
    "the interpreter": interpreter,
    "the supervisor": below(zygote, /supervise\.py/),
    "the process of the job": all.find(({ parent }) => parent === interpreter)?.pid,
  };
}

/** A job has run, and all waits for the next one. */
async function expectReady(): Promise<void> {
  expect(await run("import pandas; print('ready')")).toMatchObject({ status: "ok", stdout: "ready\n" });
  await expect
    .poll(() => Object.values(sandboxProcesses()).every((pid) => pid !== undefined), { timeout: 30_000 })
    .toBe(true);
}

type Role = keyof ReturnType<typeof sandboxProcesses>;
const roles: Role[] = [
  "bubblewrap",
  "the first process inside",
  "our first process",
  "the process that starts supervisors",
  "the interpreter",
  "the supervisor",
  "the process of the job",
];

function kill(role: Role): void {
  const pid = sandboxProcesses()[role];
  if (pid === undefined) throw new Error(`${role} is not there`);
  process.kill(pid, "SIGKILL");
}

/** Whatever ends a ready sandbox, or a part of it, costs one job at most, and no later one. */
describe.runIf(possible)("a ready sandbox that loses a process", () => {
  test.each(roles)("while it waits: %s", async (role) => {
    kill(role);
    // At once, when the loss may not have been noticed, and again.
    const first = await run("print('first')");
    // A process that was given the job before it was gone is the job's, which was killed then.
    if (role === "the process of the job" && "exitCode" in first && first.exitCode !== 0)
      expect(first).toMatchObject({ exitCode: 137 });
    else expect(["ok", "infra_error"]).toContain(first.status);
    for (const text of ["second", "third"])
      expect(await run(`print('${text}')`)).toMatchObject({ status: "ok", stdout: `${text}\n` });
  });

  test.each(roles)("while a job runs: %s", async (role) => {
    const mark = `replaced-${process.pid}-${roles.indexOf(role)}`;
    const running = run(`import time; time.sleep(60) #${mark}`);
    await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBe(1);
    kill(role);
    const result = await running;
    if (role === "the process of the job") expect(result).toMatchObject({ exitCode: 137 });
    else expect(result.status).toBe("infra_error");
    expect(processesWith(mark)).toEqual([]);
    for (const text of ["second", "third"])
      expect(await run(`print('${text}')`)).toMatchObject({ status: "ok", stdout: `${text}\n` });
  });

  test("for want of memory", async () => {
    // Files in memory stay when the job's processes have been killed: whoever needs memory next is in danger, too.
    const source = "f = open('/tmp/full', 'wb', buffering=0)\nwhile True: f.write(bytes(1 << 20))";
    expect((await run(source, { memMb: 64, diskMb: 512 })).status).toBe("oom");
    expect(await run("print('next')")).toMatchObject({ status: "ok", stdout: "next\n" });
  });

  test("and one of its groups is all that is left of all of them", () => {
    const jobs = cgroupsOf(process.pid).filter((path) => /\/job-/.test(path));
    expect(new Set(jobs.map((path) => path.replace(/^.*\/job-/, ""))).size).toBeLessThanOrEqual(1);
  });
});
