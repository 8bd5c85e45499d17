import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

/** A name of this process that no other has, on any machine and after any restart: `<host>@<pid>@<start>`. */
export async function ownProcessName(): Promise<string> {
  return `${hostname()}@${process.pid}@${await startOf(process.pid)}`;
}

/** Whether the process of that name lives; undefined when it is one of another machine, or no name of a process. */
export async function processLives(name: string): Promise<boolean | undefined> {
  const [host, pid, start] = name.split("@");
  if (host !== hostname() || pid === undefined || !/^\d+$/.test(pid)) return undefined;
  // A number is given again, to processes and, after a restart, to all: the start tells them apart.
  return start !== "" && (await startOf(Number(pid))) === start;
}

/** When a process began, in ticks since its system did, and which start of the system that was; empty when it does not live. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (stat === "" || state === "Z") return "";
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return `${boot.slice(0, 8)}-${fields[18] ?? ""}`;
}
