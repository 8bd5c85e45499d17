import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBubblewrap } from "../../sandbox/bubblewrap/engine.ts";
import { probeBubblewrap } from "../../sandbox/bubblewrap/probe.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { pythonJob } from "./jobs.ts";

let services: TestServices;
let cold: Sandbox;
const possible = (await probeBubblewrap()).readyInterpreters;

beforeAll(async () => {
  // One place: each job follows another in the same ready sandbox.
  services = await testServices({ slots: 1, ready: true, engine: "bubblewrap" });
  cold = await createBubblewrap({ store: services.store, slots: 1, ready: false });
});
afterAll(async () => {
  await cold.close();
  await services.close();
});

const run = (source: string, parts: Parameters<typeof pythonJob>[1] = {}) =>
  services.sandbox.run(pythonJob(source, { argv: ["-c", source], ...parts }));

describe.runIf(possible)("a job from a ready interpreter", () => {
  test("finds libraries imported, and nothing that was not", async () => {
    const { stdout } = await run(
      "import sys\nprint('pandas' in sys.modules, [m for m in ('zygote', 'kernel', 'room', 'interpreter', 'supervise', 'job', 'turtle') if m in sys.modules], [p for p in sys.path if p == '/opt' or 'ready' in p], sys.modules['__main__'].__dict__.keys() >= {'run'})",
    );
    expect(stdout).toBe("True [] [] False\n");
  });

  test("starts in milliseconds", async () => {
    await run("pass");
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const begun = performance.now();
      await run("import pandas");
      times.push(performance.now() - begun);
    }
    // A fresh interpreter needs ten times the shortest on the same machine.
    const begun = performance.now();
    await cold.run(pythonJob("", { argv: ["-c", "import pandas"] }));
    expect(Math.min(...times)).toBeLessThan((performance.now() - begun) / 2);
  });

  test("has waited for its job, and for no other", async () => {
    const tree = await services.store.putFiles({ "in.txt": "from the tree" });
    const source = `import os
started = int(open('/proc/self/stat').read().rpartition(')')[2].split()[19]) / os.sysconf('SC_CLK_TCK')
age = float(open('/proc/uptime').read().split()[0]) - started
left = [line for line in open('/proc/self/mountinfo') if '/tmp/' in line.split()[4]]
print(age > 0.4, open('/job/data/in.txt').read(), os.listdir('/tmp'), left, os.getpid())
open('/tmp/mark', 'w').close()`;
    // The first ones are not waited for: libraries are still being imported.
    await expect
      .poll(async () => (await run(source, { trees: { data: tree } })).stdout, {
        interval: 600,
        timeout: 60_000,
      })
      .toBe("True from the tree ['.out'] [] 2\n");
  });

  test("shows a program the same interpreter as a fresh one", async () => {
    const source = `import os, sys, signal, resource, pandas, numpy, __main__
print(sys.argv, sys.executable, sys.flags.hash_randomization, sys.path, sys.orig_argv[:2], __name__, os.getcwd())
print(sorted(os.environ.items()), sys.stdout.encoding, sys.stdout.errors, sys.stdin.read(), sys.stdout.line_buffering)
print([(s, str(signal.getsignal(s))) for s in (2, 13, 15, 17, 25)], signal.pthread_sigmask(signal.SIG_BLOCK, []))
print([resource.getrlimit(k) for k in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)])
print(sorted(vars(__main__).keys() - {'__annotations__'}), open('/proc/self/cmdline').read().rstrip('\\0').split('\\0')[:3], hash('a'), os.umask(0))
print(sorted(os.listdir('/')), sorted(os.listdir('/job')), sorted(os.listdir('/dev/shm')), os.statvfs('/tmp').f_blocks)`;
    const files = { "in.txt": "x" };
    const both = await Promise.all(
      [services.sandbox, cold].map((sandbox) =>
        sandbox.run(pythonJob(source, { argv: ["-c", source, "one", "-two"], files })),
      ),
    );
    expect(both[0]).toMatchObject({ status: "ok" });
    expect(both[0]?.stdout).toBe(both[1]?.stdout);
  });

  test.each([
    ["an error", "def f(): raise ValueError('no')\nf()"],
    ["an unknown module", "import nothing_of_this_name"],
    ["a syntax error", "x = = 1"],
    ["a text as exit code", "raise SystemExit('text')"],
    ["an exit code", "import sys; sys.exit(300)"],
    ["an interrupt", "raise KeyboardInterrupt"],
    ["a file left open", "f = open('/out/f', 'w'); f.write('kept')"],
    ["functions to run at the end", "import atexit; atexit.register(print, 'end')"],
    [
      "a thread that runs on",
      "import threading, time; threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()",
    ],
    ["a closed output", "import os; os.close(1)"],
  ])("ends as from a fresh one: %s", async (_name, source) => {
    const [warm, fresh] = await Promise.all(
      [services.sandbox, cold].map((sandbox) => sandbox.run(pythonJob(source, { argv: ["-c", source] }))),
    );
    const facts = (result: typeof warm) => ({
      status: result?.status,
      code: result && "exitCode" in result ? result.exitCode : undefined,
      outputs: result && "outputs" in result ? result.outputs : undefined,
      stdout: result?.stdout,
      stderr: result?.stderr,
    });
    expect(facts(warm)).toEqual(facts(fresh));
  });

  test("runs modules and files, and what only a fresh interpreter can do", async () => {
    const files = {
      "code/own/__init__.py": "",
      "code/own/__main__.py": "from .part import name\nimport sys; print(name, __name__, sys.argv)",
      "code/own/part.py": "name = 'part'",
      "script.py": "import sys; print(__file__, sys.argv, sys.path[0])",
    };
    const ran = async (argv: string[]) => (await run("", { argv, files })).stdout;
    expect(await ran(["-m", "own", "a"])).toBe("part __main__ ['/job/code/own/__main__.py', 'a']\n");
    expect(await ran(["-P", "-m", "own"])).toBe("part __main__ ['/job/code/own/__main__.py']\n");
    expect(await ran(["/job/script.py", "b"])).toBe("/job/script.py ['/job/script.py', 'b'] /job\n");
    expect(await ran(["-I", "-c", "import sys; print(sys.flags.isolated)"])).toBe("1\n");
    expect(await ran(["-O", "-c", "assert False; print('optimised')"])).toBe("optimised\n");
    const own =
      "import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'import own.part; print(1)'], capture_output=True, text=True))";
    expect(await ran(["-c", own])).toContain("stdout='1\\n'");
  });

  test("has random numbers of its own", async () => {
    const source = "import random, numpy; print(random.random(), numpy.random.rand())";
    const [first, second] = [(await run(source)).stdout.split(" "), (await run(source)).stdout.split(" ")];
    expect(first[0]).not.toBe(second[0]);
    expect(first[1]).not.toBe(second[1]);
  });

  test("finds nothing of the job before it", async () => {
    const [mark, rest] = [randomBytes(12).toString("hex"), randomBytes(8).toString("hex")];
    const first = await run(
      `import os, sys, socket, ctypes, pandas, builtins, time
libc = ctypes.CDLL(None)
open('/tmp/left', 'w').write('x'); open('/dev/shm/left', 'w').write('x')
os.environ['LEFT'] = 'x'; sys.modules['left'] = os; builtins.left = 1; pandas.left = 1; sys.path.append('/left')
print(libc.shmget(4242, 4096, 0o1666))
s = socket.socket(socket.AF_UNIX); s.bind('\\0left'); s.listen()
if os.fork() == 0: os.setsid(); time.sleep(600)
`,
      { files: { "secret.txt": `${mark}-${rest}` } },
    );
    expect(first).toMatchObject({ status: "ok", stderr: "" });
    const second = await run(`import os, sys, socket, ctypes, pandas, builtins
print(os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir('/job'), 'LEFT' in os.environ, 'left' in sys.modules, hasattr(builtins, 'left'), hasattr(pandas, 'left'), '/left' in sys.path)
print(ctypes.CDLL(None).shmget(4242, 4096, 0), sorted(p for p in os.listdir('/proc') if p.isdigit()))
try: socket.socket(socket.AF_UNIX).connect('\\0left'); print('there')
except OSError as e: print(e.errno)
import re
wanted = re.compile(b'${[...mark].reverse().join("")}'[::-1] + b'-[0-9a-f]{16}')
found = 0
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
    for line in maps:
        begin, end = (int(x, 16) for x in line.split()[0].split('-'))
        if 'w' not in line.split()[1]: continue
        try: memory.seek(begin); found += len(wanted.findall(memory.read(end - begin)))
        except (OSError, ValueError, OverflowError): pass
print(found)`);
    const [state, ipc, address, found] = second.stdout.trim().split("\n");
    expect(state).toBe("['.out'] [] [] False False False False False");
    expect(ipc).toBe("-1 ['1', '2']");
    expect(address).toBe("111");
    expect(found).toBe("0");
  });

  test("sees neither the store, nor what started it, nor a way back to rights", async () => {
    const source = `import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def tried(f):
    try: return f()
    except OSError as e: return errno.errorcode[e.errno]
print([os.path.lexists(p) for p in ('/store', '/room', '/opt/ready', '/opt/supervise.py', '/.old')], os.listdir('/job'))
for name in ('mem', 'environ', 'maps', 'fd', 'root', 'cwd', 'ns/pid'): print(name, tried(lambda: (os.listdir if name == 'fd' else os.readlink if name in ('root', 'cwd', 'ns/pid') else open)('/proc/1/' + name)))
print([n for n in os.listdir('/proc/self/fd') if int(n) > 2 and os.path.lexists('/proc/self/fd/' + n)])
status = dict(l.split(':\\t') for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)
print([status[k].strip() for k in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp')])
for call in ((272, 0x10000000), (272, 0x20000), (56, 0x10000011, 0, 0, 0, 0), (308, 0, 0), (165, 0, 0, 0, 0, 0), (155, 0, 0)):
    print(call[0], libc.syscall(*call), errno.errorcode[ctypes.get_errno()])
print(open('/proc/sys/user/max_user_namespaces').read().strip() if os.path.exists('/proc/sys/user/max_user_namespaces') else '', os.getppid())
print(sum('/store' in l for l in open('/proc/self/mountinfo')), libc.prctl(24, 21), libc.prctl(47, 2, 21, 0, 0))`;
    const { stdout, status } = await run(source);
    expect(status).toBe("ok");
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toBe("[False, False, False, False, False] []");
    for (const line of lines.slice(1, 8)) expect(line).toMatch(/^\S+ (EACCES|EPERM)$/);
    expect(lines[8]).toBe("[]");
    expect(lines[9]).toBe(`['${"0".repeat(16)}', ${`'${"0".repeat(16)}', `.repeat(4)}'1', '2']`);
    if (process.arch === "x64") for (const line of lines.slice(10, 16)) expect(line).toMatch(/ -1 EPERM$/);
    expect(lines.at(-1)).toBe("0 -1 -1");
  });

  test("cannot speak for its supervisor", async () => {
    // Frames as the supervisor would write them, on every descriptor that there is.
    const source = `import os, struct
for kind, data in ((b'x', b'0 0'), (b'z', b''), (b'd', b'0')):
    for fd in range(64):
        try: os.write(fd, kind + struct.pack('<I', len(data)) + data)
        except OSError: pass
raise SystemExit(9)`;
    const result = await run(source);
    expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 9 });
    expect(result.stdout).toContain("x\u0003");
    expect(await run("print('next')")).toMatchObject({ status: "ok", stdout: "next\n" });
  });

  test("that is ended for its time, its memory or its output does not cost the interpreter", async () => {
    const first = await run("pass");
    expect(first.status).toBe("ok");
    const limits = { wallMs: 300, memMb: 128, stdoutBytes: 1000 };
    expect((await run("import time; time.sleep(60)", { limits })).status).toBe("timeout");
    expect((await run("while True: print('x' * 1000)", { limits: { ...limits, wallMs: 9000 } })).status).toBe(
      "output_too_large",
    );
    expect(
      (await run("k = []\nwhile True: k.append(bytearray(1 << 23))", { limits: { ...limits, wallMs: 9000 } }))
        .status,
    ).toBe("oom");
    const begun = performance.now();
    expect((await run("import pandas; print('here')")).stdout).toBe("here\n");
    const alone = performance.now() - begun;
    const coldBegun = performance.now();
    await cold.run(pythonJob("", { argv: ["-c", "import pandas"] }));
    expect(alone).toBeLessThan(performance.now() - coldBegun);
  });

  test("that is ended for several reasons at once does not cost the interpreter either", async () => {
    // An address is the same in all that are forked from one process, and in no other.
    const address = async () => (await run("import sys; print(id(sys))")).stdout;
    const before = await address();
    const flood = "import os\nwhile True: os.write(1, b'x' * 500); os.write(2, b'x' * 500)";
    const flooded = await run(flood, { limits: { stdoutBytes: 1000 } });
    expect(flooded.status).toBe("output_too_large");
    expect(await address()).toBe(before);
  });

  test("with little memory, one after another, do not keep an interpreter from its imports", async () => {
    const fresh = await testServices({ slots: 1, ready: true, engine: "bubblewrap" });
    try {
      const source = "import sys; print(id(sys), 'lightgbm' in sys.modules)";
      const small = async () =>
        (await fresh.sandbox.run(pythonJob(source, { argv: ["-c", source], limits: { memMb: 64 } }))).stdout;
      expect(await small()).toMatch(/False$/m);
      await expect.poll(small, { interval: 2000, timeout: 60_000 }).toMatch(/True$/m);
      expect(await small()).toBe(await small());
    } finally {
      await fresh.close();
    }
  });

  test("keeps its memory limit, whatever the libraries hold", async () => {
    const enough = "k = bytearray(90 << 20)\nprint(len(k) >> 20)";
    expect(await run(enough, { limits: { memMb: 128 } })).toMatchObject({ status: "ok", stdout: "90\n" });
    expect((await run("k = bytearray(160 << 20)", { limits: { memMb: 128 } })).status).toBe("oom");
  });
});
