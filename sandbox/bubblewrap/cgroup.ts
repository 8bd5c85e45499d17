import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { JobLimits } from "../job.ts";
import { PeakMemory } from "./peak-memory.ts";

const mebibyte = 1024 * 1024;
const period = 100_000;
/** bubblewrap's two processes, the supervisor and the shell that starts them. */
const ownProcesses = 4;

/** Which limits cgroups hold here. */
export interface CgroupPowers {
  version: "v1" | "v2" | "none";
  memory: boolean;
  pids: boolean;
  cpu: boolean;
}

/** The cgroups of one job. */
export interface JobCgroup {
  /** Folders whose `cgroup.procs` the first process of the job must join. */
  folders: string[];
  /** Whether the kernel killed a process of the job for want of memory. */
  ranOutOfMemory(): Promise<boolean>;
  peakMemoryMb(): Promise<number | null>;
  /** How many processes the kernel has killed for want of memory. */
  memoryKills(): Promise<number>;
  /** Bytes in use that cannot be given back, as pages of files can; 0 where memory is not counted. */
  heldBytes(): Promise<number>;
  /**
   * Sets the limits anew, for another job beside what the group holds for good, and forgets the highest use.
   * @throws Error when more is in use than that allows.
   */
  setLimits(limits: JobLimits, beside: Beside): Promise<void>;
  /** Kills every process of the job. */
  kill(): void;
  /** Kills what is left and removes the groups. */
  remove(): Promise<void>;
}

/** What a group holds besides a job. */
export interface Beside {
  bytes: number;
  processes: number;
}

/** The cgroups of this process's jobs. */
export interface Cgroups {
  readonly powers: CgroupPowers;
  /** The groups that hold those of all jobs. */
  readonly folders: string[];
  create(name: string, limits: JobLimits): Promise<JobCgroup>;
  /** Removes the groups of this process. */
  close(): Promise<void>;
}

type Controller = "memory" | "pids" | "cpu";
const controllers: Controller[] = ["memory", "pids", "cpu"];

/** Where this process may make groups: one folder for v2, one per controller for v1. */
interface Place {
  version: "v1" | "v2";
  parents: Partial<Record<Controller, string>>;
}

/** Several engines of one process have groups of their own. */
let opened = 0;

/**
 * Opens cgroups below (v1) or beside (v2) the one of this process, as far as its rights go, and removes those that dead
 * processes of ours left.
 */
export async function openCgroups(proc = "/proc"): Promise<Cgroups> {
  opened += 1;
  const own = `mle-smith-${process.pid}-${startTime(process.pid, proc) ?? "0"}-${opened}`;
  const place = await findPlace(proc, own);
  const parents = [...new Set(Object.values(place?.parents ?? {}))];
  for (const parent of parents) await removeStale(parent, proc);
  const has = (controller: Controller) => place?.parents[controller] !== undefined;
  return {
    powers: { version: place?.version ?? "none", memory: has("memory"), pids: has("pids"), cpu: has("cpu") },
    folders: parents.map((parent) => join(parent, own)),
    async create(name, limits) {
      const folders: string[] = [];
      if (place) {
        for (const parent of parents) {
          const folder = join(parent, own, name);
          await mkdir(folder, { recursive: true });
          folders.push(folder);
        }
      }
      const set = async (next: JobLimits, beside: Beside) => {
        if (place)
          await setLimits(
            place,
            (controller) => join(place.parents[controller] ?? "", own, name),
            next,
            beside,
          );
      };
      await set(limits, { bytes: 0, processes: ownProcesses });
      const memory = place?.parents.memory === undefined ? undefined : join(place.parents.memory, own, name);
      return jobCgroup(folders, memory, place?.version ?? "v1", set);
    },
    async close() {
      for (const parent of parents) await removeGroup(join(parent, own));
    },
  };
}

/** Which limits cgroups hold here, found out by making some, which are gone when this returns. */
export async function probeCgroups(): Promise<CgroupPowers> {
  const cgroups = await openCgroups();
  await cgroups.close();
  return cgroups.powers;
}

