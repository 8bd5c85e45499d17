import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobLimits } from "../job.ts";
import { killMembers, removeGroup, removeStale, startTime } from "./cgroup-folder.ts";
import { type Controller, findPlace, type Place } from "./cgroup-place.ts";
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
