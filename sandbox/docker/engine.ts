import { availableParallelism } from "node:os";
import { describeError, InfrastructureError } from "../../core/errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import { mebibyte } from "../bubblewrap/arguments.ts";
import { seccompProgram } from "../bubblewrap/seccomp.ts";
import { executeFramed } from "../framed-execution.ts";
import { emptyResult, type Job, type JobResult } from "../job.ts";
import type { Sandbox } from "../sandbox.ts";
import { type JobPlace, SlottedJobs } from "../slotted-jobs.ts";
import type { DockerContext } from "./container.ts";
import { askDaemon, connect, daemonHost } from "./daemon.ts";
import { findImage, imageName } from "./image.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { ContainerPool } from "./pool.ts";
import { reapContainers } from "./reaper.ts";
import { seccompProfile } from "./seccomp.ts";

const reapMs = 60_000;

/** How an engine is to be. */
export interface DockerOptions {
  store: ArtefactStore;
  slots?: number;
  /** Whether containers are started before they are needed. */
  ready?: boolean;
  /** Address of the daemon; else DOCKER_HOST, else the usual socket. */
  host?: string;
  /** Runtime of the daemon, e.g. `runsc`. */
  runtime?: string;
}

/**
 * The engine for machines with a Docker daemon, near or far: each job in a container of its own. Nothing of this machine is
 * mounted: the workspace goes in and the outputs come out through the daemon. Jobs above `slots` wait.
 * @throws InfrastructureError when the daemon does not answer or has no image; the hint is the command that mends it.
 */
export async function createDocker(options: DockerOptions): Promise<Sandbox> {
  const host = daemonHost(options.host);
  const docker = await connect(host);
  const daemon = await askDaemon(docker).catch((error: unknown) => {
    throw new InfrastructureError(`No Docker daemon answers at ${host}: ${describeError(error)}`, {
      hint: "Start the daemon, or set DOCKER_HOST; `mle-smith doctor` says what is missing.",
      cause: error,
    });
  });
  const image = await imageName();
  const found = await findImage(docker, image);
  if (found === undefined)
    throw new InfrastructureError(`The daemon at ${host} does not have the image ${image}`, {
      hint: "Run `npm run image` once; `mle-smith doctor` says more.",
    });
  const filter = seccompProgram(daemon.Architecture === "aarch64" ? "arm64" : "x64").toString("hex");
  const slotCount = Math.max(1, options.slots ?? availableParallelism());
  const context: DockerContext = {
    docker,
    host,
    store: options.store,
    image: found.id,
    runtime: options.runtime,
    seccomp: seccompProfile(),
    memory: new MemoryWatch(docker),
  };
  const pool = new ContainerPool(context, options.ready === false ? 0 : slotCount);
  const jobs = new SlottedJobs(slotCount);
  const reap = () => reapContainers(docker).catch(() => 0);
  void reap();
  const reaping = setInterval(reap, reapMs).unref();

  async function run(job: Job, { queuedMs, signal }: JobPlace): Promise<JobResult> {
    try {
      const container = await pool.take(job.limits, signal);
      const { result, intact } = await executeFramed(options.store, container, job, requestOf(job, filter), {
        queuedMs,
        signal,
      });
      if (!intact || result.status === "infra_error") await container.end();
      return result;
    } catch (error) {
      return { status: "infra_error", message: describeError(error), ...emptyResult(job, queuedMs) };
    }
  }

  return {
    engine: "docker",
    fingerprint: found.id,
    run: (job, { signal } = {}) => jobs.run(job, signal, (place) => run(job, place)),
    async close() {
      clearInterval(reaping);
      await jobs.end();
      await pool.close();
      context.memory.close();
    },
  };
}

/** What the supervisor is told; the container holds the job's memory, processes and processor. */
function requestOf(job: Job, seccomp: string): unknown {
  return {
    process: {
      argv: job.argv,
      open_files: 4096,
      file_bytes: job.limits.diskMb * mebibyte,
      seccomp,
    },
  };
}
