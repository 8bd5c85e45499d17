import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import { type Cgroups, openCgroups } from "../../sandbox/bubblewrap/cgroup.ts";
import { findHostPrograms, mountPointFor } from "../../sandbox/bubblewrap/host.ts";
import { probeBubblewrap } from "../../sandbox/bubblewrap/probe.ts";
import { ReadyPool } from "../../sandbox/bubblewrap/ready/pool.ts";
import { seccompProgram } from "../../sandbox/bubblewrap/seccomp.ts";
import { startWatchdog } from "../../sandbox/bubblewrap/watchdog.ts";
import type { JobLimits } from "../../sandbox/job.ts";
import { findRuntime } from "../../sandbox/runtime.ts";
import { pythonJob } from "./jobs.ts";
import { processesWith } from "./leftovers.ts";

const possible = (await probeBubblewrap()).readyInterpreters;
const mebibyte = 1024 * 1024;

let folder: string;
let pool: ReadyPool;
let close: () => Promise<void>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-groups-"));
});
afterEach(async () => {
  await close();
  expect(pool.unusable).toBeUndefined();
  await removeStore(join(folder, "store"));
  await rm(folder, { recursive: true, force: true });
});

/** A pool of ready interpreters on this machine, but for its cgroups. */
async function open(cgroups: Cgroups): Promise<void> {
  const runtime = await findRuntime();
  if (runtime === undefined) throw new Error("run `npm run setup` first");
  const store = await openStore(join(folder, "store"));
  const watchdog = startWatchdog(runtime, []);
  pool = new ReadyPool({
    programs: await findHostPrograms(),
    runtime,
    store,
    cgroups,
    watchdog,
    seccomp: seccompProgram(),
    mountPoint: await mountPointFor(store.folder),
  });
  close = async () => {
    await pool.close();
    watchdog.close();
  };
}

const run = async (source: string, limits: Partial<JobLimits> = {}) => {
  const job = pythonJob(source, { argv: ["-c", source], limits });
  const result = await pool.run(0, job, { queuedMs: 0, signal: new AbortController().signal });
  if (result === undefined) throw new Error(pool.unusable);
  return result;
};

describe.runIf(possible)("ready interpreters", () => {
  test("without cgroups: one after another, each with limits of its own", async () => {
    const cgroups = await openCgroups(join(folder, "nothing"));
    expect(cgroups.powers.version).toBe("none");
    await open(cgroups);
    expect(await run("print('first')")).toMatchObject({ status: "ok", stdout: "first\n" });
    const hog = "k = []\nwhile True: k.append(bytearray(1 << 23))";
    expect(await run(hog, { memMb: 128 })).toMatchObject({ status: "oom" });
    // The kernel counts all processes of the user, ours too: fewer can be made than are allowed.
    const bomb =
      "import os, time\nn = 0\ntry:\n while True:\n  if os.fork() == 0: time.sleep(60); os._exit(0)\n  n += 1\nexcept OSError as error: print(n, error.errno)";
    const [children, code] = (await run(bomb, { pids: 20 })).stdout.split(" ").map(Number);
    expect(code).toBe(11);
    expect(children).toBeGreaterThan(10);
    expect(children).toBeLessThanOrEqual(20);
    expect(await run("k = bytearray(90 << 20); print('last')", { memMb: 128 })).toMatchObject({
      status: "ok",
      stdout: "last\n",
    });
  });

  test("with cgroups of version 2: what they hold themselves is not the job's", async () => {
    // Plain folders: what is written can be read back; the kernel's part is not played.
    const root = join(folder, "cgroup");
    await mkdir(root);
    await writeFile(join(root, "cgroup.subtree_control"), "cpu memory pids");
    const proc = join(folder, "proc");
    await mkdir(join(proc, "self"), { recursive: true });
    await writeFile(join(proc, "self/mountinfo"), `30 20 0:26 / ${root} rw - cgroup2 cgroup2 rw`);
    await writeFile(join(proc, "self/cgroup"), "0::/");
    const groups = await openCgroups(proc);
    expect(groups.powers).toEqual({ version: "v2", memory: true, pids: true, cpu: true });
    const own = groups.folders[0] ?? "";
    await open({
      ...groups,
      create: async (name, limits) => ({
        ...(await groups.create(name, limits)),
        kill: () => undefined,
        remove: () => rm(join(own, name), { recursive: true }),
      }),
    });
    expect(await run("print('first')")).toMatchObject({ status: "ok", stdout: "first\n" });
    const group = join(own, "job-ready-1");
    const read = (name: string) => readFile(join(group, name), "utf8");
    // While libraries are still being imported, a job's limits do not outlast it.
    const afterJob = async () => {
      await run("pass", { pids: 29 });
      await sleep(500);
      return read("pids.max");
    };
    await expect.poll(afterJob, { interval: 500, timeout: 60_000 }).toBe("35");
    expect(await read("cgroup.procs")).toMatch(/^\d+\n$/);
    await writeFile(join(group, "memory.current"), String(300 * mebibyte));
    await writeFile(
      join(group, "memory.stat"),
      `anon 1\ninactive_file ${60 * mebibyte}\nactive_file ${40 * mebibyte}\n`,
    );
    const limits = { memMb: 256, pids: 30, cpus: 0.5 };
    expect(await run("print('second')", limits)).toMatchObject({ status: "ok", stdout: "second\n" });
    expect(await read("memory.max")).toBe(String((256 + 200) * mebibyte));
    expect(await read("memory.swap.max")).toBe("0");
    expect(await read("pids.max")).toBe("36");
    expect(await read("cpu.max")).toBe("50000 100000");
    await writeFile(join(group, "memory.events"), "oom 1\noom_kill 1\n");
    // What the kernel killed before is not held against a job.
    expect(await run("raise SystemExit(3)", { ...limits, memMb: 257 })).toMatchObject({
      status: "nonzero_exit",
      exitCode: 3,
    });
    const mark = `groups-${process.pid}`;
    const running = run(`import time; time.sleep(3); raise SystemExit(3) #${mark}`, limits);
    await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBe(1);
    await writeFile(join(group, "memory.events"), "oom 2\noom_kill 2\n");
    expect((await running).status).toBe("oom");
    await close();
    expect((await readdir(own)).filter((name) => name.startsWith("job-ready"))).toEqual([]);
  });
});
