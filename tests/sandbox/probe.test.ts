import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InfrastructureError, SmithError } from "../../core/errors.ts";
import { openStore } from "../../core/store.ts";
import type { BubblewrapMachine } from "../../sandbox/bubblewrap/probe.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { probeSandbox } from "../../sandbox/probe.ts";
import { fakeDaemon } from "../helpers/fake-daemon.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-probe-test-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** An address at which nobody answers. */
const nowhere = { host: "unix:///nonexistent/docker.sock" };
const noCgroups = { version: "none", memory: false, pids: false, cpu: false } as const;
/** A machine on which nothing has been installed. */
const bare: Partial<BubblewrapMachine> = {
  programs: () => Promise.reject(new InfrastructureError("bubblewrap (bwrap) is not installed")),
  runtime: () => Promise.resolve(undefined),
  cgroups: () => Promise.resolve(noCgroups),
};
const openStoreHere = () => openStore(join(folder, "store"));

test("says what this machine can do, having run a job", async () => {
  const probe = await probeSandbox({ docker: nowhere });
  expect(probe).toMatchObject({ engine: "bubblewrap", available: true });
  const { bubblewrap } = probe;
  expect(bubblewrap.python).toMatch(/^3\.\d+\.\d+$/);
  expect(probe.limits).toEqual(expect.arrayContaining(["time", "disk", "output"]));
  // What stands against it is said.
  expect(bubblewrap.readyInterpreters).toBe(
    !probe.problems.some(({ problem }) => problem.includes("kept ready")),
  );
  expect(bubblewrap.cgroup === "none").toBe(!probe.limits.includes("memory"));
});

test("nothing installed: no engine, and a command for each thing that is missing", async () => {
  const probe = await probeSandbox({ docker: nowhere, machine: bare });
  expect(probe).toMatchObject({ engine: null, available: false, limits: [] });
  const commands = probe.problems
    .filter(({ severity }) => severity === "fatal")
    .map(({ command }) => command);
  expect(commands).toEqual([
    "apt-get install -y docker.io",
    "apt-get install -y bubblewrap util-linux",
    "npm run setup",
  ]);
});

test("no cgroup rights: jobs run, and which limits are lost is said", async () => {
  const probe = await probeSandbox({
    docker: nowhere,
    machine: { cgroups: () => Promise.resolve(noCgroups) },
  });
  expect(probe).toMatchObject({
    engine: "bubblewrap",
    available: true,
    limits: ["time", "disk", "output"],
    bubblewrap: { cgroup: "none" },
  });
  expect(probe.problems).toContainEqual(
    expect.objectContaining({
      severity: "weaker",
      problem: expect.stringMatching(/No cgroup for memory, pids, cpu: memory is measured/),
    }),
  );
});

describe("Docker without the image", () => {
  test("is not chosen, and the command that builds it is named", async () => {
    const daemon = await fakeDaemon();
    try {
      const probe = await probeSandbox({ docker: { host: daemon.host } });
      expect(probe.engine).toBe("bubblewrap");
      expect(probe.docker).toMatchObject({
        answers: true,
        available: false,
        version: "1.2.3",
        image: { there: false },
        problems: [{ severity: "fatal", command: `npm run image -- --host ${daemon.host}` }],
      });
      const alone = await probeSandbox({ docker: { host: daemon.host }, engine: "docker" });
      expect(alone).toMatchObject({ engine: null, available: false, problems: alone.docker.problems });
    } finally {
      daemon.close();
    }
  });

  test("is passed over, or refused when it alone was asked for", async () => {
    const daemon = await fakeDaemon();
    try {
      const store = await openStoreHere();
      const docker = { host: daemon.host };
      const opening = openSandbox({ store, engine: "docker", docker });
      await expect(opening).rejects.toThrow(/does not have the image/);
      const error: unknown = await opening.catch((thrown: unknown) => thrown);
      expect(error instanceof SmithError && error.hint).toContain("npm run image");
      const other = await openSandbox({ store, docker });
      expect(other.engine).toBe("bubblewrap");
      await other.close();
    } finally {
      daemon.close();
    }
  });
});

test("a daemon that lacks something is told from one that has it", async () => {
  const daemon = await fakeDaemon({ MemoryLimit: false, PidsLimit: false, SecurityOptions: [] });
  try {
    const { docker } = await probeSandbox({ docker: { host: daemon.host, runtime: "runsc" }, machine: bare });
    const found = docker.problems.map(({ severity, problem }) => `${severity}: ${problem}`).join("\n");
    expect(found).toMatch(/fatal: .*no runtime named runsc/);
    expect(found).toMatch(/weaker: .*does not bound memory, processes/);
    expect(found).toMatch(/weaker: .*no seccomp/);
  } finally {
    daemon.close();
  }
});

test("without a runtime: not available, with the command that mends it; and no sandbox is opened", async () => {
  vi.stubEnv("MLE_SMITH_HOME", join(folder, "empty"));
  const probe = await probeSandbox({ docker: nowhere });
  expect(probe.available).toBe(false);
  expect(probe.problems).toContainEqual(
    expect.objectContaining({ severity: "fatal", command: "npm run setup" }),
  );
  const opening = openSandbox({ store: await openStoreHere(), docker: nowhere });
  await expect(opening).rejects.toThrow(InfrastructureError);
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error instanceof SmithError && error.hint).toContain("npm run setup");
});

test("an address that is none is refused", async () => {
  await expect(
    openSandbox({ store: await openStoreHere(), engine: "docker", docker: { host: "nonsense" } }),
  ).rejects.toThrow(/nonsense is no address/);
});
