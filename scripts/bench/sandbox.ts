import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";
import { createBubblewrap } from "../../sandbox/bubblewrap/engine.ts";
import { daemonHost } from "../../sandbox/docker/daemon.ts";
import { createDocker } from "../../sandbox/docker/engine.ts";
import { imageName } from "../../sandbox/docker/image.ts";
import { probeDocker } from "../../sandbox/docker/probe.ts";
import { Job } from "../../sandbox/job.ts";
import { findRuntime } from "../../sandbox/runtime.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

type Print = (name: string, value: number, unit: string) => void;
type Works = Record<string, () => Promise<unknown>>;

const rounds = 7;
const run = promisify(execFile);
/** A job that fits a model. */
const fit =
  "import sklearn.datasets as d, sklearn.linear_model as m; X, y = d.make_classification(4000, 30, random_state=0); m.LogisticRegression(max_iter=200).fit(X, y)";
const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };

/** What each engine adds to a program that is run without it, and what a job costs that has nothing to do. */
export async function benchSandbox(print: Print): Promise<void> {
  const runtime = await findRuntime();
  if (runtime === undefined) throw new Error("run `npm run setup` first");
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  const store = await openStore(folder);
  const python = join(runtime.environment, "bin/python");
  try {
    const [fresh, ready] = [
      await createBubblewrap({ store, slots: 1, ready: false }),
      await createBubblewrap({ store, slots: 1 }),
    ];
    const median = await alternate(
      {
        bare: () => run(python, ["-c", fit], { env: threads }),
        "fresh-job": () => runJob(fresh, fit),
        "ready-job": () => runJob(ready, fit),
        "fresh-empty-job": () => runJob(fresh, "pass"),
        "ready-empty-job": () => runJob(ready, "pass"),
      },
      // The rest of the libraries is imported while no job waits.
      5000,
    );
    await Promise.all([fresh.close(), ready.close()]);
    for (const [name, seconds] of median) print(`bubblewrap/${name}`, seconds, "s");
    print("bubblewrap/overhead", (median.get("fresh-job") ?? 0) / (median.get("bare") ?? 0), "ratio");
    await benchDocker(store, print);
  } finally {
    await removeStore(folder);
  }
}

/** Against `docker run` with the same image and the same limits. */
async function benchDocker(store: ArtefactStore, print: Print): Promise<void> {
  const host = daemonHost(process.env.MLE_SMITH_TEST_DOCKER);
  const probe = await probeDocker({ host });
  if (!probe.available) {
    process.stderr.write(`no Docker: ${probe.problems[0]?.problem ?? ""}\n`);
    return;
  }
  const image = await imageName();
  const options = [
    ...[
      "run",
      "--rm",
      "--network",
      "none",
      "--read-only",
      "--tmpfs",
      "/tmp:exec,size=2g",
      "--cap-drop",
      "ALL",
    ],
    ...["--security-opt", "no-new-privileges", "--memory", "4g", "--cpus", "1", "--pids-limit", "64"],
    ...["--user", "60600", "-e", "OMP_NUM_THREADS=1", "--entrypoint", "/opt/python/bin/python", image, "-c"],
  ];
  const dockerRun = (source: string) =>
    run("docker", ["--host", host, ...options, source], { env: { ...process.env } });
  const [fresh, ready] = [
    await createDocker({ store, slots: 1, ready: false, host }),
    await createDocker({ store, slots: 1, host }),
  ];
  const median = await alternate({
    run: () => dockerRun(fit),
    "fresh-job": () => runJob(fresh, fit),
    "ready-job": () => runJob(ready, fit),
    "empty-run": () => dockerRun("pass"),
    "fresh-empty-job": () => runJob(fresh, "pass"),
    "ready-empty-job": () => runJob(ready, "pass"),
  });
  await Promise.all([fresh.close(), ready.close()]);
  for (const [name, seconds] of median) print(`docker/${name}`, seconds, "s");
  print("docker/overhead", (median.get("ready-job") ?? 0) / (median.get("run") ?? 0), "ratio");
  print("docker/overhead-fresh", (median.get("fresh-job") ?? 0) / (median.get("run") ?? 0), "ratio");
}

let counter = 0;

async function runJob(sandbox: Sandbox, source: string): Promise<void> {
  counter += 1;
  const job = Job.parse({
    v: 1,
    id: `bench-${counter}`,
    runtime: "python",
    argv: ["-c", source],
    workspace: { trees: {}, files: { "input.json": "{}" } },
    limits: {},
  });
  const result = await sandbox.run(job);
  if (result.status !== "ok") throw new Error(`${result.status}: ${result.stderr}`);
}

/** Median seconds of each, taken in turns, so that drift of the machine falls on all alike; the first round warms up. */
async function alternate(works: Works, pauseMs = 0): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, work] of Object.entries(works)) {
      const begun = performance.now();
      await work();
      if (round > 0) times.set(name, [...(times.get(name) ?? []), (performance.now() - begun) / 1000]);
    }
    if (round === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return new Map(
    [...times].map(([name, list]) => [name, list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0]),
  );
}
