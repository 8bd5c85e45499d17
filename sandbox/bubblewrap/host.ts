import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InfrastructureError } from "../../core/errors.ts";
import { runtimeHome } from "../runtime.ts";

/** Programs of the host that start a sandbox, by absolute path. */
export interface HostPrograms {
  bwrap: string;
  /** Only needed by root. */
  setpriv: string | undefined;
  unshare: string | undefined;
  mount: string | undefined;
}

const doctor = "Run `mle-smith doctor`: it says what is missing and how to get it.";

/** @throws InfrastructureError when a sandbox cannot be started here at all. */
export async function findHostPrograms(): Promise<HostPrograms> {
  const bwrap = await findProgram("bwrap");
  if (bwrap === undefined)
    throw new InfrastructureError(
      "bubblewrap (bwrap) is not installed, and nothing is ever run without a sandbox",
      { hint: doctor },
    );
  const setpriv = await findProgram("setpriv");
  if (isRoot() && setpriv === undefined)
    throw new InfrastructureError(
      "setpriv (util-linux) is not installed; root needs it to drop to another user before it starts a sandbox",
      { hint: doctor },
    );
  return { bwrap, setpriv, unshare: await findProgram("unshare"), mount: await findProgram("mount") };
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A uid of its own for each place, outside of what systemd and Debian hand out; it owns nothing on the host. */
export function uidOfSlot(slot: number): number {
  return 60_600 + (slot % 500);
}

/**
 * Whether a store's folder must be shown to the sandbox's uid by a mount, because a folder above it (/root, say) is closed
 * to others. Returns the mount point, or undefined where the folder can be read as it is.
 */
export async function mountPointFor(folder: string): Promise<string | undefined> {
  if (!isRoot()) return undefined;
  let open = true;
  for (let path = folder; path !== "/"; path = dirname(path))
    if (((await stat(path)).mode & 0o001) === 0) open = false;
  if (open) return undefined;
  const point = join(runtimeHome(), "mount");
  await mkdir(point, { recursive: true, mode: 0o755 });
  return point;
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [
    "/usr/bin",
    "/bin",
    "/usr/sbin",
    "/usr/local/bin",
    ...(process.env.PATH ?? "").split(":"),
  ]) {
    const path = join(folder, name);
    if (
      folder.startsWith("/") &&
      (await access(path, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return path;
  }
  return undefined;
}
