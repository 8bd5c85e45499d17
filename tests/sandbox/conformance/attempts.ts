import { expect } from "vitest";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { pythonJob } from "../jobs.ts";

/** Runs lines of Python, each of which must raise OSError; gives the name of its error, or DONE where it worked. */
export async function attempts(
  sandbox: Sandbox,
  lines: Record<string, string>,
  setup = "",
): Promise<Record<string, string>> {
  const body = Object.entries(lines)
    .map(
      ([name, line]) =>
        `try:\n    ${line}\n    print('${name}: DONE')\nexcept OSError as error:\n    print('${name}: ' + errno.errorcode.get(error.errno or 0, str(error)))`,
    )
    .join("\n");
  // As a file: a command line is bounded.
  const result = await sandbox.run(
    pythonJob("", {
      argv: ["-S", "/job/attempts.py"],
      files: { "attempts.py": `import errno, os, socket, sys\n${setup}\n${body}` },
    }),
  );
  expect(result).toMatchObject({ status: "ok", stderr: "" });
  return Object.fromEntries(
    result.stdout
      .trim()
      .split("\n")
      .map((line) => line.split(": ") as [string, string]),
  );
}

/** Raw system calls, for what Python has no function for. */
export const rawCalls = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
X = platform.machine() == 'x86_64'
def call(x64, arm64, *arguments):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(x64 if X else arm64), *[ctypes.c_long(a) for a in arguments]) == -1:
        raise OSError(ctypes.get_errno(), 'refused')
`;
