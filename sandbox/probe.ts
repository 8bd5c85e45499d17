import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeError, SmithError } from "../core/errors.ts";
import { openStore } from "../core/store.ts";
import { type CgroupPowers, probeCgroups } from "./bubblewrap/cgroup.ts";
import { createBubblewrap } from "./bubblewrap/engine.ts";
import { findHostPrograms } from "./bubblewrap/host.ts";
import { Job } from "./job.ts";
import { findRuntime } from "./runtime.ts";

const run = promisify(execFile);

/** Something that stands in the way, and the command that mends it. */
interface SandboxProblem {
  problem: string;
  /** A command for a shell; undefined where none helps. */
  command: string | undefined;
  /** Whether jobs can be run nevertheless. */
  severity: "fatal" | "weaker";
}

/** What the sandbox of this machine can do. */
export interface SandboxProbe {
  engine: "bubblewrap";
  /** Whether a real job was run just now and ended well. */
  available: boolean;
  /** Version of bubblewrap, e.g. 0.8.0. */
  version: string | undefined;
  /** Version of the Python inside, e.g. 3.11.2. */
  python: string | undefined;
  cgroup: CgroupPowers["version"];
  /** Whether jobs are forked from interpreters that have imported the libraries. */
  readyInterpreters: boolean;
  /** Limits that hold for a job as a whole; the others hold per process. */
  limits: Array<"time" | "disk" | "output" | "memory" | "processes" | "cpu">;
  problems: SandboxProblem[];
}

/** Finds out, by trying, whether and how well jobs can be run here. Never throws for what it finds. */
export async function probeSandbox(): Promise<SandboxProbe> {
  const problems: SandboxProblem[] = [];
  const fatal = (problem: string, command?: string) => problems.push({ problem, command, severity: "fatal" });
  const programs = await findHostPrograms().catch((error: unknown) => {
    fatal(describeError(error), "apt-get install -y bubblewrap util-linux");
    return undefined;
  });
  const runtime = await findRuntime();
  if (runtime === undefined)
    fatal("The Python environment for sandboxes has not been set up", "npm run setup");
  const version =
    programs &&
    /\d[\d.]*/.exec((await run(programs.bwrap, ["--version"]).catch(() => ({ stdout: "" }))).stdout)?.[0];
  const powers = await probeCgroups();
  let readyInterpreters = false;
  if (programs && runtime) {
    const tried = await tryJob();
    if (tried.failure !== undefined)
      fatal(`A sandbox cannot be started: ${tried.failure}`, remedyFor(tried.failure));
    else if (tried.notReady !== undefined)
      problems.push({
        problem: `No interpreter can be kept ready: ${tried.notReady}. Each job imports its libraries anew, which costs up to a second`,
        command: undefined,
        severity: "weaker",
      });
    readyInterpreters = tried.failure === undefined && tried.notReady === undefined;
  }
  const limits: SandboxProbe["limits"] = ["time", "disk", "output"];
  if (powers.memory) limits.push("memory");
  if (powers.pids) limits.push("processes");
  if (powers.cpu) limits.push("cpu");
  const missing = (["memory", "pids", "cpu"] as const).filter((controller) => !powers[controller]);
  if (missing.length > 0) {
    problems.push({
      problem: `No cgroup for ${missing.join(", ")}: ${missing.includes("memory") ? "memory is measured twenty times a second instead of being bounded exactly" : "these are not bounded for a job as a whole"}`,
      command:
        process.getuid?.() === 0 || !existsSync("/run/systemd/system")
          ? undefined
          : "systemd-run --user --scope -p Delegate=yes mle-smith …",
      severity: "weaker",
    });
  }
  return {
    engine: "bubblewrap",
    available: problems.every((problem) => problem.severity !== "fatal"),
    version: version || undefined,
    python: runtime?.version,
    cgroup: powers.version,
    readyInterpreters,
    limits,
    problems,
  };
}

/** Runs one small job; the reason when that fails, and why no interpreter is kept ready where none is. */
async function tryJob(): Promise<{ failure?: string; notReady?: string | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-probe-"));
  try {
    const store = await openStore(join(folder, "store"));
    const sandbox = await createBubblewrap({ store, slots: 1 });
    try {
      const job = Job.parse({
        v: 1,
        id: "probe",
        runtime: "python",
        argv: ["-c", "import numpy"],
        workspace: { trees: {}, files: {} },
        limits: {},
      });
      const result = await sandbox.run(job);
      if (result.status === "ok") return { notReady: sandbox.notReadyReason() };
      return {
        failure:
          result.status === "infra_error"
            ? result.message
            : `${result.status}: ${result.stderr.trim().split("\n").at(-1) ?? ""}`,
      };
    } finally {
      await sandbox.close();
    }
  } catch (error) {
    return { failure: error instanceof SmithError ? error.message : describeError(error) };
  } finally {
    await run("chmod", ["-R", "u+w", folder]).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  }
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
