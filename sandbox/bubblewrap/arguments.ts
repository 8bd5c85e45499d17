import type { Job, JobLimits } from "../job.ts";
import type { Runtime } from "../runtime.ts";

/** Descriptors that the sandboxed side uses; standard input is /dev/null. */
export const descriptors = {
  arguments: 3,
  control: 4,
  outputs: 5,
  seccomp: 6,
  information: 7,
  firstFile: 8,
} as const;

export const mebibyte = 1024 * 1024;
/** Where things lie inside. */
export const inside = {
  environment: "/opt/python",
  supervisor: "/opt/supervise.py",
  site: "/runtime",
  scratch: "/tmp",
} as const;
export const python = `${inside.environment}/bin/python`;

/** The whole environment of a job: nothing of ours, one thread, no locale surprises. */
export const environment: Record<string, string> = {
  HOME: "/tmp",
  LANG: "C.UTF-8",
  LOKY_MAX_CPU_COUNT: "1",
  MKL_NUM_THREADS: "1",
  MPLBACKEND: "Agg",
  MPLCONFIGDIR: "/tmp",
  NUMEXPR_NUM_THREADS: "1",
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  PATH: `${inside.environment}/bin`,
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONHASHSEED: "0",
  PYTHONPATH: "/job/code:/runtime",
  PYTHONUTF8: "1",
  TZ: "UTC",
  USER: "solver",
};

/** Limits that the processes inside carry themselves; a limit is absent where a cgroup does it better. */
export interface ProcessLimits {
  processes?: number;
  /** Memory of all processes of the job, as the supervisor measures it. */
  residentBytes?: number;
  /** Addresses per process: only what no measure in time could stop. */
  addressBytes?: number;
}

/**
 * What bubblewrap is told, to be read from a descriptor: host paths do not show in /proc/1/cmdline then.
 * `/tmp` is one memory file system of exactly the size allowed; `/out` leads to a folder on it, so that both
 * share the bound.
 * @param treePath where a tree of the store can be read by the uid that bubblewrap runs as.
 */
export function sandboxArguments(runtime: Runtime, job: Job, treePath: (hash: string) => string): string[] {
  const diskBytes = job.limits.diskMb * mebibyte;
  return [
    ...["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"],
    ...["--clearenv", "--cap-drop", "ALL", "--hostname", "sandbox", "--uid", "1000", "--gid", "1000"],
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...libraryArguments(runtime, ""),
    ...["--proc", "/proc", "--dev", "/dev"],
    // Semaphores of multiprocessing live here.
    ...["--size", String(16 * mebibyte), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
    ...[
      "--size",
      String(diskBytes),
      "--tmpfs",
      inside.scratch,
      "--dir",
      "/tmp/.out",
      "--symlink",
      "tmp/.out",
      "/out",
    ],
    ...["--ro-bind", runtime.environment, inside.environment],
    ...["--ro-bind", runtime.supervisor, inside.supervisor, "--ro-bind", runtime.site, inside.site],
    ...["--dir", "/job"],
    // Outer folders first, so that a tree can hold no surprise below another.
    ...Object.entries(job.workspace.trees)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([path, tree]) => ["--ro-bind", treePath(tree.hash), `/job/${path}`]),
    ...Object.keys(job.workspace.files).flatMap((path, index) => [
      "--perms",
      "0444",
      "--ro-bind-data",
      String(descriptors.firstFile + index),
      `/job/${path}`,
    ]),
    ...["--remount-ro", "/", "--chdir", inside.scratch],
    ...["--seccomp", String(descriptors.seccomp), "--info-fd", String(descriptors.information)],
  ];
}

/** Shows the interpreter and the libraries of the host that it needs, below a folder. */
export function libraryArguments(runtime: Runtime, root: string): string[] {
  return [
    ...runtime.libraries.flatMap((folder) => ["--ro-bind", folder, root + folder]),
    ...["--symlink", "usr/lib", `${root}/lib`, "--symlink", "usr/lib64", `${root}/lib64`],
    ...[...new Set([runtime.interpreter, runtime.linkedAs])].flatMap((path) => [
      ...["--ro-bind", runtime.interpreter, root + path],
    ]),
  ];
}

/** The command inside: the supervisor, then the job's program. */
export function insideCommand(job: Job, limits: ProcessLimits): string[] {
  const values: Record<string, number> = { file_bytes: job.limits.diskMb * mebibyte };
  if (limits.processes !== undefined) values.processes = limits.processes;
  if (limits.residentBytes !== undefined) values.resident_bytes = limits.residentBytes;
  if (limits.addressBytes !== undefined) values.address_bytes = limits.addressBytes;
  const specification = Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  return [python, "-I", "-S", inside.supervisor, specification, python, ...job.argv];
}

/** Limits per process, where no cgroup holds the job as a whole. */
export function processLimits(limits: JobLimits, held: { memory: boolean; pids: boolean }): ProcessLimits {
  return {
    ...(held.pids ? {} : { processes: limits.pids }),
    // Libraries reserve far more addresses than they use.
    ...(held.memory
      ? {}
      : { residentBytes: limits.memMb * mebibyte, addressBytes: (4 * limits.memMb + 16_384) * mebibyte }),
  };
}
