import { hostname } from "node:os";
import type Docker from "dockerode";
import { environment, inside, mebibyte } from "../bubblewrap/arguments.ts";
import type { JobLimits } from "../job.ts";
import { collectMs, startMs } from "../running-job.ts";

/** What the supervisor and the interpreter hold before the libraries are imported. */
const ownBytes = 24 * mebibyte;
/** The supervisor. */
const ownProcesses = 1;
const sharedMemoryBytes = 16 * mebibyte;
/** A container that waited longer is not used any more. */
export const idleMs = 15 * 60_000;
/** Room for a job's command line, which is written over that of the process that becomes the job. */
const longestCommandLine = 4096;

/** Names of the labels by which containers of ours are found, whoever made them. */
export const labels = {
  mark: "mle-smith.sandbox",
  /** Host and process that made the container. */
  owner: "mle-smith.owner",
  /** Seconds since 1970 after which the container has no reason to be. */
  deadline: "mle-smith.deadline",
} as const;

export function ownerName(pid = process.pid): string {
  return `${hostname()}:${pid}`;
}

/** The limits that a container can be given anew while it waits. */
export function changeableLimits(limits: JobLimits, heldBytes = ownBytes): Record<string, number> {
  const memory = limits.memMb * mebibyte + heldBytes;
  return {
    Memory: memory,
    // Memory and swap together: no swap.
    MemorySwap: memory,
    // Quota and period: NanoCpus cannot be taken back once they are set.
    CpuPeriod: 100_000,
    CpuQuota: Math.max(1000, Math.round(limits.cpus * 100_000)),
    PidsLimit: limits.pids + ownProcesses,
  };
}

/** How one container is made. */
export interface ContainerPlan {
  image: string;
  limits: JobLimits;
  /** Runtime of the daemon, e.g. `runsc`; undefined for its default. */
  runtime: string | undefined;
  seccomp: string;
  uid: number;
  /** Whether it imports the libraries while it waits. */
  warm: boolean;
  now: number;
}

/** What the daemon is told: everything that holds the job is here. */
export function containerOptions(plan: ContainerPlan): Docker.ContainerOptions {
  const seconds = Math.ceil((idleMs + startMs + plan.limits.wallMs + collectMs) / 1000);
  const owner = `uid=${plan.uid},gid=${plan.uid}`;
  const marks = {
    [labels.mark]: "1",
    [labels.owner]: ownerName(),
    [labels.deadline]: String(Math.ceil(plan.now / 1000) + seconds + 60),
  };
  return {
    Image: plan.image,
    Cmd: [String(seconds), plan.warm ? "1" : "0", "-".repeat(longestCommandLine)],
    User: `${plan.uid}:${plan.uid}`,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    WorkingDir: inside.scratch,
    Hostname: "sandbox",
    Labels: marks,
    // Closed, and with it the container, when nobody is attached any more.
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      // Else the machine's own name servers are written into the container.
      Dns: ["127.0.0.1"],
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      Privileged: false,
      SecurityOpt: ["no-new-privileges", `seccomp=${plan.seccomp}`],
      IpcMode: "private",
      ShmSize: sharedMemoryBytes,
      // Everything that may be written lies here; /out leads to a folder in it.
      Tmpfs: {
        [inside.scratch]: `rw,nosuid,nodev,exec,size=${plan.limits.diskMb * mebibyte},mode=755,${owner}`,
      },
      // The workspace: written by the daemon, as root, which the job is not.
      Mounts: [{ Type: "volume", Target: "/job", VolumeOptions: { NoCopy: true, Labels: marks } }],
      MaskedPaths: maskedPaths,
      ReadonlyPaths: readonlyPaths,
      ...changeableLimits(plan.limits),
      OomScoreAdj: 0,
      Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
      LogConfig: { Type: "none", Config: {} },
      ...(plan.runtime === undefined ? {} : { Runtime: plan.runtime }),
    },
  };
}

/** Docker's own list, and all of /sys that tells of the machine; a container sees its own cgroup. */
const maskedPaths = [
  ...[
    "acpi",
    "asound",
    "kcore",
    "keys",
    "latency_stats",
    "sched_debug",
    "scsi",
    "timer_list",
    "timer_stats",
  ].map((name) => `/proc/${name}`),
  ...["block", "bus", "class", "dev", "devices", "firmware", "hypervisor", "kernel", "module", "power"].map(
    (name) => `/sys/${name}`,
  ),
  // All of /sys/fs but cgroup; what a kernel does not have is passed over.
  ...[
    "afs",
    "bcachefs",
    "bpf",
    "btrfs",
    "cifs",
    "ecryptfs",
    "erofs",
    "exfat",
    "ext4",
    "f2fs",
    "fuse",
    "gfs2",
  ].map((name) => `/sys/fs/${name}`),
  ...["netfs", "nfs", "nilfs2", "ntfs3", "ocfs2", "orangefs", "pstore", "resctrl", "selinux", "smackfs"].map(
    (name) => `/sys/fs/${name}`,
  ),
  ...["ubifs", "virtiofs", "xfs", "zonefs"].map((name) => `/sys/fs/${name}`),
];
const readonlyPaths = ["bus", "fs", "irq", "sys", "sysrq-trigger"].map((name) => `/proc/${name}`);
