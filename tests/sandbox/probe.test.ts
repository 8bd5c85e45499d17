import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InfrastructureError, SmithError } from "../../core/errors.ts";
import { openStore } from "../../core/store.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { probeSandbox } from "../../sandbox/probe.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-probe-test-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test("says what this machine can do, having run a job", async () => {
  const probe = await probeSandbox();
  expect(probe).toMatchObject({ engine: "bubblewrap", available: true });
  expect(probe.python).toMatch(/^3\.\d+\.\d+$/);
  expect(probe.limits).toEqual(expect.arrayContaining(["time", "disk", "output"]));
  // What stands against it is said.
  expect(probe.readyInterpreters).toBe(!probe.problems.some(({ problem }) => problem.includes("kept ready")));
  expect(probe.cgroup === "none").toBe(!probe.limits.includes("memory"));
});

test("without a runtime: not available, with the command that mends it; and no sandbox is opened", async () => {
  vi.stubEnv("MLE_SMITH_HOME", join(folder, "empty"));
  const probe = await probeSandbox();
  expect(probe.available).toBe(false);
  expect(probe.problems).toContainEqual(
    expect.objectContaining({ severity: "fatal", command: "npm run setup" }),
  );
  const opening = openSandbox({ store: await openStore(join(folder, "store")) });
  await expect(opening).rejects.toThrow(InfrastructureError);
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error instanceof SmithError && error.hint).toContain("npm run setup");
});
