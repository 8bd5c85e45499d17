import { describeError } from "../../core/errors.ts";
import type { EngineProbe, SandboxProblem } from "../probe.ts";
import { tryJob } from "../try-job.ts";
import { askDaemon, connect, type DaemonInformation, daemonHost, mayAnswer } from "./daemon.ts";
import { createDocker } from "./engine.ts";
import { findImage, imageName } from "./image.ts";

/** What Docker can do here. */
export interface DockerProbe extends EngineProbe {
  /** Address at which a daemon was looked for. */
  host: string;
  /** Whether one answers. */
  answers: boolean;
  /** The image that this version of the program needs, and whether the daemon has it. */
  image: { name: string; there: boolean };
  /** Runtime that containers get, e.g. `runc` or `runsc`. */
  runtime: string | undefined;
}

/** Finds out, by running a job where there is an image, whether and how well Docker works here. Builds nothing. */
export async function probeDocker(
  options: { host?: string | undefined; runtime?: string | undefined } = {},
): Promise<DockerProbe> {
  const host = daemonHost(options.host);
  const problems: SandboxProblem[] = [];
  const add = (severity: SandboxProblem["severity"], problem: string, command?: string) =>
    problems.push({ problem, command, severity });
  const probe: DockerProbe = {
    host,
    answers: false,
    available: false,
    version: undefined,
    python: undefined,
    image: { name: await imageName(), there: false },
    runtime: undefined,
    limits: [],
    problems,
  };
  if (!mayAnswer(host)) {
    add("fatal", `Nobody listens at ${host}`, "apt-get install -y docker.io");
    return probe;
  }
  let daemon: DaemonInformation;
  try {
    const docker = await connect(host);
    daemon = await askDaemon(docker);
    probe.answers = true;
    probe.version = daemon.ServerVersion;
    probe.image.there = (await findImage(docker, probe.image.name)) !== undefined;
  } catch (error) {
    const reason = describeError(error);
    const refused = reason.includes("EACCES");
    add(
      "fatal",
      `No Docker daemon answers at ${host}: ${reason}`,
      refused ? 'usermod -aG docker "$USER"' : "systemctl start docker",
    );
    return probe;
  }
  probe.runtime = options.runtime ?? daemon.DefaultRuntime;
  if (options.runtime !== undefined && !(options.runtime in (daemon.Runtimes ?? {})))
    add(
      "fatal",
      `The daemon at ${host} has no runtime named ${options.runtime}`,
      `apt-get install -y ${options.runtime}`,
    );
  if (!probe.image.there)
    add(
      "fatal",
      "That image has to be built once; add --debian where no registry is in reach",
      options.host
        ? `npm run image -- --host ${options.host}`
        : "npm run image   # or: npm run image -- --debian",
    );
  probe.limits = ["time", "disk", "output"];
  if (daemon.MemoryLimit) probe.limits.push("memory");
  if (daemon.PidsLimit) probe.limits.push("processes");
  if (daemon.CpuCfsQuota) probe.limits.push("cpu");
  const missing = (["memory", "processes", "cpu"] as const).filter((limit) => !probe.limits.includes(limit));
  if (missing.length > 0)
    add("weaker", `The daemon at ${host} does not bound ${missing.join(", ")}: its cgroups do not allow it`);
  if (!(daemon.SecurityOptions ?? []).some((option) => option.includes("seccomp")))
    add("weaker", `The daemon at ${host} has no seccomp: only the job's own filter of system calls holds`);
  if (problems.every(({ severity }) => severity !== "fatal")) {
    const failure = await tryJob((store) =>
      createDocker({
        store,
        slots: 1,
        ready: false,
        host,
        ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      }),
    );
    if (failure !== undefined) add("fatal", `A container cannot run a job: ${failure}`);
  }
  probe.available = problems.every(({ severity }) => severity !== "fatal");
  return probe;
}
