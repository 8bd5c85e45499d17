import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { probeCgroups } from "../../../sandbox/bubblewrap/cgroup.ts";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { processesWith } from "../leftovers.ts";
import { expectNothingLeft, onEveryEngine } from "./engines.ts";

/** Without cgroups the job ends as a whole: which process is to blame is not known. */
const { memory: cgroupHeld } = await probeCgroups();

/** bubblewrap's group for all jobs, which lives as long as the engine. */
const groupOfAll = /mle-smith-\d+-\d+-\d+$/;

/** Every status, made by a real program; afterwards nothing of it is left. */
onEveryEngine((engine) => {
  let services: TestServices;
  /** Stands in the command line of every job here, and of what it forks. */
  const mark = `ending-${process.pid}-${engine.kind.replaceAll(/\W/g, "")}`;
  const run = (source: string, parts: Parameters<typeof pythonJob>[1] = {}) =>
    services.sandbox.run(pythonJob(`${source}\n#${mark}`, parts));

  beforeAll(async () => {
    services = await engine.open();
  });
  afterEach(async () => {
    expect(processesWith(mark)).toEqual([]);
    const trees = readdirSync(join(services.store.folder, "trees"));
    expect(trees.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
    // What is kept ready is there by intent.
    if (engine.ready) await engine.leftovers();
    else await expectNothingLeft(engine, groupOfAll);
  });
  afterAll(async () => {
    await services.close();
    await expectNothingLeft(engine);
  });

  test("ok: output, outputs and both streams", async () => {
    const result = await run(
      "import os, sys; print('out'); print('err', file=sys.stderr); os.makedirs('/out/a/b'); open('/out/a/b/c.txt', 'w').write(open('/job/in.txt').read())",
      { files: { "in.txt": "text" } },
    );
    expect(result).toMatchObject({
      status: "ok",
      exitCode: 0,
      stdout: "out\n",
      stderr: "err\n",
      stdoutTruncated: false,
    });
    if (result.status !== "ok") return;
    expect(result.outputs.files).toBe(1);
    expect(await readFile(join(services.store.treePath(result.outputs), "a/b/c.txt"), "utf8")).toBe("text");
  });

  test("nonzero exit, with the outputs so far", async () => {
    const result = await run("open('/out/log', 'w').write('x'); raise SystemExit(7)");
    expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 7, outputs: { files: 1 } });
  });

  test.each([
    [6, 134],
    [9, 137],
    [11, 139],
    [15, 143],
  ])("a crash by signal %i counts as %i", async (signal, exitCode) => {
    const result = await run(`import os; os.kill(os.getpid(), ${signal}); import time; time.sleep(9)`);
    expect(result).toMatchObject({ status: "nonzero_exit", exitCode });
  });

  test("a sleeper, and one that ignores every signal it may, end by their time", async () => {
    const source =
      "import signal, time\nfor s in range(1, 32):\n try: signal.signal(s, signal.SIG_IGN)\n except (OSError, ValueError): pass\nprint('up', flush=True)\nwhile True: time.sleep(1)";
    const begun = performance.now();
    const limits = { wallMs: 2500 };
    const running = Promise.all([
      run(source, { limits }),
      run("import time\nprint('up', flush=True); time.sleep(600)", { limits }),
    ]);
    // By this mark it is known afterwards that nothing is left.
    await expect
      .poll(() => processesWith(mark).length, { timeout: 20_000, interval: 100 })
      .toBeGreaterThan(0);
    const results = await running;
    for (const result of results) expect(result).toMatchObject({ status: "timeout", stdout: "up\n" });
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  test.each([
    ["ends well", "time.sleep(0.2)", "ok", 15_000],
    ["runs into its time", "time.sleep(600)", "timeout", 1500],
  ])("a double-forked daemon is ended with a program that %s, and holds no result up", async (_name, last, status, wallMs) => {
    const mark = `daemon-${process.pid}-${status}-${engine.kind.replaceAll(/\W/g, "")}`;
    const source = `import os, sys, time\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  os.execv(sys.executable, ['python', '-S', '-c', 'import time; time.sleep(600) #${mark}'])\n os._exit(0)\n${last}`;
    const begun = performance.now();
    expect((await run(source, { limits: { wallMs } })).status).toBe(status);
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(processesWith(mark)).toEqual([]);
  });

  test("zombies do no harm", async () => {
    const source =
      "import os, time\nfor _ in range(30):\n if os.fork() == 0:\n  if os.fork() == 0: time.sleep(0.05); os._exit(0)\n  os._exit(0)\ntime.sleep(0.3)\nprint('made')";
    expect(await run(source)).toMatchObject({ status: "ok", stdout: "made\n" });
  });

  test("a memory hog", async () => {
    const result = await run("kept = []\nwhile True: kept.append(bytearray(8 << 20))", {
      limits: { memMb: 128 },
    });
    expect(result.status).toBe("oom");
    expect(result.peakMemoryMb).toBeGreaterThan(100);
  });

  test("a hog of many processes", async () => {
    const source =
      "import os, time\nfor _ in range(6): \n if os.fork() == 0: kept = [bytearray(40 << 20)]; time.sleep(30); os._exit(0)\nfor _ in range(6):\n if os.wait()[1] != 0: raise SystemExit(3)";
    expect((await run(source, { limits: { memMb: 128 } })).status).toBe("oom");
  });

  test("memory has its limit, whatever the libraries hold", async () => {
    const limits = { memMb: 128 };
    const enough = "k = bytearray(90 << 20)\nprint(len(k) >> 20)";
    expect(await run(enough, { limits })).toMatchObject({ status: "ok", stdout: "90\n" });
    expect((await run("k = bytearray(190 << 20)", { limits })).status).toBe("oom");
  });

  test.runIf(engine.engine === "docker" || cgroupHeld)(
    "memory that a killed child used up does not spoil a program that ends well",
    async () => {
      const source =
        "import os\nif os.fork() == 0:\n kept = []\n while True: kept.append(bytearray(8 << 20))\nos.wait()\nprint('alive')";
      expect(await run(source, { limits: { memMb: 128 } })).toMatchObject({
        status: "ok",
        stdout: "alive\n",
      });
    },
  );

  test("a flood of 10 GB", async () => {
    const begun = performance.now();
    const result = await run(
      "import os\npiece = b'flood ' * 174763\nfor _ in range(10 << 10): os.write(1, piece)",
      { limits: { stdoutBytes: 4096 } },
    );
    expect(result).toMatchObject({ status: "output_too_large", stdoutTruncated: true });
    expect(result.stdout.length).toBeLessThan(5000);
    // It is ended early, not read to its end.
    expect(performance.now() - begun).toBeLessThan(15_000);
  });

  test("long output keeps its beginning and its end", async () => {
    const result = await run("print('first'); print('x' * 6000); print('last')", {
      limits: { stdoutBytes: 1000 },
    });
    expect(result).toMatchObject({ status: "ok", stdoutTruncated: true });
    expect(result.stdout).toMatch(/^first\n[\s\S]*bytes left out[\s\S]*\nlast\n$/);
  });

  test("a disk filler meets an exact bound, for /tmp and /out together", async () => {
    const source = `
import os
def fill(path):
    n = 0
    try:
        with open(path, 'wb', buffering=0) as f:
            while True: n += f.write(bytes(1 << 16))
    except OSError as error: print(error.strerror)
    return n
total = fill('/out/a') + fill('/tmp/b')
for name in ('/out/a', '/tmp/b'): os.remove(name)
print(total >> 20)`;
    const result = await run(source, { limits: { diskMb: 32 } });
    expect(result).toMatchObject({ status: "ok" });
    expect(result.stdout.trim().split("\n").at(-1)).toMatch(/^(31|32)$/);
  });

  test("a fork bomb hits the limit of processes", async () => {
    const source =
      "import os, time\nn = 0\ntry:\n while True:\n  if os.fork() == 0: time.sleep(60); os._exit(0)\n  n += 1\nexcept OSError as error: print(n, error.errno)";
    const result = await run(source, { limits: { pids: 20 } });
    expect(result.status).toBe("ok");
    const [children, code] = result.stdout.split(" ").map(Number);
    expect(code).toBe(11);
    expect(children).toBeLessThanOrEqual(22);
    expect(children).toBeGreaterThan(10);
  });

  test("a bomb that never stops forking ends by its time", async () => {
    const result = await run("import os\nwhile True:\n try: os.fork()\n except OSError: pass", {
      limits: { wallMs: 1000, pids: 40 },
    });
    expect(result.status).toBe("timeout");
  });

  test("a tree that the store does not hold is our fault, not the job's", async () => {
    const result = await run("pass", { trees: { data: { hash: "0".repeat(64), files: 1, bytes: 1 } } });
    expect(result.status).toBe("infra_error");
  });

  test("what the supervisor says cannot be said by the job", async () => {
    // Frames and lines as a supervisor would write them, on every descriptor that there is.
    const source = `import os, struct
for kind, data in ((b'x', b'0 0'), (b'z', b''), (b'd', b'0')):
    for fd in range(64):
        for path in (fd, '/proc/1/fd/%d' % fd):
            try:
                target = fd if path == fd else os.open(path, os.O_WRONLY | os.O_NONBLOCK)
                os.write(target, kind + struct.pack('<I', len(data)) + data)
            except OSError: pass
raise SystemExit(9)`;
    const result = await run(source);
    expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 9 });
    expect(await run("print('next')")).toMatchObject({ status: "ok", stdout: "next\n" });
  });
});
