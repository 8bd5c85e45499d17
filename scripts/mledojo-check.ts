import { existsSync, readdirSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runGenerate } from "../cli/generate.ts";
import { createRun } from "../cli/run-folder.ts";
import { plain } from "../cli/terminal.ts";
import { withServices } from "../cli/with-services.ts";
import { loadConfiguration } from "../core/configuration.ts";
import { BadInputError, describeError, SmithError } from "../core/errors.ts";
import { exportToMleDojo } from "../task/export/mledojo.ts";
import { readPackage, type TaskPackage } from "../task/package/read.ts";
import { findDojo, judge, playDojo } from "./mledojo-play.ts";

/**
 * `npm run mledojo -- <MLE-Dojo checkout> <python with its requirements> [task folder …] [--keep DIR]`: MLE-Dojo's own
 * code registers, shows, runs and scores tasks of ours; every score must equal our `grade`. Without a task, some are
 * made of the bundled examples. `--keep` leaves the export there.
 */
const usage =
  "usage: npm run mledojo -- <MLE-Dojo checkout> <python with its requirements> [task folder …] [--keep DIR]\n";

async function check(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: "string" } },
  });
  const [checkout, python, ...given] = positionals;
  if (checkout === undefined || python === undefined)
    throw new BadInputError("a checkout and a python are needed", { hint: usage.trim() });
  const dojo = await findDojo(resolve(checkout), python);
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-dojo-"));
  try {
    const tasks: TaskPackage[] = [];
    for (const path of given.length > 0 ? given : await makeTasks(join(folder, "made")))
      tasks.push(await readPackage(resolve(path)));
    print(`MLE-Dojo ${dojo.commit}`);
    // A copy of the checkout with our competitions beside its own: the checkout itself stays as it is.
    await cp(join(dojo.checkout, "mledojo"), join(folder, "checkout", "mledojo"), { recursive: true });
    const competitions = join(folder, "checkout", "mledojo", "competitions");
    for (const task of tasks) {
      await exportToMleDojo(task.folder, { competitions, data: join(folder, "data") });
      if (values.keep)
        await exportToMleDojo(task.folder, {
          competitions: join(resolve(values.keep), "competitions"),
          data: join(resolve(values.keep), "data"),
        });
    }
    let sound = true;
    await withServices(async (services) => {
      const trees = {
        checkout: await services.store.putTree(join(folder, "checkout"), { move: true }),
        data: await services.store.putTree(join(folder, "data"), { move: true }),
        site: await dojo.putPackages(services.store, join(folder, "site")),
      };
      for (const task of tasks) {
        const rawFolder = findRaw(task);
        const raw = rawFolder === undefined ? undefined : await services.store.putTree(rawFolder);
        const played = await playDojo(task, raw ? { ...trees, raw } : trees, services);
        const verdict = await judge(task, played, services);
        print(`\n${task.manifest.id} (${task.manifest.objective}, ${task.manifest.metric.name})`);
        for (const line of verdict.lines) print(`  ${line}`);
        for (const line of verdict.wrong) print(`  WRONG: ${line}`);
        sound &&= verdict.wrong.length === 0;
      }
    });
    print(sound ? "\nAll as it should be." : "\nNot all is as it should be.");
    return sound;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Folders of tasks made of the bundled examples with rules. */
async function makeTasks(out: string): Promise<string[]> {
  const examples = join(import.meta.dirname, "..", "examples");
  const run = createRun(
    out,
    readdirSync(examples)
      .sort()
      .map((name) => join(examples, name)),
    loadConfiguration({}),
  );
  const { datasets } = await runGenerate(run, { signal: new AbortController().signal });
  const made = datasets.flatMap((dataset) => dataset.tasks.map((task) => task.path));
  if (made.length === 0) {
    const reasons = datasets.flatMap(({ reason, rejected }) => [
      reason ?? "",
      ...rejected.map(({ title, defects }) => `${title}: ${defects.map(({ check }) => check).join(", ")}`),
    ]);
    throw new Error(`no task was accepted of the bundled examples: ${reasons.join("; ")}`);
  }
  return made;
}

/** The raw data of a task, where its output folder still holds them. */
function findRaw({ folder, manifest }: TaskPackage): string | undefined {
  const datasets = join(dirname(dirname(folder)), "datasets");
  if (basename(dirname(folder)) !== "tasks" || !existsSync(datasets)) return undefined;
  const end = `-${manifest.lineage.fingerprint.slice(0, 12)}`;
  const name = readdirSync(datasets).find((entry) => entry.endsWith(end));
  const raw = name === undefined ? undefined : join(datasets, name, "raw");
  return raw !== undefined && existsSync(raw) ? raw : undefined;
}

function print(line: string): void {
  process.stdout.write(`${line.startsWith("\n") ? "\n" : ""}${plain(line, 600)}\n`);
}

try {
  process.exitCode = (await check()) ? 0 : 1;
} catch (error) {
  const hint = error instanceof SmithError && error.hint ? `\n${error.hint}` : "";
  process.stderr.write(`${plain(describeError(error), 1000)}${hint}\n`);
  process.exitCode = error instanceof SmithError ? error.exitCode : 1;
}
