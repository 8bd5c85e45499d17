import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { beforeAll, describe, expect, test } from "vitest";
import { removeStore } from "../../../core/store/folder-store.ts";
import { connect } from "../../../sandbox/docker/daemon.ts";
import { imageName } from "../../../sandbox/docker/image.ts";
import { reapContainers } from "../../../sandbox/docker/reaper.ts";
import { seccompProfile } from "../../../sandbox/docker/seccomp.ts";
import { containerOptions, labels, ownerName } from "../../../sandbox/docker/settings.ts";
import { JobLimits } from "../../../sandbox/job.ts";
import { openSandbox } from "../../../sandbox/open-sandbox.ts";
import { remoteDaemon } from "../../helpers/fake-daemon.ts";
import { testServices } from "../../helpers/services.ts";
import { engines, expectNothingLeft, testDaemon } from "../conformance/engines.ts";
import { pythonJob } from "../jobs.ts";
import { processesWith } from "../leftovers.ts";

const engine = engines.find(({ kind }) => kind.startsWith("docker"));
if (engine === undefined) throw new Error("Docker is not among the engines");

describe.skipIf(engine.missing !== undefined)(`Docker ${engine.missing ?? ""}`, () => {
  let docker: Docker;
  beforeAll(async () => {
    docker = await connect(testDaemon);
  });
  const containersOf = (owner: string) =>
    docker.listContainers({ all: true, filters: { label: [`${labels.owner}=${owner}`] } });

  test("is chosen where a daemon answers and has the image", async () => {
    const services = await testServices({ docker: { host: testDaemon }, ready: false });
    expect(services.sandbox.engine).toBe("docker");
    expect(services.sandbox.fingerprint).toMatch(/^sha256:/);
    await services.close();
  });

  test("what it can be asked of a container tells nothing of the job, of us or of secrets", async () => {
    process.env.SECRET_FOR_TEST = "sk-secret-for-docker";
    const services = await testServices({ engine: "docker", docker: { host: testDaemon }, ready: false });
    const stop = new AbortController();
    const mark = "private-content-of-the-job";
    const running = services.sandbox.run(
      pythonJob(`import time; time.sleep(60) #${mark}`, { files: { "in.txt": mark } }),
      { signal: stop.signal },
    );
    await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [container] = await containersOf(ownerName());
    const told = JSON.stringify(await docker.getContainer(container?.Id ?? "").inspect());
    stop.abort();
    await running;
    delete process.env.SECRET_FOR_TEST;
    expect(told).not.toContain("sk-secret");
    expect(told).not.toContain(mark);
    expect(told).not.toContain(services.store.folder);
    expect(told).toContain('"ReadonlyRootfs":true');
    expect(told).toContain('"CapDrop":["ALL"]');
    expect(told).toContain('"NetworkMode":"none"');
    expect(told).not.toContain('"Privileged":true');
    await services.close();
  });

  test("on another machine: nothing is shared but the connection; when it is lost, the job ends there and is our fault", async () => {
    const remote = await remoteDaemon(testDaemon);
    const services = await testServices({ engine: "docker", docker: { host: remote.host }, slots: 1 });
    const tree = await services.store.putFiles({ "a.txt": "sent" });
    const source = "open('/out/b.txt', 'w').write(open('/job/data/a.txt').read() + ' and back')";
    const job = () => services.sandbox.run(pythonJob(source, { trees: { data: tree } }));
    expect(await job()).toMatchObject({ status: "ok", outputs: { files: 1, bytes: 13 } });
    const mark = `cut-${process.pid}`;
    const running = services.sandbox.run(pythonJob(`import time; time.sleep(600) #${mark}`));
    await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBeGreaterThan(0);
    remote.cut();
    expect((await running).status).toBe("infra_error");
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([]);
    // While nobody answers, a job waits a while for the daemon to come back.
    const waiting = job();
    setTimeout(() => void remote.mend(), 700);
    expect(await waiting).toMatchObject({ status: "ok" });
    await services.close();
    remote.close();
    await expectNothingLeft(engine);
  });

  test.each([
    0, 60, 120, 250, 900,
  ])("kill -9 of this program %i ms after a job was given leaves nothing", async (delay) => {
    const folder = await mkdtemp(join(tmpdir(), "mle-smith-killed-"));
    const mark = `killed-docker-${process.pid}-${delay}`;
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const script = `import { openStore } from ${url("../../../core/store.ts")};
import { openSandbox } from ${url("../../../sandbox/open-sandbox.ts")};
const sandbox = await openSandbox({ store: await openStore(${JSON.stringify(join(folder, "store"))}), slots: 2, engine: "docker", docker: { host: ${JSON.stringify(testDaemon)} } });
const limits = { wallMs: 60000, cpus: 1, memMb: 256, pids: 20, diskMb: 16, stdoutBytes: 1000, outputBytes: 1000 };
for (const id of ["a", "b"]) void sandbox.run({ v: 1, id, runtime: "python", argv: ["-S", "-c", "import os, time; os.fork(); time.sleep(60) #${mark}"], workspace: { trees: {}, files: { "in.txt": "x" } }, limits });
console.log("given");`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGKILL");
    await once(child, "exit");
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([]);
    // One that was made and not started yet has no process to end by itself: the reaper takes it, when it is old enough.
    await expect
      .poll(
        async () => {
          await reapContainers(docker, { now: Date.now() + 150_000, owner: ownerName(child.pid) });
          return containersOf(ownerName(child.pid));
        },
        { timeout: 20_000 },
      )
      .toEqual([]);
    await removeStore(folder);
  });

  test("the reaper removes what is over its time or was never started, and nothing else", async () => {
    const plan = {
      image: await imageName(),
      limits: JobLimits.parse({ wallMs: 1000, diskMb: 8, memMb: 64 }),
      runtime: undefined,
      seccomp: seccompProfile(),
      uid: 61_000,
      warm: false,
    };
    const owner = `reaper-test:${process.pid}`;
    const make = async (now: number) => {
      const options = containerOptions({ ...plan, now });
      options.Labels[labels.owner] = owner;
      return docker.createContainer(options);
    };
    const [living, over, unborn] = [await make(Date.now()), await make(0), await make(Date.now())];
    // Nobody is attached: what keeps them alive is that the daemon holds their input open until somebody was.
    await living.start();
    await over.start();
    const left = async () => (await containersOf(owner)).map(({ Id }) => Id).sort();
    await reapContainers(docker, { owner });
    expect(await left()).toEqual([living.id, unborn.id].sort());
    await reapContainers(docker, { now: Date.now() + 150_000, owner });
    expect(await left()).toEqual([living.id]);
    await living.remove({ force: true, v: true });
  });

  test("an engine that is opened removes what others left", async () => {
    const options = containerOptions({
      image: await imageName(),
      limits: JobLimits.parse({ diskMb: 8 }),
      runtime: undefined,
      seccomp: seccompProfile(),
      uid: 61_000,
      warm: false,
      now: 0,
    });
    const owner = `gone:${process.pid}`;
    options.Labels[labels.owner] = owner;
    await (await docker.createContainer(options)).start();
    const services = await testServices({ engine: "docker", docker: { host: testDaemon } });
    await expect.poll(() => containersOf(owner), { timeout: 20_000 }).toEqual([]);
    await services.close();
  });
});

test("an engine without a daemon is refused, and says what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-none-"));
  const { openStore } = await import("../../../core/store.ts");
  const store = await openStore(join(folder, "store"));
  await expect(
    openSandbox({ store, engine: "docker", docker: { host: "unix:///nonexistent/socket" } }),
  ).rejects.toThrow(/No Docker daemon answers at unix:\/\/\/nonexistent\/socket/);
  await removeStore(folder);
});
