import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeStore } from "../../core/store/folder-store.ts";
import { cgroupsOf, processesWith } from "./leftovers.ts";

const delays = [0, 10, 20, 30, 40, 400];

test.each(
  [false, true].flatMap((ready) => delays.map((delay) => ({ ready, delay }))),
)("kill -9 of this program $delay ms after a job was given leaves neither a process nor a cgroup (ready: $ready)", async ({
  ready,
  delay,
}) => {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-killed-"));
  const mark = `killed-${process.pid}-${delay}-${ready}`;
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `import { openStore } from ${url("../../core/store.ts")};
import { openSandbox } from ${url("../../sandbox/open-sandbox.ts")};
const sandbox = await openSandbox({ store: await openStore(${JSON.stringify(join(folder, "store"))}), slots: 2, ready: ${ready} });
const limits = { wallMs: 60000, cpus: 1, memMb: 256, pids: 20, diskMb: 16, stdoutBytes: 1000, outputBytes: 1000 };
for (const id of ["a", "b"]) void sandbox.run({ v: 1, id, runtime: "python", argv: ["-S", "-c", "import os, time; os.fork(); time.sleep(60) #${mark}"], workspace: { trees: {}, files: {} }, limits });
console.log("given");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await new Promise((resolve) => setTimeout(resolve, delay));
  if (delay === 400)
    await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBeGreaterThan(3);
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => cgroupsOf(child.pid ?? 0), { timeout: 20_000 }).toEqual([]);
  await removeStore(folder);
});
