import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import { descriptors } from "./arguments.ts";
import type { HostPrograms } from "./host.ts";

/** Joins the cgroups named first, mounts the store where its uid can read it, and becomes the command that follows. */
const script = `
count=$1; shift
while [ "$count" -gt 0 ]; do echo $$ > "$1/cgroup.procs" || exit 97; shift; count=$((count - 1)); done
if [ -n "$1" ]; then "$1" --bind "$2" "$3" || exit 96; fi
shift 3
unset PWD OLDPWD
exec "$@"`;

/** What is started and with what. */
export interface Launch {
  programs: HostPrograms;
  /** Outside, for a root process: the user that bubblewrap runs as. */
  uid: number | undefined;
  cgroupFolders: string[];
  mount: { source: string; point: string } | undefined;
  arguments: string[];
  command: string[];
  seccomp: Buffer;
  files: string[];
}

/** A sandbox that has been started. */
export interface Launched {
  process: ChildProcess;
  stdout: Readable;
  stderr: Readable;
  control: Duplex;
  outputs: Duplex;
  information: Readable;
}

/** Starts bubblewrap with an empty environment; all that it is told travels through descriptors. */
export function launch(what: Launch): Launched {
  const drop =
    what.uid === undefined
      ? []
      : [
          what.programs.setpriv ?? "setpriv",
          `--reuid=${what.uid}`,
          `--regid=${what.uid}`,
          "--clear-groups",
          "--no-new-privs",
          "--",
        ];
  const privateMounts = what.mount
    ? [what.programs.unshare ?? "unshare", "--mount", "--propagation", "private", "--"]
    : [];
  const mount = what.mount
    ? [what.programs.mount ?? "mount", what.mount.source, what.mount.point]
    : ["", "", ""];
  const command = [
    ...privateMounts,
    ...["/bin/sh", "-c", script, "sh", String(what.cgroupFolders.length), ...what.cgroupFolders, ...mount],
    ...drop,
    ...[what.programs.bwrap, "--args", String(descriptors.arguments), "--", ...what.command],
  ];
  const [program = "", ...rest] = command;
  const child = spawn(program, rest, {
    env: {},
    cwd: "/",
    // A process group of its own: an interrupt from the terminal is for us, who end our jobs in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...Array<"pipe">(5 + what.files.length).fill("pipe")],
  });
  const stream = (descriptor: number) => child.stdio[descriptor] as Duplex | null | undefined;
  send(stream(descriptors.arguments), what.arguments.map((argument) => `${argument}\0`).join(""));
  send(stream(descriptors.seccomp), what.seccomp);
  what.files.forEach((content, index) => {
    send(stream(descriptors.firstFile + index), content);
  });
  return {
    process: child,
    stdout: needed(stream(1)),
    stderr: needed(stream(2)),
    control: needed(stream(descriptors.control)),
    outputs: needed(stream(descriptors.outputs)),
    information: needed(stream(descriptors.information)),
  };
}

function send(stream: Writable | null | undefined, content: string | Buffer): void {
  // A sandbox that does not start closes its end; its exit code and messages say why.
  stream?.on("error", () => undefined);
  stream?.end(content);
}

function needed(stream: Duplex | null | undefined): Duplex {
  if (!stream) throw new Error("a pipe of the sandbox is missing");
  return stream;
}
