import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { probeSandbox } from "../../sandbox/probe.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { pythonJob } from "./jobs.ts";
import { cgroupsOf, livingSandboxes, processesWith } from "./leftovers.ts";

/** Without cgroups the job ends as a whole: which process is to blame is not known. */
const cgroupHeld = (await probeSandbox()).limits.includes("memory");

/** Interpreters that are kept ready must not change how anything ends. */
describe.each([
  { kind: "a sandbox for each job", ready: false },
  { kind: "ready interpreters", ready: true },
])("$kind", ({ ready }) => {
  let services: TestServices;

  beforeAll(async () => {
    services = await testServices({ slots: 2, ready });
  });
  afterAll(async () => {
    await services.close();
    expect(cgroupsOf(process.pid)).toEqual([]);
    expect(livingSandboxes()).toEqual([]);
  });

  describe("how a job ends", () => {
    test("ok: output, outputs and both streams", async () => {
      const result = await services.sandbox.run(
        pythonJob(
          "import os, sys; print('out'); print('err', file=sys.stderr); os.makedirs('/out/a/b'); open('/out/a/b/c.txt', 'w').write(open('/job/in.txt').read())",
          { files: { "in.txt": "text" } },
        ),
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
      const result = await services.sandbox.run(
        pythonJob("open('/out/log', 'w').write('x'); raise SystemExit(7)"),
      );
      expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 7, outputs: { files: 1 } });
    });

    test("a signal counts as 128 and its number", async () => {
      const result = await services.sandbox.run(pythonJob("import os; os.kill(os.getpid(), 11)"));
      expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 139 });
    });

    test("timeout, of one that ignores every signal it may", async () => {
      const source =
        "import signal, time\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nprint('up', flush=True)\nwhile True: time.sleep(1)";
      const begun = performance.now();
      const result = await services.sandbox.run(pythonJob(source, { limits: { wallMs: 1500 } }));
      expect(result).toMatchObject({ status: "timeout", stdout: "up\n" });
      expect(performance.now() - begun).toBeLessThan(20_000);
    });

    test("timeout ends daemons that left their session", async () => {
      const mark = `daemon-${process.pid}-timeout`;
      const source = `import os, time\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  os.execv('/opt/python/bin/python', ['python', '-S', '-c', 'import time; time.sleep(600) #${mark}'])\n os._exit(0)\ntime.sleep(600)`;
      const result = await services.sandbox.run(pythonJob(source, { limits: { wallMs: 1500 } }));
      expect(result.status).toBe("timeout");
      expect(processesWith(mark)).toEqual([]);
    });

    test("a daemon does not outlive a program that ends well, nor hold its result up", async () => {
      const mark = `daemon-${process.pid}-ok`;
      const source = `import os, time\nif os.fork() == 0:\n os.setsid()\n if os.fork() == 0:\n  os.execv('/opt/python/bin/python', ['python', '-S', '-c', 'import time; time.sleep(600) #${mark}'])\n os._exit(0)\ntime.sleep(0.2)`;
      const begun = performance.now();
      const result = await services.sandbox.run(pythonJob(source));
      expect(result.status).toBe("ok");
      expect(performance.now() - begun).toBeLessThan(20_000);
      expect(processesWith(mark)).toEqual([]);
    });

    test("a memory hog", async () => {
      const result = await services.sandbox.run(
        pythonJob("kept = []\nwhile True: kept.append(bytearray(8 << 20))", { limits: { memMb: 128 } }),
      );
      expect(result.status).toBe("oom");
      expect(result.peakMemoryMb).toBeGreaterThan(100);
    });

    test("a hog of many processes", async () => {
      const source =
        "import os, time\nfor _ in range(6): \n if os.fork() == 0: kept = [bytearray(40 << 20)]; time.sleep(30); os._exit(0)\nfor _ in range(6):\n if os.wait()[1] != 0: raise SystemExit(3)";
      expect((await services.sandbox.run(pythonJob(source, { limits: { memMb: 128 } }))).status).toBe("oom");
    });

    test.runIf(cgroupHeld)(
      "memory that a killed child used up does not spoil a program that ends well",
      async () => {
        const source =
          "import os\nif os.fork() == 0:\n kept = []\n while True: kept.append(bytearray(8 << 20))\nos.wait()\nprint('alive')";
        const result = await services.sandbox.run(pythonJob(source, { limits: { memMb: 128 } }));
        expect(result).toMatchObject({ status: "ok", stdout: "alive\n" });
      },
    );

    test("a flood of output", async () => {
      const result = await services.sandbox.run(
        pythonJob("import sys\nwhile True: sys.stdout.write('flood ' * 1000)", {
          limits: { stdoutBytes: 4096 },
        }),
      );
      expect(result).toMatchObject({ status: "output_too_large", stdoutTruncated: true });
      expect(result.stdout.length).toBeLessThan(5000);
    });

    test("long output keeps its beginning and its end", async () => {
      const result = await services.sandbox.run(
        pythonJob("print('first'); print('x' * 6000); print('last')", { limits: { stdoutBytes: 1000 } }),
      );
      expect(result).toMatchObject({ status: "ok", stdoutTruncated: true });
      expect(result.stdout).toMatch(/^first\n[\s\S]*bytes left out[\s\S]*\nlast\n$/);
    });

    test("more outputs than allowed", async () => {
      const result = await services.sandbox.run(
        pythonJob("open('/out/big', 'wb').write(bytes(3 << 20))", { limits: { outputBytes: 1 << 20 } }),
      );
      expect(result.status).toBe("output_too_large");
    });

    test("a sparse file counts by the size it claims", async () => {
      const result = await services.sandbox.run(
        pythonJob(
          "import os\nfd = os.open('/out/big', os.O_CREAT | os.O_WRONLY)\nos.truncate(fd, 60 << 20)",
          {
            limits: { outputBytes: 1 << 20 },
          },
        ),
      );
      expect(result.status).toBe("output_too_large");
    });

    test("the disk's bound is exact, and holds for /tmp and /out together", async () => {
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
      const result = await services.sandbox.run(pythonJob(source, { limits: { diskMb: 32 } }));
      expect(result).toMatchObject({ status: "ok" });
      expect(result.stdout.trim().split("\n").at(-1)).toMatch(/^(31|32)$/);
    });

    test("a fork bomb hits the limit of processes", async () => {
      const source =
        "import os, time\nn = 0\ntry:\n while True:\n  if os.fork() == 0: time.sleep(60); os._exit(0)\n  n += 1\nexcept OSError as error: print(n, error.errno)";
      const result = await services.sandbox.run(pythonJob(source, { limits: { pids: 20 } }));
      expect(result.status).toBe("ok");
      const [children, code] = result.stdout.split(" ").map(Number);
      expect(code).toBe(11);
      expect(children).toBeLessThanOrEqual(22);
      expect(children).toBeGreaterThan(10);
    });

    test("a bomb that never stops forking ends by its time", async () => {
      const result = await services.sandbox.run(
        pythonJob("import os\nwhile True:\n try: os.fork()\n except OSError: pass", {
          limits: { wallMs: 1000, pids: 40 },
        }),
      );
      expect(result.status).toBe("timeout");
      expect(livingSandboxes()).toEqual([]);
    });

    test("cancelled while it runs, leaving nothing", async () => {
      const stop = new AbortController();
      const running = services.sandbox.run(pythonJob("import time; time.sleep(600)"), {
        signal: stop.signal,
      });
      await expect.poll(() => livingSandboxes().length, { timeout: 20_000 }).toBeGreaterThan(0);
      const begun = performance.now();
      stop.abort();
      expect((await running).status).toBe("cancelled");
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(livingSandboxes()).toEqual([]);
    });

    test("cancelled at any moment of its start, leaving nothing", async () => {
      for (let delay = 0; delay < 60; delay += 3) {
        const stop = new AbortController();
        const begun = performance.now();
        const running = services.sandbox.run(pythonJob("import time; time.sleep(600)"), {
          signal: stop.signal,
        });
        setTimeout(() => stop.abort(), delay);
        expect((await running).status).toBe("cancelled");
        expect(performance.now() - begun).toBeLessThan(10_000);
      }
      expect(livingSandboxes()).toEqual([]);
    });

    test("cancelled before it starts, and while it waits for a place", async () => {
      expect((await services.sandbox.run(pythonJob("pass"), { signal: AbortSignal.abort() })).status).toBe(
        "cancelled",
      );
      const stop = new AbortController();
      const busy = [1, 2].map(() =>
        services.sandbox.run(pythonJob("import time; time.sleep(600)"), { signal: stop.signal }),
      );
      const waiting = new AbortController();
      const queued = services.sandbox.run(pythonJob("pass"), { signal: waiting.signal });
      waiting.abort();
      expect((await queued).status).toBe("cancelled");
      stop.abort();
      expect((await Promise.all(busy)).map((result) => result.status)).toEqual(["cancelled", "cancelled"]);
      expect((await services.sandbox.run(pythonJob("pass"))).status).toBe("ok");
    });

    test("more jobs than places: all run, at most two at a time", async () => {
      const results = await Promise.all(
        Array.from({ length: 6 }, () => services.sandbox.run(pythonJob("import time; time.sleep(0.2)"))),
      );
      expect(results.every((result) => result.status === "ok")).toBe(true);
      expect(results.filter((result) => result.timings.queuedMs > 150).length).toBe(4);
    });

    test("a tree that the store does not hold is our fault, not the job's", async () => {
      const result = await services.sandbox.run(
        pythonJob("pass", { trees: { data: { hash: "0".repeat(64), files: 1, bytes: 1 } } }),
      );
      expect(result.status).toBe("infra_error");
    });

    test.runIf(!ready)("a supervisor that the job kills is no ok", async () => {
      const result = await services.sandbox.run(
        pythonJob("import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"),
      );
      expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 137, outputs: null });
    });

    test.runIf(ready)("a supervisor cannot be killed by its job", async () => {
      const result = await services.sandbox.run(
        pythonJob("import os, signal\nfor s in (9, 15, 19): os.kill(1, s)\nprint('sent')"),
      );
      expect(result).toMatchObject({ status: "ok", stdout: "sent\n" });
    });
  });
});
