import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { attempts } from "./attempts.ts";
import { onEveryEngine } from "./engines.ts";

/** What a job can read and write. */
onEveryEngine((engine) => {
  let services: TestServices;
  let folder: string;
  let secret: string;

  beforeAll(async () => {
    services = await engine.open();
    folder = await mkdtemp(join(tmpdir(), "mle-smith-secret-"));
    secret = join(folder, "secret.txt");
    writeFileSync(secret, "secret", { mode: 0o644 });
  });
  afterAll(async () => {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("files of the host are not there", async () => {
    const paths = [
      "/etc/shadow",
      "/etc/passwd",
      "/root",
      "/home",
      homedir(),
      secret,
      services.store.folder,
      "/bin/sh",
      "/usr/bin/env",
      "/var",
      "/run",
      "/proc/1/root/etc/shadow",
      "/proc/1/cwd/../etc/shadow",
      process.cwd(),
    ];
    const seen = await attempts(
      services.sandbox,
      Object.fromEntries(paths.map((path, index) => [`p${index}`, `os.stat(${JSON.stringify(path)})`])),
    );
    for (const [index, path] of paths.entries())
      expect([path, seen[`p${index}`]]).toEqual([
        path,
        path.startsWith("/proc") ? expect.stringMatching(/^(EACCES|EPERM|ENOENT)$/) : "ENOENT",
      ]);
  });

  test("no shell lies anywhere", async () => {
    const source = `
import os
found = []
for r, ds, fs in os.walk('/'):
    ds[:] = [d for d in ds if r != '/' or d not in ('proc', 'sys', 'tmp')]
    found += [os.path.join(r, f) for f in fs if f in ('sh', 'bash', 'dash', 'busybox')]
print(found)`;
    expect((await services.sandbox.run(pythonJob(source))).stdout).toBe("[]\n");
  });

  test("nothing of the machine is told by /sys", async () => {
    const source = `
import os
found = []
for r, ds, fs in os.walk('/sys'):
    ds[:] = [d for d in ds if os.path.join(r, d) != '/sys/fs/cgroup']
    for f in fs:
        try: open(os.path.join(r, f)).read(1); found.append(os.path.join(r, f))
        except (OSError, UnicodeDecodeError): pass
print(found)`;
    expect((await services.sandbox.run(pythonJob(source))).stdout).toBe("[]\n");
  });

  test("nothing but /tmp and /out can be written", async () => {
    const seen = await attempts(
      services.sandbox,
      {
        root: "open('/file', 'w')",
        job: "open('/job/file', 'w')",
        code: "os.mkdir('/job/code')",
        runtime: "open('/runtime/file', 'w')",
        environment: "open('/opt/python/file', 'w')",
        usr: "open('/usr/lib/file', 'w')",
        etc: "open('/etc/hosts', 'w')",
        dev: "open('/dev/file', 'w')",
        proc: "open('/proc/sys/kernel/hostname', 'w')",
        core: "open('/proc/sys/kernel/core_pattern', 'w')",
        trigger: "open('/proc/sysrq-trigger', 'w')",
        sys: "open('/sys/fs/cgroup/cgroup.procs', 'w')",
        chmod: "os.chmod(os.path.realpath(sys.executable), 0o777)",
        chown: "os.chown('/tmp', 0, 0)",
        tmp: "open('/tmp/file', 'w')",
        out: "open('/out/file', 'w')",
      },
      "",
    );
    const { tmp, out, ...rest } = seen;
    expect([tmp, out]).toEqual(["DONE", "DONE"]);
    for (const [name, code] of Object.entries(rest))
      expect([name, ["EROFS", "EACCES", "EPERM", "ENOENT", "EINVAL"].includes(code)]).toEqual([name, true]);
  });

  test("its workspace is read-only, a tree of the store cannot be changed from inside, nor another seen", async () => {
    const tree = await services.store.putFiles({ "a/b.txt": "content" });
    await services.store.putFiles({ "other.txt": "other" });
    const source = `
import os
print(open('/job/data/a/b.txt').read(), os.listdir('/job/data'), open('/job/in.txt').read())
for f in (lambda: open('/job/data/a/b.txt', 'w'), lambda: open('/job/in.txt', 'a'), lambda: os.chmod('/job/data/a', 0o777), lambda: os.chmod('/job/in.txt', 0o666), lambda: os.remove('/job/data/a/b.txt'), lambda: os.rename('/job/data', '/job/other'), lambda: open('/job/data/new', 'w'), lambda: os.utime('/job/data/a/b.txt', (1, 1)), lambda: os.listdir('/job/data/../../trees')):
 try: f(); print('DONE')
 except OSError: print('no')`;
    const result = await services.sandbox.run(
      pythonJob(source, { trees: { data: tree }, files: { "in.txt": "text" } }),
    );
    expect(result.stdout).toBe(`content ['a'] text\n${"no\n".repeat(9)}`);
  });

  test("the private answers of its own task are nowhere, though they lie in the same store", async () => {
    const mark = `private-answer-${process.pid}-${engine.kind.length}`;
    const [head, tail] = [mark.slice(0, 8), mark.slice(8)];
    const open = await services.store.putFiles({ "test.csv": "id\n1\n" });
    const answers = await services.store.putFiles({ "test_answer.csv": `id,answer\n1,${mark}\n` });
    // A job that is given the answers runs first, as in grading: nothing of it may be left for the next.
    const grading = await services.sandbox.run(
      pythonJob("print(len(open('/job/private/test_answer.csv').read()))", { trees: { private: answers } }),
    );
    expect(grading).toMatchObject({ status: "ok" });
    const source = `
import os
wanted, found = ('${head}' + '${tail}').encode(), []
for r, ds, fs in os.walk('/'):
    if r == '/': ds[:] = [d for d in ds if d not in ('usr', 'sys')]
    # Terminals would wait for somebody to type.
    if r == '/dev': ds[:], fs = [d for d in ds if d == 'shm'], []
    if r == '/proc': ds[:], fs = [d for d in ds if d.isdigit() and d != str(os.getpid())], []
    ds[:] = [d for d in ds if os.path.join(r, d) != '/opt/python']
    for f in fs:
        try:
            with open(os.path.join(r, f), 'rb') as file:
                if wanted in file.read(1 << 20): found.append(os.path.join(r, f))
        except OSError: pass
for guess in ('/job/private', '/job/data/../private', '/job/../private', '/store', '/out/../private', ${JSON.stringify(services.store.treePath(answers))}):
    if os.path.exists(guess): found.append(guess)
print(sorted(os.listdir('/job')), found)`;
    const result = await services.sandbox.run(pythonJob(source, { trees: { data: open } }));
    expect(result).toMatchObject({ status: "ok", stdout: "['data'] []\n" });
  });
});
