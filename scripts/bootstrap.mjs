// What a fresh clone lacks is installed here, with a word on what and why; then the given command runs.
// Plain JavaScript, because on a fresh clone there is nothing else that could run it.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`mle-smith needs Node 20.19 or later; this is ${process.version}.\n`);
  process.exit(2);
}

/** Runs a command in the repository; ends this process with its exit code when it fails. */
function run(command, commandArguments) {
  const { status, error } = spawnSync(command, commandArguments, { cwd: root, stdio: "inherit" });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

const installed = join(root, "node_modules", ".package-lock.json");
const wanted = join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  process.stderr.write(
    "Installing the locked Node packages (npm ci); better-sqlite3 may be compiled, which takes about a minute.\n",
  );
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
const tsx = ["--import", "tsx"];
const [command, ...rest] = process.argv.slice(2);
// Tests of the queue start servers of their own, and questions to people are asked in a real terminal.
run(process.execPath, [
  ...tsx,
  "scripts/setup.ts",
  ...(command === "vitest" ? ["--with-nats", "--with-tmux"] : []),
]);
if (command?.endsWith(".ts")) run(process.execPath, [...tsx, command, ...rest]);
else if (command) run(join(root, "node_modules", ".bin", command), rest);
