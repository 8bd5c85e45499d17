import { execFile } from "node:child_process";
import { constants } from "node:fs";
import {
  access,
  chmod,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describeError } from "../core/errors.ts";
import {
  environmentPath,
  type RuntimeRecord,
  requirementsPath,
  runtimeHome,
  runtimeRecordName,
} from "../sandbox/runtime.ts";

const run = promisify(execFile);

/** The set-up cannot go on by itself; the message holds the command that the user can run. */
export class SetupError extends Error {}

/**
 * Makes sure that all is there that generation needs besides Node: bubblewrap, Python and the pinned packages.
 * Says each thing that it installs; does nothing, at once, when all is there.
 * @throws SetupError with the exact command when something is missing that only the administrator may install.
 */
export async function ensureRuntime(
  options: { withNats?: boolean; withTmux?: boolean; say?: (line: string) => void } = {},
): Promise<{ environment: string }> {
  const say = options.say ?? ((line: string) => console.log(line));
  const environment = await environmentPath();
  const whole = await exists(join(environment, runtimeRecordName));
  const { withNats = false, withTmux = false } = options;
  await ensureSystemPackages({ needsVenv: !whole, withNats, withTmux, say });
  if (!whole) await makeEnvironment(environment, say);
  return { environment };
}

async function ensureSystemPackages(wanted: {
  needsVenv: boolean;
  withNats: boolean;
  withTmux: boolean;
  say: (line: string) => void;
}): Promise<void> {
  const missing: string[] = [];
  if (!(await onPath("bwrap"))) missing.push("bubblewrap");
  if (!(await onPath("setpriv")) || !(await onPath("unshare"))) missing.push("util-linux");
  if (wanted.withNats && !(await onPath("nats-server"))) missing.push("nats-server");
  if (wanted.withTmux && !(await onPath("tmux"))) missing.push("tmux");
  if (wanted.needsVenv && !(await findInterpreter())) missing.push("python3", "python3-venv");
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0 || !(await onPath("apt-get"))) {
    throw new SetupError(
      `Missing on this machine: ${missing.join(", ")}. As root, run:\n  apt-get update && ${command}\n(or install the same with your system's package manager), then try again.`,
    );
  }
  wanted.say(`Installing with apt: ${missing.join(", ")}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-qq"], { env: environment }).catch(() => undefined);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], {
      env: environment,
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    throw new SetupError(
      `apt-get could not install ${missing.join(", ")}: ${lastLines(error)}\nRun it by hand:\n  apt-get update && ${command}`,
    );
  }
}

/** Makes the virtual environment beside its place and renames it into place when it is whole. */
async function makeEnvironment(environment: string, say: (line: string) => void): Promise<void> {
  const interpreter = await findInterpreter();
  if (interpreter === undefined)
    throw new SetupError(
      "No Python 3.11 or later with the venv module was found. On Debian: apt-get install -y python3 python3-venv",
    );
  await mkdir(runtimeHome(), { recursive: true, mode: 0o755 });
  await removeLeftovers(environment);
  const beside = `${environment}.making-${process.pid}`;
  const packages = (await readFile(requirementsPath, "utf8"))
    .split("\n")
    .filter((line) => line.trim() !== "").length;
  say(
    `Making a Python environment with ${packages} pinned packages in ${environment} (a minute or two, about 700 MB)`,
  );
  try {
    await run(interpreter, ["-I", "-m", "venv", beside]);
    const python = join(beside, "bin", "python");
    const quiet = { maxBuffer: 1 << 26 };
    await run(
      python,
      [
        "-I",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--no-compile",
        "-r",
        requirementsPath,
      ],
      quiet,
    );
    await run(python, ["-I", "-m", "pip", "check"], quiet);
    // Installers have no business in a sandbox.
    await run(python, ["-I", "-m", "pip", "uninstall", "-y", "-q", "pip", "setuptools"], quiet);
    say("Compiling bytecode");
    // Exits with 1 for the few files of the packages' own tests that are broken on purpose.
    await run(
      python,
      [
        "-I",
        "-m",
        "compileall",
        "-q",
        "-j",
        "0",
        "--invalidation-mode",
        "unchecked-hash",
        join(beside, "lib"),
      ],
      quiet,
    ).catch(() => undefined);
    const record = await measureInterpreter(python);
    await writeFile(join(beside, runtimeRecordName), `${JSON.stringify(record, null, 2)}\n`);
    await chmod(beside, 0o755);
    await rename(beside, environment);
  } catch (error) {
    await rm(beside, { recursive: true, force: true });
    if (await exists(join(environment, runtimeRecordName))) return; // Another set-up was faster.
    throw new SetupError(`The Python environment could not be made: ${lastLines(error)}`);
  }
}

/** Removes a place that is there but not whole, and what set-ups that were killed left beside it. */
async function removeLeftovers(environment: string): Promise<void> {
  const folder = dirname(environment);
  for (const name of await readdir(folder)) {
    const maker = /^python-.*\.making-(\d+)$/.exec(name)?.[1];
    if (name !== basename(environment) && (maker === undefined || (await exists(`/proc/${maker}`)))) continue;
    // A step of the killed set-up may still be writing there: it goes at the next one.
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  }
}

const measure = `
import json, os, platform, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({
    "version": platform.python_version(),
    "machine": platform.machine(),
    "interpreter": os.path.realpath(sys.executable),
    "stdlib": [os.path.realpath(paths["stdlib"]), os.path.realpath(sysconfig.get_path("platstdlib", vars={"platbase": sys.base_exec_prefix}))],
    "shared": sysconfig.get_config_var("LIBDIR") if sysconfig.get_config_var("Py_ENABLE_SHARED") else None,
    "triplet": sysconfig.get_config_var("MULTIARCH"),
}))`;

async function measureInterpreter(python: string): Promise<RuntimeRecord> {
  const { stdout } = await run(python, ["-I", "-c", measure]);
  const found = JSON.parse(stdout) as {
    version: string;
    machine: string;
    interpreter: string;
    stdlib: string[];
    shared: string | null;
    triplet: string | null;
  };
  // On Debian the shared libraries of the system lie in a folder of their architecture; elsewhere in /usr/lib and /usr/lib64.
  const multiarch = found.triplet === null ? undefined : `/usr/lib/${found.triplet}`;
  const system = multiarch && (await exists(multiarch)) ? [multiarch] : ["/usr/lib"];
  const wanted = [
    ...system,
    "/usr/lib64",
    ...found.stdlib,
    ...(found.shared && !found.shared.startsWith("/usr/lib") ? [found.shared] : []),
  ];
  const libraries: string[] = [];
  for (const folder of wanted) {
    if (
      !libraries.some((known) => folder === known || folder.startsWith(`${known}/`)) &&
      (await exists(folder))
    )
      libraries.push(folder);
  }
  const home =
    /^home = (.*)$/m.exec(await readFile(join(dirname(dirname(python)), "pyvenv.cfg"), "utf8"))?.[1] ??
    dirname(found.interpreter);
  return {
    v: 1,
    version: found.version,
    machine: found.machine,
    interpreter: found.interpreter,
    linkedAs: join(home, basename(await firstLink(python))),
    libraries,
  };
}

/** Follows links inside the environment until one leads out of it. */
async function firstLink(python: string): Promise<string> {
  const { readlink } = await import("node:fs/promises");
  let path = python;
  for (let step = 0; step < 8; step += 1) {
    const target = await readlink(path).catch(() => undefined);
    if (target === undefined) return path;
    if (target.startsWith("/")) return target;
    path = join(dirname(path), target);
  }
  return path;
}

/** The system's own Python where it is new enough, else the first on the path; it must be readable by any user. */
async function findInterpreter(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const names = ["python3", "python3.11", "python3.12", "python3.13", "python3.14"];
  const candidates = [
    "/usr/bin/python3",
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  for (const candidate of candidates) {
    if (!(await exists(candidate)) || !(await readableByAll(await realpath(candidate)))) continue;
    const works = await run(candidate, [
      "-I",
      "-c",
      "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))",
    ]).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  return undefined;
}

/** A root process gives jobs a uid of their own, which reads only what everybody may. */
async function readableByAll(path: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true;
  for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return ((await stat(path)).mode & 0o005) === 0o005;
}

async function onPath(program: string): Promise<boolean> {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/bin", "/bin", "/usr/sbin", "/usr/local/bin"];
  for (const folder of folders) {
    if (
      folder !== "" &&
      (await access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return true;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLines(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return (stderr === "" ? describeError(error) : stderr).split("\n").slice(-5).join("\n");
}

if (
  process.argv[1] !== undefined &&
  import.meta.url === pathToFileURL(await realpath(process.argv[1])).href
) {
  try {
    const { environment } = await ensureRuntime({
      withNats: process.argv.includes("--with-nats"),
      withTmux: process.argv.includes("--with-tmux"),
    });
    console.log(`Ready: ${environment}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
