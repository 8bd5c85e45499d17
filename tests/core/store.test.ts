import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BadInputError, InfrastructureError } from "../../core/errors.ts";
import { diskError } from "../../core/store/disk-errors.ts";
import { removeStore } from "../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../core/store.ts";

let folder: string;
let store: ArtefactStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-store-"));
  store = await openStore(join(folder, "store"));
});
afterEach(async () => {
  await removeStore(folder);
});

const treeNames = async () => (await readdir(join(store.folder, "trees"))).sort();

describe("trees", () => {
  test("the same content has one name, however it came in", async () => {
    const source = join(folder, "source");
    await mkdir(join(source, "b/empty"), { recursive: true });
    await writeFile(join(source, "b/large.bin"), Buffer.alloc(3_000_000, 7));
    await writeFile(join(source, "a.txt"), "text");
    const copied = await store.putTree(source);
    const written = await store.putFiles({ "b/large.bin": Buffer.alloc(3_000_000, 7), "a.txt": "text" });
    const moved = await store.putTree(source, { move: true });
    expect(written).toEqual(copied);
    expect(moved).toEqual(copied);
    expect(copied).toMatchObject({ files: 2, bytes: 3_000_004 });
    expect(await treeNames()).toEqual([copied.hash]);
    await expect(stat(source)).rejects.toThrow();
    expect(await readFile(join(store.treePath(copied), "a.txt"), "utf8")).toBe("text");
  });

  test("another path, another cut between files or other content is another tree", async () => {
    const trees = [{ a: "xy" }, { b: "xy" }, { a: "x", b: "y" }, { a: "x" }, { "a/b": "xy" }, {}];
    const hashes = await Promise.all(
      trees.map(async (files) => (await store.putFiles(files as Record<string, string>)).hash),
    );
    expect(new Set(hashes).size).toBe(trees.length);
  });

  test("names do not depend on the order in which files come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.string(), { maxKeys: 6 }),
        async (files) => {
          const turned = Object.fromEntries(Object.entries(files).reverse());
          expect(await store.putFiles(turned)).toEqual(await store.putFiles(files));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("are read-only, and readable by others", async () => {
    const tree = await store.putFiles({ "a/b.txt": "x" });
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(join(store.treePath(tree), "a/b.txt"))).toBe("444");
    expect(await mode(join(store.treePath(tree), "a"))).toBe("555");
    expect(await mode(store.treePath(tree))).toBe("555");
    expect(await mode(store.folder)).toBe("755");
  });

  test("refuse links, pipes, sockets and paths that lead out", async () => {
    const source = join(folder, "source");
    const refused = async (prepare: () => Promise<unknown>) => {
      await mkdir(source);
      await writeFile(join(source, "fine"), "x");
      await prepare();
      await expect(store.putTree(source)).rejects.toThrow(BadInputError);
      await expect(store.putTree(source, { move: true })).rejects.toThrow(BadInputError);
      expect((await readdir(source)).length).toBeGreaterThan(1);
      await rm(source, { recursive: true });
    };
    await refused(() => symlink("/etc/passwd", join(source, "link")));
    await refused(() => symlink("/etc", join(source, "folder-link")));
    await refused(async () => execFileSync("mkfifo", [join(source, "pipe")]));
    await refused(async () => {
      const server = createServer().listen(join(source, "socket"));
      await once(server, "listening");
      server.unref();
    });
    for (const path of ["../x", "/x", "a/../x", "a//b", "./a", "", "a\0b"])
      await expect(store.putFiles({ [path]: "x" })).rejects.toThrow(BadInputError);
    await expect(store.putTree(join(folder, "nowhere"))).rejects.toThrow(BadInputError);
    await writeFile(join(folder, "file"), "x");
    await expect(store.putTree(join(folder, "file"))).rejects.toThrow(BadInputError);
    expect(await treeNames()).toEqual([]);
  });

  test("a moved file that has another name outside cannot be changed through it", async () => {
    const source = join(folder, "source");
    await mkdir(source);
    await writeFile(join(source, "a"), "kept");
    await link(join(source, "a"), join(folder, "outside"));
    const tree = await store.putTree(source, { move: true });
    await chmod(join(folder, "outside"), 0o644);
    await writeFile(join(folder, "outside"), "changed");
    expect(await readFile(join(store.treePath(tree), "a"), "utf8")).toBe("kept");
  });

  test("many at once, some equal, all come out whole", async () => {
    const trees = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        store.putFiles({ "a/x": `${index % 4}`, "a/y": "y", "b/z": "z" }),
      ),
    );
    expect(new Set(trees.map((tree) => tree.hash)).size).toBe(4);
    expect((await treeNames()).length).toBe(4);
  });

  test("3,000 small files take a moment", async () => {
    const source = join(folder, "source");
    await mkdir(source);
    for (let index = 0; index < 3000; index += 1)
      await writeFile(join(source, `file-${index}.txt`), `content ${index}`);
    const begun = performance.now();
    const tree = await store.putTree(source);
    expect(tree.files).toBe(3000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test("a process that is killed leaves no half-written tree, and its leftovers go at the next opening", async () => {
    const script = `import { openStore } from ${JSON.stringify(new URL("../../core/store.ts", import.meta.url).href)};
const store = await openStore(${JSON.stringify(store.folder)});
const tree = await store.newTree();
await tree.add("a/b.txt", "half");
console.log("writing");
setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect((await treeNames()).length).toBe(1);
    await openStore(store.folder);
    expect(await treeNames()).toEqual([]);
  });
});

describe("values", () => {
  test("come back by their key, whatever it is", async () => {
    for (const key of ["a", "../../outside", "ä/b c", "x".repeat(5000)]) {
      expect(await store.getJson(key)).toBeUndefined();
      await store.putJson(key, { key, list: [1, null, "x"] });
      expect(await store.getJson(key)).toEqual({ key, list: [1, null, "x"] });
    }
    await store.putJson("a", 2);
    expect(await store.getJson("a")).toBe(2);
  });

  test("one that was cut short counts as absent", async () => {
    await store.putJson("a", "value");
    const [group = ""] = await readdir(join(store.folder, "json"));
    const [name = ""] = await readdir(join(store.folder, "json", group));
    await writeFile(join(store.folder, "json", group, name), '{"key": "a", "val');
    expect(await store.getJson("a")).toBeUndefined();
  });

  test("many writers of one key: a reader sees one of the values, whole", async () => {
    const value = (index: number) => ({ index, text: "x".repeat(100_000) });
    await store.putJson("k", value(-1));
    const writes = Array.from({ length: 20 }, (_, index) => store.putJson("k", value(index)));
    for (let read = 0; read < 20; read += 1)
      expect(await store.getJson("k")).toMatchObject({ text: "x".repeat(100_000) });
    await Promise.all(writes);
  });
});

describe("a disk that fails", () => {
  test("is named as full, with what to do", () => {
    const error = diskError(
      Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }),
      "/some/store",
    );
    expect(error).toBeInstanceOf(InfrastructureError);
    expect(error.message).toBe("The disk is full: nothing more can be written under /some/store");
    expect((error as InfrastructureError).hint).toMatch(/Free some space/);
  });

  test.each([
    "../../../etc",
    "..",
    "",
    `${"a".repeat(63)}/`,
  ])("a reference to %j leads nowhere", async (hash) => {
    const store = await openStore(join(folder, "store"));
    const reference = { hash, files: 1, bytes: 1 };
    expect(() => store.treePath(reference)).toThrow(InfrastructureError);
    await expect(store.hasTree(reference)).rejects.toThrow(/no tree of the store/);
  });

  test("a folder that cannot be made is our fault, said plainly", async () => {
    await writeFile(join(folder, "file"), "x");
    await expect(openStore(join(folder, "file", "store"))).rejects.toThrow(InfrastructureError);
  });

  test.runIf(process.getuid?.() === 0)(
    "a really full disk: a clear error, nothing half-written, and work goes on when there is room",
    async () => {
      const small = join(folder, "small");
      await mkdir(small);
      // Mounted for one command's own view only, so that nothing stays mounted whatever happens.
      const script = `import { openStore } from ${JSON.stringify(new URL("../../core/store.ts", import.meta.url).href)};
import { readdir } from "node:fs/promises";
const store = await openStore(${JSON.stringify(small)} + "/store");
const failures = [];
await store.putFiles({ "big": Buffer.alloc(6 << 20) }).catch((error) => failures.push(error.name + ": " + error.message));
await store.putJson("key", "x".repeat(6 << 20)).catch((error) => failures.push(error.name));
const tree = await store.putFiles({ "fits": Buffer.alloc(1 << 20) });
console.log(JSON.stringify({ failures, trees: (await readdir(store.folder + "/trees")).length, whole: tree.bytes }));`;
      const command = `mount -t tmpfs -o size=4m tmpfs ${small} && exec "$0" --import tsx --input-type=module -e "$1"`;
      const stdout = execFileSync("unshare", ["--mount", "sh", "-c", command, process.execPath, script], {
        encoding: "utf8",
      });
      expect(JSON.parse(stdout)).toEqual({
        failures: [expect.stringMatching(/^InfrastructureError: The disk is full/), "InfrastructureError"],
        trees: 1,
        whole: 1 << 20,
      });
    },
  );
});
