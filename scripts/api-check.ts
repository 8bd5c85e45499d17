import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { startDevServer } from "./server/dev-server.ts";

/**
 * `npm run api-check -- <dataset>`: a dataset through the API of a real development server, by the clients of
 * `docs/clients` in TypeScript, Python (of MLE_SMITH_TEST_PYTHON_CLIENT) and curl; what they publish is verified again.
 */
const dataset = process.argv[2];
if (dataset === undefined || !existsSync(dataset)) {
  process.stderr.write("usage: npm run api-check -- <folder, file or archive>\n");
  process.exit(2);
}
const root = join(import.meta.dirname, "..");
const examples = join(root, "docs/clients");
const python = process.env.MLE_SMITH_TEST_PYTHON_CLIENT;
const clients = [
  {
    name: "TypeScript",
    command: process.execPath,
    words: ["--import", "tsx", join(examples, "typescript.ts")],
  },
  ...(python ? [{ name: "Python", command: python, words: [join(examples, "client.py")] }] : []),
  { name: "curl", command: "bash", words: [join(examples, "curl.sh")] },
];
if (!python)
  process.stderr.write("Python is left out: MLE_SMITH_TEST_PYTHON_CLIENT names none with langgraph-sdk\n");

const folder = mkdtempSync(join(tmpdir(), "mle-smith-api-check-"));
const server = await startDevServer(folder, { MLE_SMITH_DATA_ROOTS: dirname(resolve(dataset)) });
try {
  for (const { name, command, words } of clients) {
    const started = performance.now();
    process.stdout.write(`\n== ${name}\n`);
    const code = await run(command, [...words, server.url, basename(dataset), "3"]);
    process.stdout.write(
      `${name}: exit code ${code}, ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
    if (code !== 0) process.exitCode = 1;
  }
  const tasks = join(server.out, "tasks");
  for (const task of existsSync(tasks) ? readdirSync(tasks) : []) {
    process.stdout.write(`\n== verify ${task}\n`);
    const words = [join(root, "cli/bin.mjs"), "verify", join(tasks, task), "--raw", resolve(dataset)];
    if ((await run(process.execPath, words)) !== 0) process.exitCode = 1;
  }
} finally {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a command in the repository and shows what it prints; resolves with its exit code. */
function run(command: string, words: string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    spawn(command, words, { cwd: root, stdio: "inherit" }).on("error", reject).on("close", resolve);
  });
}
