import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { describeError } from "../../../core/errors.ts";
import { askDaemon, connect, daemonHost, mayAnswer } from "../../../sandbox/docker/daemon.ts";
import { findImage, imageName } from "../../../sandbox/docker/image.ts";
import { labels, ownerName } from "../../../sandbox/docker/settings.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import { cgroupsLike, cgroupsOf, livingSandboxes } from "../leftovers.ts";

/** One engine, in one of its ways, as the suite sees it. */
export interface EngineUnderTest {
  kind: string;
  engine: "bubblewrap" | "docker";
  ready: boolean;
  /** Why it cannot be tried here. */
  missing: string | undefined;
  open(slots?: number): Promise<TestServices>;
  /** Whatever of this process's jobs is still there: processes, containers, volumes, cgroups, mounts. */
  leftovers(): Promise<string[]>;
}

/** Address of the daemon that tests use: another than that of the machine, where `.ci/run` starts one. */
export const testDaemon = daemonHost(process.env.MLE_SMITH_TEST_DOCKER);
/** Another runtime than the daemon's own for the suite, e.g. `runsc`. */
const runtime = process.env.MLE_SMITH_TEST_DOCKER_RUNTIME;

async function whyNoDocker(): Promise<string | undefined> {
  if (!mayAnswer(testDaemon)) return `no Docker daemon at ${testDaemon}`;
  try {
    const docker = await connect(testDaemon);
    await askDaemon(docker);
    const image = await imageName();
    return (await findImage(docker, image)) ? undefined : `the daemon does not have ${image}: npm run image`;
  } catch (error) {
    return `no Docker daemon at ${testDaemon}: ${describeError(error)}`;
  }
}

const noDocker = await whyNoDocker();
// Who names a daemon wants it tried.
if (noDocker !== undefined && process.env.MLE_SMITH_TEST_DOCKER) throw new Error(noDocker);
const ways = [
  { ready: false, suffix: "a sandbox for each job" },
  { ready: true, suffix: "kept ready" },
];
export const engines: EngineUnderTest[] = [
  ...ways.map(({ ready, suffix }) => ({
    kind: `bubblewrap, ${suffix}`,
    engine: "bubblewrap" as const,
    ready,
    missing: undefined,
    open: (slots = 2) => testServices({ slots, ready, engine: "bubblewrap" }),
    leftovers: async () => [...livingSandboxes(), ...cgroupsOf(process.pid)],
  })),
  ...ways.map(({ ready, suffix }) => ({
    kind: `docker, ${suffix}`,
    engine: "docker" as const,
    ready,
    missing: noDocker,
    open: (slots = 2) =>
      testServices({ slots, ready, engine: "docker", docker: { host: testDaemon, runtime } }),
    leftovers: dockerLeftovers,
  })),
];

/** Runs tests on every engine; one that is not to be had is skipped, and its name says why. */
export function onEveryEngine(body: (engine: EngineUnderTest) => void): void {
  describe.each(engines)("$kind", (engine) => {
    describe.skipIf(engine.missing !== undefined)(
      engine.missing === undefined ? "here" : `SKIPPED: ${engine.missing}`,
      () => body(engine),
    );
  });
}

/** Containers of this process, and, where the daemon is on this machine, the cgroups and mounts that they have. */
async function dockerLeftovers(): Promise<string[]> {
  const docker = await connect(testDaemon);
  const filters = { label: [`${labels.owner}=${ownerName()}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const volumes = (await docker.listVolumes({ filters })).Volumes ?? [];
  const ids = [...new Set([...seen, ...containers.map(({ Id }) => Id)])];
  for (const id of ids) seen.add(id);
  const cgroups = cgroupsLike("*docker/*").join("\n");
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  return [
    ...ids.filter(
      (id) => containers.some(({ Id }) => Id === id) || cgroups.includes(id) || mounts.includes(id),
    ),
    ...volumes.map(({ Name }) => Name),
  ];
}

const seen = new Set<string>();

/** Waits until nothing of this process's jobs is left, and says what is when that does not come. */
export async function expectNothingLeft(engine: EngineUnderTest, but = /^$/): Promise<void> {
  let found: string[] = [];
  for (let attempt = 0; attempt < 200; attempt += 1) {
    found = (await engine.leftovers()).filter((name) => !but.test(name));
    if (found.length === 0) return;
    await sleep(50);
  }
  expect(found).toEqual([]);
}
