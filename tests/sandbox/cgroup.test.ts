import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openCgroups } from "../../sandbox/bubblewrap/cgroup.ts";
import { PeakMemory } from "../../sandbox/bubblewrap/peak-memory.ts";
import { JobLimits } from "../../sandbox/job.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-cgroup-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Plain folders that look like a machine's cgroups: what is written can be read back; the kernel's part is not played. */
async function machine(mounts: string[], memberships: string[]): Promise<string> {
  const proc = join(folder, "proc");
  await mkdir(join(proc, "self"), { recursive: true });
  await mkdir(join(proc, String(process.pid)), { recursive: true });
  await writeFile(join(proc, "self/mountinfo"), mounts.join("\n"));
  await writeFile(join(proc, "self/cgroup"), memberships.join("\n"));
  await writeFile(
    join(proc, String(process.pid), "stat"),
    `${process.pid} (node (x) y) S ${Array.from({ length: 18 }, (_, index) => index).join(" ")} 4242 0`,
  );
  return proc;
}

const limits = JobLimits.parse({ memMb: 100, pids: 10, cpus: 0.5 });

describe("version 2", () => {
  test("groups lie below the nearest ancestor that shares out memory, not in the group that has processes", async () => {
    const root = join(folder, "cgroup");
    await mkdir(join(root, "user.slice/session.scope"), { recursive: true });
    await writeFile(join(root, "cgroup.subtree_control"), "cpu memory pids");
    await writeFile(join(root, "user.slice/cgroup.subtree_control"), "memory pids");
    await writeFile(join(root, "user.slice/session.scope/cgroup.subtree_control"), "");
    const proc = await machine(
      [`30 20 0:26 / ${root} rw shared:4 - cgroup2 cgroup2 rw`],
      ["0::/user.slice/session.scope"],
    );
    const groups = await openCgroups(proc);
    expect(groups.powers).toEqual({ version: "v2", memory: true, pids: true, cpu: false });
    const job = await groups.create("job-1", limits);
    const own = groups.folders[0] ?? "";
    expect(own).toMatch(new RegExp(`^${root}/user.slice/mle-smith-${process.pid}-4242-\\d+$`));
    expect(job.folders).toEqual([join(own, "job-1")]);
    expect(await readFile(join(own, "cgroup.subtree_control"), "utf8")).toBe("+memory +pids");
    expect(await readFile(join(own, "job-1/memory.max"), "utf8")).toBe(String(100 * 1024 * 1024));
    expect(await readFile(join(own, "job-1/memory.swap.max"), "utf8")).toBe("0");
    expect(await readFile(join(own, "job-1/pids.max"), "utf8")).toBe("14");
    expect(await readdir(join(own, "job-1"))).not.toContain("cpu.max");
    expect(await job.ranOutOfMemory()).toBe(false);
    await writeFile(
      join(own, "job-1/memory.events"),
      "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n",
    );
    await writeFile(join(own, "job-1/memory.peak"), String(99 * 1024 * 1024));
    expect(await job.ranOutOfMemory()).toBe(true);
    expect(await job.peakMemoryMb()).toBe(99);
  });

  test("a view that shows only a part of the hierarchy is followed", async () => {
    const root = join(folder, "cgroup");
    await mkdir(join(root, "inner"), { recursive: true });
    await writeFile(join(root, "cgroup.subtree_control"), "cpu memory pids");
    await writeFile(join(root, "inner/cgroup.subtree_control"), "");
    const proc = await machine(
      [`30 20 0:26 /docker/abc ${root} rw - cgroup2 cgroup rw`],
      ["0::/docker/abc/inner"],
    );
    const groups = await openCgroups(proc);
    const job = await groups.create("job-1", limits);
    expect(job.folders).toEqual([join(groups.folders[0] ?? "", "job-1")]);
    expect(dirname(groups.folders[0] ?? "")).toBe(root);
    expect(await readFile(join(job.folders[0] ?? "", "cpu.max"), "utf8")).toBe("50000 100000");
  });
});

describe("the highest use of memory", () => {
  test("is read through the descriptor that was told to forget, as version 2 has it", async () => {
    const path = join(folder, "memory.peak");
    await writeFile(path, "7");
    const peak = new PeakMemory(folder, "v2");
    expect(peak.read()).toBe(7);
    peak.forget();
    expect(await readFile(path, "utf8")).toBe("0");
    await rename(path, join(folder, "elsewhere"));
    await writeFile(path, "9");
    await writeFile(join(folder, "elsewhere"), "4096\n");
    expect(peak.read()).toBe(4096);
    peak.close();
  });

  test("is not known where it cannot be forgotten, or is not counted", async () => {
    const peak = new PeakMemory(folder, "v2");
    expect(peak.read()).toBeNull();
    // A folder cannot be written, as the file cannot before Linux 6.12.
    await mkdir(join(folder, "memory.peak"));
    peak.forget();
    expect(peak.read()).toBeNull();
  });
});

test("version 1: one folder per controller, below the group of this process", async () => {
  for (const name of ["memory/a", "pids", "cpu"]) await mkdir(join(folder, name), { recursive: true });
  const mounts = ["memory", "pids", "cpu"].map(
    (name) => `30 20 0:26 / ${join(folder, name)} rw - cgroup cgroup rw,${name}`,
  );
  const proc = await machine(mounts, ["9:name=systemd:/", "8:pids:/", "4:memory:/a", "1:cpu:/"]);
  const groups = await openCgroups(proc);
  expect(groups.powers).toEqual({ version: "v1", memory: true, pids: true, cpu: true });
  const job = await groups.create("job-1", limits);
  const own = basename(groups.folders[0] ?? "");
  expect(job.folders).toEqual([
    join(folder, "memory/a", own, "job-1"),
    join(folder, "pids", own, "job-1"),
    join(folder, "cpu", own, "job-1"),
  ]);
  expect(await readFile(join(folder, "memory/a", own, "job-1/memory.limit_in_bytes"), "utf8")).toBe(
    String(100 * 1024 * 1024),
  );
  expect(await readFile(join(folder, "cpu", own, "job-1/cpu.cfs_quota_us"), "utf8")).toBe("50000");
  await writeFile(
    join(folder, "memory/a", own, "job-1/memory.oom_control"),
    "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
  );
  expect(await job.ranOutOfMemory()).toBe(true);
});

test("groups of processes that are gone, or whose number another process has now, are removed; those of the living stay", async () => {
  const pids = join(folder, "pids");
  const living = `mle-smith-${process.pid}-4242-99`;
  for (const name of ["mle-smith-999999999-1-1/job-1", `mle-smith-${process.pid}-17-1`, living, "another"])
    await mkdir(join(pids, name), { recursive: true });
  const proc = await machine([`30 20 0:26 / ${pids} rw - cgroup cgroup rw,pids`], ["8:pids:/"]);
  const groups = await openCgroups(proc);
  expect((await readdir(pids)).sort()).toEqual(["another", living, basename(groups.folders[0] ?? "")].sort());
});

test("a machine without cgroups, or without rights to them, has none", async () => {
  const proc = await machine(["22 27 0:21 / /proc rw - proc proc rw"], ["0::/"]);
  const groups = await openCgroups(proc);
  expect(groups.powers).toEqual({ version: "none", memory: false, pids: false, cpu: false });
  expect((await groups.create("job-1", limits)).folders).toEqual([]);
});
