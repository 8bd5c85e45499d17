import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { onEveryEngine } from "./engines.ts";

/** Who a job is, and what it can know of others and of us. */
onEveryEngine((engine) => {
  let services: TestServices;
  const secretName = "SECRET_FOR_TEST";

  beforeAll(async () => {
    process.env[secretName] = "sk-secret-in-environment";
    services = await engine.open();
  });
  afterAll(async () => {
    delete process.env[secretName];
    await services.close();
  });
  const run = (source: string, parts: Parameters<typeof pythonJob>[1] = {}) =>
    services.sandbox.run(pythonJob(source, parts));

  test("no environment of ours, in its own or in any process's", async () => {
    const { stdout, status } = await run(
      "import os\nprint(dict(os.environ))\nfor p in os.listdir('/proc'):\n if p.isdigit():\n  try: print(p, repr(open(f'/proc/{p}/environ').read()), open(f'/proc/{p}/cmdline').read())\n  except OSError as e: print(p, e)",
    );
    expect(status).toBe("ok");
    expect(stdout).not.toContain("sk-secret");
    expect(stdout).not.toContain("KMP_");
    expect(stdout).not.toContain(services.store.folder);
    expect(stdout).toMatch(/^1 (\[Errno 13\] Permission denied|'')/m);
  });

  test("the same environment, arguments, limits and interpreter on every engine", async () => {
    const source = `import os, sys, signal, resource, __main__
print(sys.argv, sys.executable, sys.flags.hash_randomization, sys.path[:3], sys.orig_argv[:2], __name__, os.getcwd())
print(sorted(os.environ.items()))
print(sys.stdout.encoding, sys.stdout.errors, repr(sys.stdin.read()), sys.stdout.line_buffering, os.umask(0), os.cpu_count() >= 1)
print([(s, repr(signal.getsignal(s))) for s in (2, 13, 14, 15, 17, 25)], signal.pthread_sigmask(signal.SIG_BLOCK, []))
print([resource.getrlimit(k) for k in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)])
print(sorted(vars(__main__).keys() - {'__annotations__'}), open('/proc/self/cmdline').read().rstrip('\\0').split('\\0')[:3], hash('a'))
print(sorted(os.listdir('/job')), sorted(os.listdir('/tmp')), sorted(os.listdir('/dev/shm')), os.statvfs('/tmp').f_blocks, os.readlink('/out'))
print(os.uname().nodename, os.getpgid(0) == os.getpid(), os.getsid(0) == os.getpid())`;
    const result = await run(source, { argv: ["-c", source, "one", "-two"], files: { "in.txt": "x" } });
    expect(result).toMatchObject({ status: "ok", stderr: "" });
    const lines = result.stdout.trim().split("\n");
    expect(lines[0]).toBe(
      "['-c', 'one', '-two'] /opt/python/bin/python 0 ['', '/job/code', '/runtime'] ['/opt/python/bin/python', '-c'] __main__ /tmp",
    );
    const names = [...(lines[1] ?? "").matchAll(/\('(\w+)', '([^']*)'\)/g)].map(
      ([, name, value]) => `${name}=${value}`,
    );
    expect(names).toEqual([
      "HOME=/tmp",
      "LANG=C.UTF-8",
      "LOKY_MAX_CPU_COUNT=1",
      "MKL_NUM_THREADS=1",
      "MPLBACKEND=Agg",
      "MPLCONFIGDIR=/tmp",
      "NUMEXPR_NUM_THREADS=1",
      "OMP_NUM_THREADS=1",
      "OPENBLAS_NUM_THREADS=1",
      "PATH=/opt/python/bin",
      "PWD=/tmp",
      "PYTHONDONTWRITEBYTECODE=1",
      "PYTHONHASHSEED=0",
      "PYTHONPATH=/job/code:/runtime",
      "PYTHONUTF8=1",
      "TZ=UTC",
      "USER=solver",
    ]);
    expect(lines[2]).toBe("utf-8 surrogateescape '' False 18 True");
    expect(lines[3]).toMatch(/^\[\(2, '<built-in function default_int_handler>'\), .*\] set\(\)$/);
    expect(lines[3]?.match(/SIG_IGN/g)?.length).toBe(2);
    expect(lines[4]).toBe("[(4096, 4096), (67108864, 67108864), (0, 0)]");
    expect(lines[5]).toContain("['/opt/python/bin/python', '-c', ");
    expect(lines[6]).toBe("['in.txt'] ['.out'] [] 16384 tmp/.out");
    expect(lines[7]).toBe("sandbox True True");
  });

  test("an unprivileged user, no capability, no way to gain one, no descriptor of ours", async () => {
    const { stdout } = await run(`
import os, re
status = open('/proc/self/status').read()
print(os.getresuid(), os.getresgid(), os.getgroups(), *re.findall(r'(?:Cap...|NoNewPrivs|Seccomp):\\s+(\\w+)', status))
# The descriptor that lists the folder is gone when its turn comes.
print([n for n in os.listdir('/proc/self/fd') if int(n) > 2 and os.path.lexists(f'/proc/self/fd/{n}')])`);
    const [who, files] = stdout.trim().split("\n");
    // bubblewrap shows one and the same number; Docker's is that of the host.
    expect(who).toMatch(
      /^\((1000|6[01]\d{3}), \1, \1\) \(\1, \1, \1\) \[(\1|65534(, 65534)*)?\] (0{16} ){5}1 2$/,
    );
    expect(files).toBe("[]");
  });

  test("outside, too, it is neither root nor nobody", async () => {
    const stop = new AbortController();
    const mark = `uid-${process.pid}-${engine.kind.replaceAll(/\W/g, "")}`;
    const owners = () =>
      readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => {
          try {
            const status = readFileSync(`/proc/${name}/status`, "utf8");
            return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(mark)
              ? [/^Uid:\s+(\d+)\s+(\d+)/m.exec(status)?.slice(1)]
              : [];
          } catch {
            return [];
          }
        });
    const job = services.sandbox.run(pythonJob(`import time; time.sleep(60) #${mark}`), {
      signal: stop.signal,
    });
    // bubblewrap twice, the supervisor and the program; elsewhere only the program tells.
    const telling = engine.engine === "bubblewrap" && !engine.ready ? 4 : 1;
    await expect.poll(() => owners().length, { timeout: 20_000 }).toBe(telling);
    const seen = owners().flat();
    stop.abort();
    await job;
    for (const uid of seen) expect(["0", "65534"]).not.toContain(uid);
  });

  test("only its own processes, and the first of them cannot be touched or read", async () => {
    const { stdout } = await run(`
import os, signal
print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))
for s in (9, 15, 19): os.kill(1, s)
for name in ('mem', 'environ', 'maps', 'root', 'cwd', 'fd'):
    try: print(name, (os.listdir if name == 'fd' else os.readlink if name in ('root', 'cwd') else lambda p: open(p, 'rb').read())('/proc/1/' + name))
    except OSError as e: print(name, e.errno)`);
    const [processes, memory, environment, ...rest] = stdout.trim().split("\n");
    // bubblewrap's own first process stands before the supervisor; it has nothing to tell.
    const alone = engine.engine === "bubblewrap" && !engine.ready;
    expect(processes).toMatch(alone ? /^\[1, 2, 3\]$/ : /^\[1, \d+\]$/);
    expect(memory).toMatch(/^mem (13|1|5)$/);
    expect(environment).toMatch(alone ? /^environ b''$/ : /^environ 13$/);
    if (!alone) for (const line of rest) expect(line).toMatch(/^\w+ 13$/);
  });
});
