import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeError } from "../../core/errors.ts";
import type { EngineProbe, SandboxProblem } from "../probe.ts";
import { findRuntime, type Runtime } from "../runtime.ts";
import { tryJob } from "../try-job.ts";
import { type CgroupPowers, probeCgroups } from "./cgroup.ts";
import { createBubblewrap } from "./engine.ts";
import { findHostPrograms, type HostPrograms } from "./host.ts";

const run = promisify(execFile);

/** What is asked of the machine; tests put other machines in its place. */
export interface BubblewrapMachine {
  programs(): Promise<HostPrograms>;
  runtime(): Promise<Runtime | undefined>;
  cgroups(): Promise<CgroupPowers>;
}
const thisMachine: BubblewrapMachine = {
  programs: findHostPrograms,
  runtime: () => findRuntime(),
  cgroups: probeCgroups,
};

/** What bubblewrap can do here. */
export interface BubblewrapProbe extends EngineProbe {
  cgroup: CgroupPowers["version"];
  /** Whether jobs are forked from interpreters that have imported the libraries. */
  readyInterpreters: boolean;
}

/** Finds out, by running a job, whether and how well bubblewrap works here. */
export async function probeBubblewrap(machine: Partial<BubblewrapMachine> = {}): Promise<BubblewrapProbe> {
  const asked = { ...thisMachine, ...machine };
  const problems: SandboxProblem[] = [];
  const fatal = (problem: string, command?: string) => problems.push({ problem, command, severity: "fatal" });
  const programs = await asked.programs().catch((error: unknown) => {
    fatal(describeError(error), "apt-get install -y bubblewrap util-linux");
    return undefined;
  });
  const runtime = await asked.runtime();
  if (runtime === undefined)
    fatal("The Python environment for sandboxes has not been set up", "npm run setup");
  const version =
    programs &&
    /\d[\d.]*/.exec((await run(programs.bwrap, ["--version"]).catch(() => ({ stdout: "" }))).stdout)?.[0];
  const powers = await asked.cgroups();
  let readyInterpreters = false;
  if (programs && runtime) {
    let notReady: string | undefined;
    const failure = await tryJob(async (store) => {
      const sandbox = await createBubblewrap({ store, slots: 1 });
      return Object.assign(sandbox, {
        beforeClose: () => {
          notReady = sandbox.notReadyReason();
        },
      });
    });
    if (failure !== undefined) fatal(`A sandbox cannot be started: ${failure}`, remedyFor(failure));
    else if (notReady !== undefined)
      problems.push({
        problem: `No interpreter can be kept ready: ${notReady}. Each job imports its libraries anew, which costs up to a second`,
        command: undefined,
        severity: "weaker",
      });
    readyInterpreters = failure === undefined && notReady === undefined;
  }
  const limits: EngineProbe["limits"] = ["time", "disk", "output"];
  if (powers.memory) limits.push("memory");
  if (powers.pids) limits.push("processes");
  if (powers.cpu) limits.push("cpu");
  const missing = (["memory", "pids", "cpu"] as const).filter((controller) => !powers[controller]);
  if (missing.length > 0)
    problems.push({
      problem: `No cgroup for ${missing.join(", ")}: ${missing.includes("memory") ? "memory is measured twenty times a second instead of being bounded exactly" : "these are not bounded for a job as a whole"}`,
      command: cgroupRemedy(),
      severity: "weaker",
    });
  return {
    available: problems.every((problem) => problem.severity !== "fatal"),
    version: version || undefined,
    python: runtime?.version,
    cgroup: powers.version,
    readyInterpreters,
    limits,
    problems,
  };
}

/** What lets this process make cgroups: root needs them writable, others a part of their own. */
function cgroupRemedy(): string {
  const folder = "/sys/fs/cgroup";
  if (process.getuid?.() !== 0)
    return existsSync("/run/systemd/system")
      ? "systemd-run --user --scope -p Delegate=yes mle-smith …"
      : "sudo mle-smith …   # a root process becomes another user before it starts a sandbox";
  if (existsSync(join(folder, "cgroup.controllers"))) return `mount -o remount,bind,rw ${folder}`;
  if (existsSync(join(folder, "memory")))
    return `for group in memory pids cpu; do mount -o remount,bind,rw ${folder}/$group; done`;
  return `mount -t cgroup2 none ${folder}`;
}

/** Ways in which systems forbid user namespaces, and the command that allows them. */
function remedyFor(failure: string): string | undefined {
  const value = (path: string) => (existsSync(path) ? readFileSync(path, "utf8").trim() : undefined);
  if (value("/proc/sys/user/max_user_namespaces") === "0") return "sysctl -w user.max_user_namespaces=16384";
  if (value("/proc/sys/kernel/unprivileged_userns_clone") === "0")
    return "sysctl -w kernel.unprivileged_userns_clone=1";
  if (value("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1")
    return "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  if (/proc/.test(failure) && existsSync("/.dockerenv"))
    return "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined --security-opt apparmor=unconfined …";
  return undefined;
}
