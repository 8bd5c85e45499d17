import { spawn } from "node:child_process";
import type { Runtime } from "../runtime.ts";

/**
 * A small process beside this one that ends, should this one be killed, what bubblewrap's own `--die-with-parent` cannot: a
 * sandbox that is just about to start, and the cgroups.
 */
export interface Watchdog {
  /** Names a sandbox's process group, which lives from now on. */
  started(group: number): void;
  ended(group: number): void;
  /** Ends the process: nothing is left to watch. */
  close(): void;
}

export function startWatchdog(runtime: Runtime, cgroupFolders: string[]): Watchdog {
  const child = spawn(runtime.interpreter, ["-I", "-S", runtime.watchdog, ...cgroupFolders], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    // In a session of its own, so that an interrupt from the terminal does not end it first.
    detached: true,
  });
  // Without it all works but this one precaution.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  // A child's pipe keeps the program running unless told otherwise; the type does not say that it is a socket.
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  const say = (line: string) => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  return {
    started: (group) => say(`+${group}`),
    ended: (group) => say(`-${group}`),
    close() {
      if (child.stdin.writable) child.stdin.end("end\n");
    },
  };
}
