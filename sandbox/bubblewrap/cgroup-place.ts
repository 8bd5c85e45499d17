import { execFile } from "node:child_process";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readText, removeGroup } from "./cgroup-folder.ts";

export type Controller = "memory" | "pids" | "cpu";
const controllers: Controller[] = ["memory", "pids", "cpu"];

/** Where this process may make groups: one folder for v2, one per controller for v1. */
export interface Place {
  version: "v1" | "v2";
  parents: Partial<Record<Controller, string>>;
}

/** Finds where groups can be made, by making one. */
export async function findPlace(proc: string, own: string): Promise<Place | undefined> {
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
