import { readdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestServices } from "../../helpers/services.ts";
import { pythonJob } from "../jobs.ts";
import { onEveryEngine } from "./engines.ts";

/** What is left under /out, and what of it is collected. */
onEveryEngine((engine) => {
  let services: TestServices;
  beforeAll(async () => {
    services = await engine.open();
  });
  afterAll(async () => services.close());

  /** Runs a program that must end well; gives its result and where its outputs lie. */
  async function collected(source: string) {
    const result = await services.sandbox.run(pythonJob(source));
    expect(result).toMatchObject({ status: "ok" });
    if (result.status !== "ok") throw new Error(result.stderr);
    return { result, folder: services.store.treePath(result.outputs) };
  }

  test("links, pipes and sockets are left out; what they point to is not read", async () => {
    const { result, folder } = await collected(`
import os, socket
os.symlink('/etc/shadow', '/out/absolute')
os.symlink('../../../../etc/passwd', '/out/relative')
os.symlink('/job', '/out/folder')
os.symlink('/proc/1/environ', '/out/process')
os.mkfifo('/out/pipe')
socket.socket(socket.AF_UNIX).bind('/out/socket')
open('/out/real', 'w').write('real')
os.link('/out/real', '/out/second-name')`);
    expect(readdirSync(folder).sort()).toEqual(["real", "second-name"]);
    expect((await stat(join(folder, "second-name"))).nlink).toBe(1);
    expect(result.stderr).toContain("6 links, special files or too deep folders");
  });

  test("no hard link leads to a file that is not its own", async () => {
    const tree = await services.store.putFiles({ "a.txt": "of the store" });
    const source = `
import os, sys
for i, path in enumerate(['/job/data/a.txt', '/job/in.txt', os.path.realpath(sys.executable), '/runtime/mledojo/__init__.py', '/proc/1/environ']):
    try: os.link(path, '/out/link%d' % i); print('DONE')
    except OSError: print('no')`;
    const result = await services.sandbox.run(
      pythonJob(source, { trees: { data: tree }, files: { "in.txt": "x" } }),
    );
    expect(result).toMatchObject({ status: "ok", stdout: "no\n".repeat(5), outputs: { files: 0 } });
  });

  test("/out replaced by a link leads nowhere, and parents of it are not collected", async () => {
    expect(
      (await collected("import os\nos.rmdir('/tmp/.out'); os.symlink('/opt', '/tmp/.out')")).result,
    ).toMatchObject({ outputs: { files: 0 } });
    const { folder } = await collected(
      "import os\nopen('/tmp/outside', 'w').write('x'); os.mkdir('/out/d'); os.symlink('..', '/out/d/..x'); os.symlink('/tmp', '/out/up'); open('/out/d/../in', 'w').write('x')",
    );
    expect(readdirSync(folder)).toEqual(["in"]);
  });

  test("names that a host would stumble over are left out; long and odd ones are kept", async () => {
    const { result, folder } = await collected(`
for name in ['ok', 'x' * 255, 'é ü 漢', 'a b', 'new\\nline', 'back\\\\slash', 'bell\\a', '...']: open('/out/' + name, 'w').write('x')
open(b'/out/\\xff\\xfe', 'w').write('x')
import os
os.makedirs('/out/' + '/'.join(['d' * 100] * 3)); open('/out/' + '/'.join(['d' * 100] * 3) + '/f', 'w').write('deep')`);
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

  test("a name of 4,000 bytes: refused as one name, left out as a path", async () => {
    const { result, folder } = await collected(`
import os
try: open('/out/' + 'x' * 4000, 'w'); print('DONE')
except OSError as error: print(error.strerror)
os.chdir('/out')
for i in range(20): os.mkdir('y' * 200); os.chdir('y' * 200)
open('f', 'w').write('deep')
open('/out/ok', 'w').write('x')`);
    expect(result.stdout).toBe("File name too long\n");
    expect(readdirSync(folder)).toEqual(["ok"]);
    expect(result.stderr).toContain("not allowed");
  });

  test("folders nested a thousand deep end neither in a crash nor in a hang", async () => {
    const { result } = await collected(
      "import os\nfor i in range(1000): os.mkdir('/out/d' if i == 0 else 'd'); os.chdir('/out/d' if i == 0 else 'd')\nopen('f', 'w')\nopen('/out/ok', 'w')",
    );
    expect(result).toMatchObject({ outputs: { files: 1 } });
  });

  test("unreadable files are collected: they belong to the job", async () => {
    const { result } = await collected(
      "import os\nos.mkdir('/out/d'); open('/out/d/f', 'w').write('x'); os.chmod('/out/d/f', 0); os.chmod('/out/d', 0)",
    );
    expect(result).toMatchObject({ outputs: { files: 1, bytes: 1 } });
  });

  test("many files and large ones arrive whole", async () => {
    const { result, folder } = await collected(`
import os
for i in range(500): open(f'/out/{i}.txt', 'w').write(str(i) * 10)
open('/out/large.bin', 'wb').write(bytes(range(256)) * (20 << 12))`);
    expect(result).toMatchObject({ outputs: { files: 501 } });
    expect(readFileSync(join(folder, "499.txt"), "utf8")).toBe("499".repeat(10));
    const large = readFileSync(join(folder, "large.bin"));
    expect(large.length).toBe(20 << 20);
    expect(large.subarray(-256)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, index) => index)));
  });

  test("more than allowed, or a sparse file that claims more, is too large", async () => {
    const limits = { outputBytes: 1 << 20 };
    const large = "open('/out/big', 'wb').write(bytes(3 << 20))";
    expect((await services.sandbox.run(pythonJob(large, { limits }))).status).toBe("output_too_large");
    const sparse = "import os\nos.truncate(os.open('/out/big', os.O_CREAT | os.O_WRONLY), 60 << 20)";
    expect((await services.sandbox.run(pythonJob(sparse, { limits }))).status).toBe("output_too_large");
  });
});