function jobCgroup(
  folders: string[],
  memory: string | undefined,
  version: "v1" | "v2",
  set: (limits: JobLimits, beside: Beside) => Promise<void>,
): JobCgroup {
  const read = (file: string) =>
    memory === undefined ? Promise.resolve("") : readFile(join(memory, file), "utf8").catch(() => "");
  const used = async () => Number(await read(version === "v1" ? "memory.usage_in_bytes" : "memory.current"));
  const memoryKills = async () =>
    Number(
      /^oom_kill (\d+)/m.exec(await read(version === "v1" ? "memory.oom_control" : "memory.events"))?.[1] ??
        0,
    );
  const peak = memory === undefined ? undefined : new PeakMemory(memory, version);
  return {
    folders,
    async ranOutOfMemory() {
      return (await memoryKills()) > 0;
    },
    memoryKills,
    async heldBytes() {
      const text = await read("memory.stat");
      const files = [/^inactive_file (\d+)/m, /^active_file (\d+)/m].map((line) =>
        Number(line.exec(text)?.[1] ?? 0),
      );
      return Math.max(0, (await used()) - files.reduce((sum, bytes) => sum + bytes, 0));
    },
    async setLimits(limits, beside) {
      // What the last job left is freed within moments; a limit below it would cost processes their lives.
      const allowed = limits.memMb * mebibyte + beside.bytes;
      for (let attempt = 0; (await used()) > allowed; attempt += 1) {
        if (attempt === 50) throw new Error("more memory is in use than the next job's limit allows");
        await sleep(10);
      }
      await set(limits, beside);
      peak?.forget();
    },
    async peakMemoryMb() {
      const bytes = peak?.read() ?? null;
      return bytes === null ? null : Math.ceil(bytes / mebibyte);
    },
    kill() {
      for (const folder of folders) killMembers(folder);
    },
    async remove() {
      peak?.close();
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

async function setLimits(
  place: Place,
  folder: (controller: Controller) => string,
  limits: JobLimits,
  beside: Beside,
): Promise<void> {
  const bytes = String(limits.memMb * mebibyte + beside.bytes);
  const share = Math.max(1000, Math.round(limits.cpus * period));
  const set = async (controller: Controller, file: string, value: string, needed = true) => {
    if (place.parents[controller] === undefined) return;
    const written = writeFile(join(folder(controller), file), value);
    await (needed ? written : written.catch(() => undefined));
  };
  await set("pids", "pids.max", String(limits.pids + beside.processes));
  if (place.version === "v1") {
    // Memory and swap together: absent where the kernel does not account for swap. It may never be the lower of the two,
    // so the one is set before the other when limits rise, and after it when they fall.
    await set("memory", "memory.memsw.limit_in_bytes", bytes, false);
    await set("memory", "memory.limit_in_bytes", bytes);
    await set("memory", "memory.memsw.limit_in_bytes", bytes, false);
    await set("cpu", "cpu.cfs_period_us", String(period), false);
    await set("cpu", "cpu.cfs_quota_us", String(share), false);
  } else {
    await set("memory", "memory.max", bytes);
    await set("memory", "memory.swap.max", "0", false);
    await set("cpu", "cpu.max", `${share} ${period}`, false);
  }
}

/** Finds where groups can be made, by making one. */
async function findPlace(proc: string, own: string): Promise<Place | undefined> {
  const memberships = readText(join(proc, "self/cgroup"))
    .trim()
    .split("\n")
    .map((line) => line.split(":"));
  const mounts = cgroupMounts(proc);
  const parents: Partial<Record<Controller, string>> = {};
  for (const controller of controllers) {
    const mount = mounts.find(
      (candidate) => candidate.type === "cgroup" && candidate.options.includes(controller),
    );
    const path = memberships.find(([, names]) => names?.split(",").includes(controller))?.[2];
    if (!mount || path === undefined) continue;
    const parent = below(mount, path);
    if (
      await canMake(
        join(parent, own),
        controller === "cpu"
          ? "cpu.cfs_quota_us"
          : controller === "pids"
            ? "pids.max"
            : "memory.limit_in_bytes",
      )
    ) {
      parents[controller] = parent;
    }
  }
  if (Object.keys(parents).length > 0) return { version: "v1", parents };

  const mount = mounts.find((candidate) => candidate.type === "cgroup2");
  const path = memberships.find(([number, names]) => number === "0" && names === "")?.[2];
  if (!mount || path === undefined) return undefined;
  // Groups with processes of their own cannot share out controllers: the nearest ancestor that does so, and lets us.
  for (let folder = below(mount, path); folder.startsWith(mount.at); folder = join(folder, "..")) {
    const shared = readText(join(folder, "cgroup.subtree_control")).trim().split(/\s+/);
    const wanted = controllers.filter((controller) => shared.includes(controller));
    if (wanted.includes("memory") && (await canMake(join(folder, own), "memory.max"))) {
      // Jobs lie one level lower.
      const enabled = await writeFile(
        join(folder, own, "cgroup.subtree_control"),
        wanted.map((name) => `+${name}`).join(" "),
      ).then(
        () => true,
        () => false,
      );
      if (enabled && (await canJoin(join(folder, own, "job-0"))))
        return {
          version: "v2",
          parents: Object.fromEntries(wanted.map((controller) => [controller, folder])),
        };
      await removeGroup(join(folder, own));
    }
    if (folder === mount.at) break;
  }
  return undefined;
}

/** Makes a group and tells whether its limit can be written; leaves it there when so. */
async function canMake(folder: string, limitFile: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, limitFile),
      limitFile === "pids.max" || limitFile === "memory.max" ? "max" : "-1",
    );
    return true;
  } catch {
    await rmdir(folder).catch(() => undefined);
    return false;
  }
}

