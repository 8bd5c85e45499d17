import { existsSync, readFileSync } from "node:fs";
import { readdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Removes the groups below a folder whose makers, processes of ours, live no more. */
export async function removeStale(parent: string, proc: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const maker = /^mle-smith-(\d+)-(\d+)-\d+$/.exec(name);
    if (maker && startTime(Number(maker[1]), proc) !== maker[2]) await removeGroup(join(parent, name));
  }
}

/** Kills every process in a group and below, and removes them. */
export async function removeGroup(folder: string): Promise<void> {
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

/** Kills every process in a group. */
export function killMembers(folder: string): void {
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
export function startTime(pid: number, proc: string): string | undefined {
  const text = readText(join(proc, String(pid), "stat"));
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

/** The text of a file of the kernel; empty where there is none. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
