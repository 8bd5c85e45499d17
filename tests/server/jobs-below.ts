import { readdirSync, readFileSync } from "node:fs";

/** Programs that sandboxes of a process group run at this moment, as the kernel knows them: a program's own children are part of it. */
export function jobsBelow(group: number): number {
  const processes = new Map<number, { parent: number; line: string }>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") continue;
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      processes.set(Number(name), { parent: Number(parent), line });
    } catch {
      // It ended while we looked.
    }
  }
  const isProgram = (pid: number) => / -m smith_/.test(processes.get(pid)?.line ?? "");
  const ancestors = (pid: number): number[] => {
    const parent = processes.get(pid)?.parent ?? 0;
    return parent > 1 ? [parent, ...ancestors(parent)] : [];
  };
  return [...processes.keys()].filter((pid) => {
    const above = ancestors(pid);
    return isProgram(pid) && above.includes(group) && !above.some(isProgram);
  }).length;
}
