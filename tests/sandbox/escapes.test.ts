import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestServices, testServices } from "../helpers/services.ts";
import { pythonJob } from "./jobs.ts";

/** Interpreters that are kept ready must not open anything. */
describe.each([
  { kind: "a sandbox for each job", ready: false },
  { kind: "ready interpreters", ready: true },
])("$kind", ({ ready }) => {
  let services: TestServices;
  let folder: string;
  let secret: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    services = await testServices({ slots: 2, ready });
    folder = await mkdtemp(join(tmpdir(), "mle-smith-secret-"));
    secret = join(folder, "secret.txt");
    writeFileSync(secret, "secret", { mode: 0o644 });
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await services.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs lines of Python, each of which must raise OSError; prints `name: errno` for it, `name: DONE` where it worked. */
  async function attempts(lines: Record<string, string>, setup = ""): Promise<Record<string, string>> {
    const body = Object.entries(lines)
      .map(
        ([name, line]) =>
          `try:\n    ${line}\n    print('${name}: DONE')\nexcept OSError as error:\n    print('${name}: ' + errno.errorcode.get(error.errno or 0, str(error)))`,
      )
      .join("\n");
    const result = await services.sandbox.run(pythonJob(`import errno, os, socket, sys\n${setup}\n${body}`));
    expect(result).toMatchObject({ status: "ok", stderr: "" });
    return Object.fromEntries(
      result.stdout
        .trim()
        .split("\n")
        .map((line) => line.split(": ") as [string, string]),
    );
  }

  /** Raw system calls, for what Python has no function for. */
  const rawCalls = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
X = platform.machine() == 'x86_64'
def call(x64, arm64, *arguments):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(x64 if X else arm64), *[ctypes.c_long(a) for a in arguments]) == -1:
        raise OSError(ctypes.get_errno(), 'refused')
`;

  describe("files of the host", () => {
    test("are not there", async () => {
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
        "/sys",
        "/var",
        "/run",
        process.cwd(),
      ];
      const seen = await attempts(
        Object.fromEntries(paths.map((path, index) => [`p${index}`, `os.stat(${JSON.stringify(path)})`])),
      );
      expect(Object.values(seen)).toEqual(paths.map(() => "ENOENT"));
    });

    test("no shell lies where Python needs its libraries", async () => {
      const source =
        "import os\nfound = [os.path.join(r, f) for r, _, fs in os.walk('/usr') for f in fs if f in ('sh', 'bash', 'dash', 'busybox')]\nprint(found)";
      expect((await services.sandbox.run(pythonJob(source))).stdout).toBe("[]\n");
    });

    test("nothing but /tmp, /out and semaphores can be written", async () => {
      const seen = await attempts({
        root: "open('/file', 'w')",
        job: "open('/job/file', 'w')",
        input: "open('/job/in.txt', 'w')",
        code: "os.mkdir('/job/code')",
        runtime: "open('/runtime/file', 'w')",
        environment: "open('/opt/python/file', 'w')",
        usr: "open('/usr/lib/file', 'w')",
        dev: "open('/dev/file', 'w')",
        proc: "open('/proc/sys/kernel/hostname', 'w')",
        chmod: "os.chmod('/usr/bin/python3', 0o777)",
        tmp: "open('/tmp/file', 'w')",
        out: "open('/out/file', 'w')",
      });
      const { tmp, out, ...rest } = seen;
      expect([tmp, out]).toEqual(["DONE", "DONE"]);
      for (const [name, code] of Object.entries(rest))
        expect([name, ["EROFS", "EACCES", "EPERM", "ENOENT"].includes(code)]).toEqual([name, true]);
    });

    test("a tree of the store cannot be changed from inside, nor another seen", async () => {
      const tree = await services.store.putFiles({ "a/b.txt": "content" });
      await services.store.putFiles({ "other.txt": "other" });
      const source =
        "import os\nprint(open('/job/data/a/b.txt').read(), os.listdir('/job/data'))\nfor f in (lambda: open('/job/data/a/b.txt', 'w'), lambda: os.chmod('/job/data/a', 0o777), lambda: os.remove('/job/data/a/b.txt'), lambda: os.listdir('/job/data/../../trees')):\n try: f(); print('DONE')\n except OSError: print('no')";
      const result = await services.sandbox.run(pythonJob(source, { trees: { data: tree } }));
      expect(result.stdout).toBe("content ['a']\nno\nno\nno\nno\n");
    });
  });

  describe("what a job can know of us", () => {
    test("no environment of ours, in its own or in any process's", async () => {
      process.env.SECRET_FOR_TEST = "sk-secret-in-environment";
      const source =
        "import os\nprint(dict(os.environ))\nfor p in os.listdir('/proc'):\n if p.isdigit():\n  try: print(p, repr(open(f'/proc/{p}/environ').read()), open(f'/proc/{p}/cmdline').read())\n  except OSError as e: print(p, e)";
      const { stdout } = await services.sandbox.run(pythonJob(source));
      delete process.env.SECRET_FOR_TEST;
      expect(stdout).not.toContain("sk-secret");
      expect(stdout).toContain(ready ? "1 [Errno 13] Permission denied" : "1 ''");
      expect(stdout).not.toContain("KMP_");
      expect(stdout).not.toContain(services.store.folder);
    });

    test("an unprivileged user, no capability, no way to gain one, no descriptor of ours", async () => {
      const source = `
import os, re
status = open('/proc/self/status').read()
print(os.getuid(), os.getgid(), *re.findall(r'(?:CapEff|CapBnd|NoNewPrivs|Seccomp):\\s+(\\w+)', status))
# The descriptor that lists the folder is gone when its turn comes.
print([n for n in os.listdir('/proc/self/fd') if int(n) > 2 and os.path.lexists(f'/proc/self/fd/{n}')])`;
      const { stdout } = await services.sandbox.run(pythonJob(source));
      expect(stdout).toBe("1000 1000 0000000000000000 0000000000000000 1 2\n[]\n");
    });

    test("outside it is not root", async () => {
      const stop = new AbortController();
      const mark = `uid-${process.pid}`;
      const running = services.sandbox.run(pythonJob(`import time; time.sleep(60) #${mark}`), {
        signal: stop.signal,
      });
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
      // bubblewrap twice, the supervisor and the program; from a ready interpreter only the program tells.
      await expect.poll(() => owners().length, { timeout: 20_000 }).toBe(ready ? 1 : 4);
      const seen = owners().flat();
      stop.abort();
      await running;
      for (const uid of seen) expect(["0", "65534"]).not.toContain(uid);
    });

    test("only its own processes", async () => {
      const { stdout } = await services.sandbox.run(
        pythonJob("import os; print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))"),
      );
      expect(stdout).toBe(ready ? "[1, 2]\n" : "[1, 2, 3]\n");
    });
  });

  describe("the network", () => {
    test("no socket but local ones; a server on loopback, an abstract and a named socket of the host are out of reach", async () => {
      const listen = (where: object | string) =>
        new Promise<Server>((resolve) => {
          const server = createServer((socket) => socket.end("reached"));
          servers.push(server);
          server.listen(where as never, () => resolve(server));
        });
      const address = (await listen({ port: 0, host: "127.0.0.1" })).address();
      const port = typeof address === "object" ? address?.port : 0;
      const abstractName = `mle-smith-test-${process.pid}`;
      await listen(`\0${abstractName}`);
      const named = join(folder, "socket");
      await listen(named);
      const seen = await attempts({
        tcp: `socket.create_connection(('127.0.0.1', ${port}), timeout=2)`,
        tcp6: "socket.socket(socket.AF_INET6)",
        udp: "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        netlink: "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        packet: "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        vsock: "socket.socket(40, socket.SOCK_STREAM)",
        abstract: `socket.socket(socket.AF_UNIX).connect('\\0${abstractName}')`,
        named: `socket.socket(socket.AF_UNIX).connect(${JSON.stringify(named)})`,
        pair: "socket.socketpair()",
      });
      expect(seen).toEqual({
        tcp: "EAFNOSUPPORT",
        tcp6: "EAFNOSUPPORT",
        udp: "EAFNOSUPPORT",
        netlink: "EAFNOSUPPORT",
        packet: "EAFNOSUPPORT",
        vsock: "EAFNOSUPPORT",
        abstract: "ECONNREFUSED",
        named: "ENOENT",
        pair: "DONE",
      });
    });
  });

  describe("the kernel", () => {
    test("calls that open it are refused", async () => {
      const seen = await attempts(
        {
          ptrace: "call(101, 117, 16, 1, 0, 0)",
          process_vm_writev: "call(311, 271, 1, 0, 0, 0, 0, 0)",
          mount: "call(165, 40, 0, 0, 0, 0, 0)",
          umount: "call(166, 39, 0, 0)",
          fsopen: "call(430, 430, 0, 0)",
          open_tree: "call(428, 428, 0, 0, 0)",
          pivot_root: "call(155, 41, 0, 0)",
          chroot: "os.chroot('/tmp')",
          unshare: "call(272, 97, 0x10000000)",
          setns: "call(308, 268, 0, 0)",
          clone_user: "call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)",
          bpf: "call(321, 280, 0, 0, 0)",
          io_uring: "call(425, 425, 1, 0)",
          keyctl: "call(250, 219, 0, 0)",
          add_key: "call(248, 217, 0, 0, 0, 0, 0)",
          perf: "call(298, 241, 0, 0, 0, 0, 0)",
          userfaultfd: "call(323, 282, 0)",
          handle: "call(304, 265, 0, 0, 0)",
          pidfd_getfd: "call(438, 438, 0, 0, 0)",
          module: "call(313, 273, 0, 0, 0)",
          kexec: "call(246, 104, 0, 0, 0, 0)",
          hostname: "socket.sethostname('x')",
          clock: "call(227, 112, 0, 0)",
        },
        rawCalls,
      );
      for (const [name, code] of Object.entries(seen)) expect([name, code]).toEqual([name, "EPERM"]);
    });

    test("clone3, whose flags a filter cannot see, counts as unknown, and threads work all the same", async () => {
      expect(await attempts({ clone3: "call(435, 435, 0, 0)" }, rawCalls)).toEqual({ clone3: "ENOSYS" });
      const { stdout } = await services.sandbox.run(
        pythonJob(
          "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start(); t.join()",
        ),
      );
      expect(stdout).toBe("thread\n");
    });

    test.runIf(process.arch === "x64")("calls of the x32 kind end the process", async () => {
      const result = await services.sandbox.run(pythonJob(`${rawCalls}\ncall(0x40000000 + 39, 0)`));
      expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 159 });
    });

    test("a set-uid file gives nothing, and none can be made to", async () => {
      const source =
        "import os\nopen('/tmp/x', 'wb').write(open('/usr/bin/python3', 'rb').read()); os.chmod('/tmp/x', 0o6755)\nos.execv('/tmp/x', ['/tmp/x', '-I', '-S', '-c', 'import posix; print(posix.getuid(), posix.geteuid())'])";
      expect((await services.sandbox.run(pythonJob(source))).stdout).toBe("1000 1000\n");
    });
  });

  describe("what is left under /out", () => {
    test("links, pipes and sockets are left out; what they point to is not read", async () => {
      const source = `
import os, socket
os.symlink('/etc/shadow', '/out/absolute')
os.symlink('../../../../etc/passwd', '/out/relative')
os.symlink('/job', '/out/folder')
os.mkfifo('/out/pipe')
socket.socket(socket.AF_UNIX).bind('/out/socket')
open('/out/real', 'w').write('real')
os.link('/out/real', '/out/second-name')`;
      const result = await services.sandbox.run(pythonJob(source));
      expect(result.status).toBe("ok");
      if (result.status !== "ok") return;
      expect(readdirSync(services.store.treePath(result.outputs)).sort()).toEqual(["real", "second-name"]);
      expect((await stat(join(services.store.treePath(result.outputs), "second-name"))).nlink).toBe(1);
      expect(result.stderr).toContain("5 links, special files or too deep folders");
    });

    test("/out replaced by a link leads nowhere", async () => {
      const result = await services.sandbox.run(
        pythonJob("import os\nos.rmdir('/tmp/.out'); os.symlink('/opt', '/tmp/.out')"),
      );
      expect(result).toMatchObject({ status: "ok", outputs: { files: 0 } });
    });

    test("names that a host would stumble over are left out; long and odd ones are kept", async () => {
      const source = `
for name in ['ok', 'x' * 255, 'é ü 漢', 'a b', 'new\\nline', 'back\\\\slash', 'bell\\a', '...']: open('/out/' + name, 'w').write('x')
open(b'/out/\\xff\\xfe', 'w').write('x')
import os
os.makedirs('/out/' + '/'.join(['d' * 100] * 3)); open('/out/' + '/'.join(['d' * 100] * 3) + '/f', 'w').write('deep')`;
      const result = await services.sandbox.run(pythonJob(source));
      expect(result.status).toBe("ok");
      if (result.status !== "ok") return;
      const folder = services.store.treePath(result.outputs);
      expect(readdirSync(folder).sort()).toEqual([
        "...",
        "a b",
        "d".repeat(100),
        "ok",
        "x".repeat(255),
        "é ü 漢",
      ]);
      expect(readFileSync(join(folder, "d".repeat(100), "d".repeat(100), "d".repeat(100), "f"), "utf8")).toBe(
        "deep",
      );
      expect(result.stderr).toContain("not allowed");
    });

    test("folders nested a thousand deep end neither in a crash nor in a hang", async () => {
      const source =
        "import os\nfor i in range(1000): os.mkdir('/out/d' if i == 0 else 'd'); os.chdir('/out/d' if i == 0 else 'd')\nopen('f', 'w')\nopen('/out/ok', 'w')";
      const result = await services.sandbox.run(pythonJob(source));
      expect(result).toMatchObject({ status: "ok", outputs: { files: 1 } });
    });

    test("unreadable files are collected: they belong to the job", async () => {
      const result = await services.sandbox.run(
        pythonJob(
          "import os\nos.mkdir('/out/d'); open('/out/d/f', 'w').write('x'); os.chmod('/out/d/f', 0); os.chmod('/out/d', 0)",
        ),
      );
      expect(result).toMatchObject({ status: "ok", outputs: { files: 1, bytes: 1 } });
    });
  });
});
