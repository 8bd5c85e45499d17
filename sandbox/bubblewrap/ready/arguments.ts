import type { Job } from "../../job.ts";
import type { Runtime } from "../../runtime.ts";
import {
  descriptors,
  environment,
  inside,
  libraryArguments,
  mebibyte,
  processLimits,
  python,
} from "../arguments.ts";
import type { ExecutionContext } from "../execution.ts";

/** Where the room lies from which each job's root is made. */
const room = "/room";
const programs = "/opt/ready";
/** Room for a job's command line, which is written over that of the process that it is forked from. */
const longestCommandLine = 4096;

/**
 * What bubblewrap is told for a sandbox that keeps an interpreter ready: as for a job, but the whole store can be read,
 * and our own programs keep the rights, in their user namespace alone, to make a smaller sandbox for each job.
 * @param store where the store can be read by the uid that bubblewrap runs as.
 */
export function readyArguments(runtime: Runtime, store: string): string[] {
  return [
    ...["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session"],
    ...["--clearenv", "--cap-drop", "ALL", "--hostname", "sandbox", "--uid", "1000", "--gid", "1000"],
    // Namespaces and mounts, entering namespaces, giving all of it up.
    ...["CAP_SYS_ADMIN", "CAP_SYS_CHROOT", "CAP_SETPCAP"].flatMap((name) => ["--cap-add", name]),
    ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
    ...libraryArguments(runtime, ""),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", inside.scratch],
    ...["--ro-bind", runtime.environment, inside.environment],
    ...["--ro-bind", runtime.supervisor, inside.supervisor],
    ...["--ro-bind", runtime.ready, programs],
    ...["--ro-bind", store, "/store"],
    // What a job sees: the same, but for the store and our own programs.
    ...libraryArguments(runtime, room),
    ...["--ro-bind", runtime.environment, room + inside.environment],
    ...["--ro-bind", runtime.site, room + inside.site],
    ...["--dev", `${room}/dev`, "--remount-ro", `${room}/dev`],
    ...["proc", "tmp", "job"].flatMap((name) => ["--dir", `${room}/${name}`]),
    ...["--symlink", "tmp/.out", `${room}/out`],
    ...["--remount-ro", "/", "--chdir", "/"],
    ...["--info-fd", String(descriptors.information)],
  ];
}

export function readyCommand(): string[] {
  return [python, `${programs}/zygote.py`, "-".repeat(longestCommandLine)];
}

/** What the supervisor needs to know; `process` is all that the job's own process is told. */
export function requestOf(context: ExecutionContext, job: Job): unknown {
  const limits = processLimits(job.limits, context.cgroups.powers);
  const bytes = job.limits.diskMb * mebibyte;
  return {
    trees: Object.fromEntries(
      Object.entries(job.workspace.trees).map(([path, tree]) => [
        path,
        context.store.treePath(tree).slice(context.store.folder.length + 1),
      ]),
    ),
    files: job.workspace.files,
    disk_bytes: bytes,
    resident_bytes: limits.residentBytes ?? null,
    process: {
      argv: job.argv,
      open_files: 4096,
      file_bytes: bytes,
      processes: limits.processes ?? null,
      address_bytes: limits.addressBytes ?? null,
    },
  };
}
