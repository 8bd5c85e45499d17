import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Sandboxes that this process, or a child of it, started and that still run: their command lines. */
export function livingSandboxes(below: number = process.pid): string[] {
  return descendants(below)
    .filter(({ line }) => line.includes("supervise.py"))
    .map(({ line }) => line);
}

/** Living processes below one, parents before their children, with their command lines. */
export function descendants(
  below: number = process.pid,
): Array<{ pid: number; parent: number; line: string }> {
  const parents = new Map<number, number>();
  const lines = new Map<number, string>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(join("/proc", name, "stat"), "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "Z") continue;
      parents.set(Number(name), Number(parent));
      lines.set(Number(name), readFileSync(join("/proc", name, "cmdline"), "utf8").replaceAll("\0", " "));
    } catch {
      // It ended while we looked.
    }
  }
  const descends = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at))
      if (at === below) return true;
    return false;
  };
  return [...lines]
    .filter(([pid]) => descends(pid))
    .map(([pid, line]) => ({ pid, parent: parents.get(pid) ?? 0, line }));
}

/** Processes anywhere whose command line holds a mark. */
export function processesWith(mark: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const line = readFileSync(join("/proc", name, "cmdline"), "utf8").replaceAll("\0", " ");
        return line.includes(mark) ? [line] : [];
      } catch {
        return [];
      }
    });
}

/** Folders of jobs' cgroups of a process. */
export function cgroupsOf(pid: number): string[] {
  return cgroupsLike(`*/mle-smith-${pid}-*`);
}

/** Folders of cgroups whose path is like a pattern. */
export function cgroupsLike(pattern: string): string[] {
  // Ends with an error when a group vanishes while it looks: what it found counts.
  const { stdout } = spawnSync("find", ["/sys/fs/cgroup", "-type", "d", "-path", pattern], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout.split("\n").filter((line) => line !== "");
}
