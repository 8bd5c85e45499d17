import { mkdir, readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { removeStore } from "../../core/store/folder-store.ts";
import { runtimeHome } from "../runtime.ts";

/** Where runners of this machine keep what they need while they live. */
function runnersFolder(): string {
  return join(runtimeHome(), "runners");
}

/** A folder of this process's own, whose name says whether its maker still lives. */
export async function makeRunnerFolder(): Promise<string> {
  const folder = join(runnersFolder(), `${hostname()}@${process.pid}@${await startOf(process.pid)}`);
  // Another user's process, the sandbox's, must be able to pass through.
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/**
 * Removes the folders of runners of this machine that live no more; their names. Sandboxes of theirs were ended by the kernel, or
 * are by the engine.
 */
export async function reapDeadRunners(): Promise<string[]> {
  const reaped: string[] = [];
  for (const name of await readdir(runnersFolder()).catch(() => [])) {
    const [host, pid, start] = name.split("@");
    if (host !== hostname() || pid === undefined) continue;
    // A number is given again, to processes and, after a restart, to all: the start tells them apart.
    if ((await startOf(Number(pid))) === start) continue;
    await removeStore(join(runnersFolder(), name)).catch(() => undefined);
    reaped.push(name);
  }
  return reaped;
}

/** When a process began, in ticks since its system did, and which start of the system that was; empty when it does not live. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (stat === "" || state === "Z") return "";
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return `${boot.slice(0, 8)}-${fields[18] ?? ""}`;
}
