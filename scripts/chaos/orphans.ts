import { spawnSync } from "node:child_process";

/** Cgroups of jobs that processes left behind. What others make and remove meanwhile does not matter. */
export function orphanCgroups(pids: number[]): string[] {
  const { stdout } = spawnSync("find", ["/sys/fs/cgroup", "-type", "d", "-name", "mle-smith-*"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const own = new Set(pids.map((pid) => `mle-smith-${pid}-`));
  return stdout
    .split("\n")
    .filter((path) => own.has(/mle-smith-\d+-/.exec(path.slice(path.lastIndexOf("/")))?.[0] ?? ""));
}
