import { describeError, InfrastructureError } from "../core/errors.ts";
import type { ArtefactStore } from "../core/store.ts";
import { createBubblewrap } from "./bubblewrap/engine.ts";
import { daemonHost, mayAnswer } from "./docker/daemon.ts";
import type { Sandbox } from "./sandbox.ts";

/** Which engine runs jobs; `auto`: Docker where a daemon answers and has the image, else bubblewrap. */
export type EngineName = "auto" | "docker" | "bubblewrap";

/** How the sandbox of a program is to be. */
export interface SandboxOptions {
  store: ArtefactStore;
  /** Jobs at once. */
  slots?: number;
  /** Whether interpreters, or containers, are kept ready; they are, unless this is false. */
  ready?: boolean;
  engine?: EngineName;
  docker?: {
    /** Address of the daemon; else DOCKER_HOST, else the usual socket. */
    host?: string | undefined;
    /** A runtime that the daemon knows, e.g. `runsc`. */
    runtime?: string | undefined;
  };
}

/**
 * Opens a sandbox engine of this machine. Nothing is ever run bare, and no image is built here: without an engine it throws.
 * @throws InfrastructureError, with a hint, when no engine is usable.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const engine = options.engine ?? "auto";
  if (engine === "bubblewrap") return createBubblewrap(options);
  // Machines without Docker do not even load its client.
  if (engine === "auto" && !mayAnswer(daemonHost(options.docker?.host))) return createBubblewrap(options);
  const { createDocker } = await import("./docker/engine.ts");
  const { host, runtime } = options.docker ?? {};
  const opening = createDocker({
    store: options.store,
    ...(options.slots === undefined ? {} : { slots: options.slots }),
    ...(options.ready === undefined ? {} : { ready: options.ready }),
    ...(host ? { host } : {}),
    ...(runtime ? { runtime } : {}),
  });
  if (engine === "docker") return opening;
  try {
    return await opening;
  } catch (docker) {
    try {
      return await createBubblewrap(options);
    } catch (bubblewrap) {
      throw new InfrastructureError(
        `No sandbox can be used. Docker: ${describeError(docker)}. bubblewrap: ${describeError(bubblewrap)}`,
        {
          hint: "Run `mle-smith doctor`: it says what is missing and the command that mends it.",
          cause: bubblewrap,
        },
      );
    }
  }
}
