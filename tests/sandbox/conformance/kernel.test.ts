import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { attempts, rawCalls } from "./attempts.ts";
import { onEveryEngine } from "./engines.ts";

/** The network, and calls that open the kernel. */
onEveryEngine((engine) => {
  let services: TestServices;
  let folder: string;
  const servers: Server[] = [];

  beforeAll(async () => {
    services = await engine.open();
    folder = await mkdtemp(join(tmpdir(), "mle-smith-sockets-"));
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await services.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("no socket but local ones; a server on loopback, an abstract and a named socket of the host are out of reach", async () => {
    const listen = (where: object | string) =>
      new Promise<Server>((resolve) => {
        const server = createServer((socket) => socket.end("reached"));
        servers.push(server);
        server.listen(where as never, () => resolve(server));
      });
    const address = (await listen({ port: 0, host: "127.0.0.1" })).address();
    const port = typeof address === "object" ? address?.port : 0;
    const abstractName = `mle-smith-test-${process.pid}-${engine.kind.length}`;
    await listen(`\0${abstractName}`);
    const named = join(folder, "socket");
    await listen(named);
    const seen = await attempts(services.sandbox, {
      tcp: `socket.create_connection(('127.0.0.1', ${port}), timeout=2)`,
      tcp6: "socket.socket(socket.AF_INET6)",
      udp: "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
      netlink: "socket.socket(socket.AF_NETLINK)",
      packet: "socket.socket(socket.AF_PACKET)",
      vsock: "socket.socket(40, socket.SOCK_STREAM)",
      name: "socket.getaddrinfo('example.org', 80)",
      abstract: `socket.socket(socket.AF_UNIX).connect('\\0${abstractName}')`,
      named: `socket.socket(socket.AF_UNIX).connect(${JSON.stringify(named)})`,
      docker: "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
      pair: "socket.socketpair()",
    });
    const { name, ...rest } = seen;
    expect(name).not.toBe("DONE");
    expect(rest).toEqual({
      tcp: "EAFNOSUPPORT",
      tcp6: "EAFNOSUPPORT",
      udp: "EAFNOSUPPORT",
      netlink: "EAFNOSUPPORT",
      packet: "EAFNOSUPPORT",
      vsock: "EAFNOSUPPORT",
      abstract: "ECONNREFUSED",
      named: "ENOENT",
      docker: "ENOENT",
      pair: "DONE",
    });
  });

  test("no interface but loopback lies in its network", async () => {
    const source = "print(sorted(l.split(':')[0].strip() for l in open('/proc/net/dev').readlines()[2:]))";
    const { stdout } = await services.sandbox.run(pythonJob(source));
    // Kernels with tunnels built in show theirs in every namespace; none leads anywhere.
    expect(stdout).toMatch(/'lo'/);
    expect(stdout).not.toMatch(/eth|en[opsx]\d|wl|docker|veth|br-/);
  });

  test("calls that open the kernel are refused", async () => {
    const seen = await attempts(
      services.sandbox,
      {
        ptrace: "call(101, 117, 16, 1, 0, 0)",
        process_vm_readv: "call(310, 270, 1, 0, 0, 0, 0, 0)",
        process_vm_writev: "call(311, 271, 1, 0, 0, 0, 0, 0)",
        mount: "call(165, 40, 0, 0, 0, 0, 0)",
        umount: "call(166, 39, 0, 0)",
        fsopen: "call(430, 430, 0, 0)",
        open_tree: "call(428, 428, 0, 0, 0)",
        pivot_root: "call(155, 41, 0, 0)",
        chroot: "os.chroot('/tmp')",
        unshare: "call(272, 97, 0x10000000)",
        unshare_network: "call(272, 97, 0x40000000)",
        setns: "call(308, 268, 0, 0)",
        clone_user: "call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)",
        bpf: "call(321, 280, 0, 0, 0)",
        io_uring: "call(425, 425, 1, 0)",
        io_uring_enter: "call(426, 426, 0, 0, 0, 0, 0, 0)",
        keyctl: "call(250, 219, 0, 0)",
        add_key: "call(248, 217, 0, 0, 0, 0, 0)",
        request_key: "call(249, 218, 0, 0, 0, 0)",
        perf: "call(298, 241, 0, 0, 0, 0, 0)",
        userfaultfd: "call(323, 282, 0)",
        handle: "call(304, 265, 0, 0, 0)",
        pidfd_getfd: "call(438, 438, 0, 0, 0)",
        module: "call(313, 273, 0, 0, 0)",
        kexec: "call(246, 104, 0, 0, 0, 0)",
        hostname: "socket.sethostname('x')",
        clock: "call(227, 112, 0, 0)",
        personality: "call(135, 92, 0x0040000)",
        reboot: "call(169, 142, 0, 0, 0, 0)",
      },
      rawCalls,
    );
    for (const [name, code] of Object.entries(seen)) expect([name, code]).toEqual([name, "EPERM"]);
  });

  test("no device can be made or opened but the harmless ones", async () => {
    const seen = await attempts(services.sandbox, {
      block: "os.mknod('/tmp/disk', 0o060600, os.makedev(8, 0))",
      character: "os.mknod('/tmp/memory', 0o020600, os.makedev(1, 1))",
      memory: "open('/dev/mem', 'rb')",
      kernel: "open('/dev/kmsg', 'rb')",
      disk: "open('/dev/sda', 'rb')",
      fuse: "open('/dev/fuse', 'rb')",
      kvm: "open('/dev/kvm', 'rb')",
      tunnel: "open('/dev/net/tun', 'rb')",
      kcore: "open('/proc/kcore', 'rb').read(1) or os.close(-1)",
      rise: "os.setuid(0)",
      group: "os.setgroups([0])",
      priority: "os.nice(-5)",
    });
    for (const [name, code] of Object.entries(seen))
      expect([name, code]).toEqual([
        name,
        expect.stringMatching(/^(EPERM|ENOENT|EACCES|EBADF|EINVAL|ENXIO)$/),
      ]);
  });

  test("clone3, whose flags a filter cannot see, counts as unknown, and threads work all the same", async () => {
    expect(await attempts(services.sandbox, { clone3: "call(435, 435, 0, 0)" }, rawCalls)).toEqual({
      clone3: "ENOSYS",
    });
    const source =
      "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start(); t.join()";
    expect((await services.sandbox.run(pythonJob(source))).stdout).toBe("thread\n");
  });

  test.runIf(process.arch === "x64")("calls of the x32 kind end the process", async () => {
    const result = await services.sandbox.run(pythonJob(`${rawCalls}\ncall(0x40000000 + 39, 0)`));
    expect(result).toMatchObject({ status: "nonzero_exit", exitCode: 159 });
  });

  test("a set-uid file gives nothing, and none can be made to", async () => {
    const source = `
import os, sys
print(os.getuid(), os.getuid(), flush=True)
open('/tmp/x', 'wb').write(open(os.path.realpath(sys.executable), 'rb').read()); os.chmod('/tmp/x', 0o6755)
os.environ['PYTHONHOME'] = sys.base_prefix
os.execv('/tmp/x', ['/tmp/x', '-S', '-c', 'import posix; print(posix.getuid(), posix.geteuid())'])`;
    const [before, after] = (await services.sandbox.run(pythonJob(source))).stdout.trim().split("\n");
    expect(before).toMatch(/^\d+ \d+$/);
    expect(after).toBe(before);
  });
});
