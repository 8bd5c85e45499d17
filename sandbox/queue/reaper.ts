import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ownProcessName, processLives } from "../../core/process-name.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { runtimeHome } from "../runtime.ts";

/** Where runners of this machine keep what they need while they live. */
function runnersFolder(): string {
  return join(runtimeHome(), "runners");
}

/** A folder of this process's own, whose name says whether its maker still lives. */
export async function makeRunnerFolder(): Promise<string> {
  const folder = join(runnersFolder(), await ownProcessName());
  // Another user's process, the sandbox's, must be able to pass through.
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/**
 * Removes the folders of runners of this machine that live no more; their names. Sandboxes of theirs were ended by the kernel, or
 * are by the engine.
 */
export async function reapDeadRunners(): Promise<string[]> {
  const reaped: string[] = [];
  for (const name of await readdir(runnersFolder()).catch(() => [])) {
    if ((await processLives(name)) !== false) continue;
    await removeStore(join(runnersFolder(), name)).catch(() => undefined);
    reaped.push(name);
  }
  return reaped;
}