/** Whether a process of ours may move into a group: the right to make one is not enough for that. */
async function canJoin(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await promisify(execFile)("/bin/sh", ["-c", 'echo $$ > "$1/cgroup.procs"', "sh", folder], { env: {} });
    return true;
  } catch {
    return false;
  } finally {
    await rmdir(folder).catch(() => undefined);
  }
}

interface Mount {
  type: string;
  root: string;
  at: string;
  options: string[];
}

function cgroupMounts(proc: string): Mount[] {
  return readText(join(proc, "self/mountinfo"))
    .split("\n")
    .flatMap((line) => {
      const [before, after] = line.split(" - ");
      const [, , , root, at] = before?.split(" ") ?? [];
      const [type, , options] = after?.split(" ") ?? [];
      if (root === undefined || at === undefined || type === undefined || !type.startsWith("cgroup"))
        return [];
      return [{ type, root, at, options: options?.split(",") ?? [] }];
    });
}

/** A group's folder under a mount that may itself show only a part of the hierarchy. */
function below(mount: Mount, path: string): string {
  const inside = mount.root !== "/" && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  return join(mount.at, inside);
}

async function removeStale(parent: string, proc: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const maker = /^mle-smith-(\d+)-(\d+)-\d+$/.exec(name);
    if (maker && startTime(Number(maker[1]), proc) !== maker[2]) await removeGroup(join(parent, name));
  }
}

/** Kills every process in a group and below, and removes them. */
async function removeGroup(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeGroup(join(folder, entry.name));
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    killMembers(folder);
    const removed = await rmdir(folder).then(
      () => true,
      () => !existsSync(folder),
    );
    if (removed) return;
    await sleep(attempt < 20 ? 2 : 20);
  }
}

function killMembers(folder: string): void {
  for (const pid of readText(join(folder, "cgroup.procs")).split("\n")) {
    if (pid === "" || pid === "0") continue;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** When a process started, in the kernel's ticks: with the pid it names a process for good. */
function startTime(pid: number, proc: string): string | undefined {
  const text = readText(join(proc, String(pid), "stat"));
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
