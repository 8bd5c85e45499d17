import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hashesBelow } from "../helpers/tree-hash.ts";

/** Kills to try; the full count of 20 is asked for by `MLE_SMITH_KILLS=20`. */
const kills = Number(process.env.MLE_SMITH_KILLS ?? 3);
const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/penguins");
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-resume-"));
  folders.push(folder);
  return folder;
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Runs the command line; with `killAfter`, ends its whole process group by SIGKILL after so many milliseconds. */
function smith(
  commandArguments: string[],
  killAfter?: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "cli/bin.mjs"), ...commandArguments], {
      cwd: root,
      detached: false,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

test(`after kill -9 at ${kills} moments, --resume ends with the packages of an uninterrupted run`, async () => {
  const whole = temporary();
  const started = Date.now();
  const uninterrupted = await smith(["generate", example, "--out", whole, "--json"]);
  const duration = Date.now() - started;
  expect(uninterrupted.stderr + uninterrupted.stdout).toContain("accepted");
  expect(uninterrupted.code).toBe(0);
  const expected = hashesBelow(join(whole, "tasks"));
  expect(Object.keys(expected).length).toBeGreaterThan(0);

  let resumedRuns = 0;
  for (let round = 0; round < kills; round += 1) {
    const out = temporary();
    // Moments spread over the run, shifted by a random part of the step between them.
    const moment = 600 + ((round + Math.random()) / kills) * (duration - 600);
    await smith(["generate", example, "--out", out], moment);
    for (const task of entries(join(out, "tasks")).filter((name) => !name.startsWith("."))) {
      expect(entries(join(out, "tasks", task)), "a task that is there is whole").toContain(
        "certificate.json",
      );
    }
    const run = entries(join(out, "runs"))[0];
    if (run === undefined || !entries(join(out, "runs", run)).includes("config.json")) {
      // Killed before the run had begun: there is nothing to resume, and nothing else either.
      expect(entries(join(out, "tasks"))).toEqual([]);
      continue;
    }
    resumedRuns += 1;
    const resumed = await smith(["generate", "--resume", run, "--out", out, "--json"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(hashesBelow(join(out, "tasks")), `killed after ${moment} ms`).toEqual(expected);
    expect(hashesBelow(join(out, "datasets"))).toEqual(hashesBelow(join(whole, "datasets")));
  }
  expect(resumedRuns).toBeGreaterThan(kills / 2);
}, 1_800_000);
