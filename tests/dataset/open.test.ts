import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadInputError, InterruptedError } from "../../core/errors.ts";
import { copyRaw } from "../../dataset/copy-raw.ts";
import { type OpenedDataset, openDataset } from "../../dataset/open.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { tarGzOf, zipOf } from "./archives.ts";

let services: TestServices;
let root: string;
beforeAll(async () => {
  services = await testServices();
  root = await mkdtemp(join(tmpdir(), "mle-smith-open-"));
});
afterAll(async () => {
  await services?.close();
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

/** Paths in the opened dataset. */
async function paths({ raw }: OpenedDataset): Promise<string[]> {
  const folder = services.store.treePath(raw);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("opening a dataset", () => {
  it("copies a folder and leaves it as it was", async () => {
    const file = await write("plain/data/a.csv", "a,b\n1,2\n");
    await write("plain/.git/config", "x");
    const before = await stat(file);
    const opened = await openDataset(join(root, "plain"), services);
    expect(opened).toMatchObject({ name: "plain", setAside: [] });
    expect(opened.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(await paths(opened)).toEqual(["data/a.csv"]);
    expect(await readFile(join(services.store.treePath(opened.raw), "data/a.csv"), "utf8")).toBe(
      "a,b\n1,2\n",
    );
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
  });

  it("names equal content equally, other content otherwise", async () => {
    await write("one/a.csv", "a\n1\n");
    await write("two/a.csv", "a\n1\n");
    await write("three/a.csv", "a\n2\n");
    const [one, two, three] = await Promise.all(
      ["one", "two", "three"].map((name) => openDataset(join(root, name), services)),
    );
    expect(one?.fingerprint).toBe(two?.fingerprint);
    expect(one?.fingerprint).not.toBe(three?.fingerprint);
  });

  it("takes a single file", async () => {
    const opened = await openDataset(await write("houses.v2.csv", "a,b\n1,2\n"), services);
    expect(opened.name).toBe("houses.v2");
    expect(await paths(opened)).toEqual(["houses.v2.csv"]);
  });

  it("does not follow links in the folder, and says so", async () => {
    const secret = await write("outside/secret.csv", "secret\n");
    await write("linked/a.csv", "a\n1\n");
    await symlink(secret, join(root, "linked/b.csv"));
    await symlink(dirname(secret), join(root, "linked/folder"));
    const opened = await openDataset(join(root, "linked"), services);
    expect(await paths(opened)).toEqual(["a.csv"]);
    expect(opened.setAside.map(({ path }) => path).sort()).toEqual(["b.csv", "folder"]);
    expect(opened.setAside[0]?.why).toContain("link");
  });

  it("follows a link that the user names, unless the place is to be exact", async () => {
    await write("real/a.csv", "a\n1\n");
    await symlink(join(root, "real"), join(root, "alias"));
    await symlink(join(root, "real/a.csv"), join(root, "alias.csv"));
    expect((await openDataset(join(root, "alias"), services)).name).toBe("alias");
    expect((await openDataset(join(root, "alias.csv"), services)).raw.files).toBe(1);
    for (const path of ["alias", "alias/a.csv", "alias.csv"])
      await expect(openDataset(join(root, path), services, { exact: true })).rejects.toThrow(/link/);
    expect((await openDataset(join(root, "real"), services, { exact: true })).raw.files).toBe(1);
  });

  it("reads nothing through a folder that became a link after it was checked", async () => {
    await write("kept/a.csv", "a\n1\n");
    await mkdir(join(root, "swapped"));
    await symlink(join(root, "kept"), join(root, "swapped/way"));
    const full = join(root, "swapped/way");
    await expect(copyRaw(full, services.store, { limits: { bytes: 1e6, files: 10 } })).rejects.toThrow(
      /link/,
    );
  });

  it("refuses what is not there, is empty, or holds links only", async () => {
    await mkdir(join(root, "empty/inner"), { recursive: true });
    await mkdir(join(root, "links"));
    await symlink("/etc/hostname", join(root, "links/a.csv"));
    await expect(openDataset(join(root, "missing"), services)).rejects.toThrow(BadInputError);
    await expect(openDataset(join(root, "missing"), services)).rejects.toMatchObject({
      hint: expect.stringContaining("path"),
    });
    await expect(openDataset(join(root, "empty"), services)).rejects.toThrow("no files to read");
    await expect(openDataset(join(root, "links"), services)).rejects.toThrow("links are not followed");
    await expect(openDataset("/dev/null", services)).rejects.toThrow(BadInputError);
  });

  it("leaves out files that cannot be read", async () => {
    await write("locked/a.csv", "a\n1\n");
    await chmod(await write("locked/b.csv", "b\n"), 0o000);
    const opened = await openDataset(join(root, "locked"), services);
    // The superuser reads everything; anyone else must be told.
    const readable = process.getuid?.() === 0;
    expect(await paths(opened)).toEqual(readable ? ["a.csv", "b.csv"] : ["a.csv"]);
    expect(opened.setAside.map(({ path }) => path)).toEqual(readable ? [] : ["b.csv"]);
  });

  it("keeps to its limits", async () => {
    await write("large/a.csv", "x".repeat(3000));
    await write("large/b.csv", "x".repeat(3000));
    await expect(openDataset(join(root, "large"), services, { limits: { bytes: 5000 } })).rejects.toThrow(
      "more bytes",
    );
    await expect(openDataset(join(root, "large"), services, { limits: { files: 1 } })).rejects.toThrow(
      "more than 1 files",
    );
    const left = await readdir(join(services.store.folder, "trees"));
    expect(left.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it("stops when asked to", async () => {
    await write("stopped/a.csv", "a\n");
    await expect(
      openDataset(join(root, "stopped"), services, { signal: AbortSignal.abort() }),
    ).rejects.toThrow(InterruptedError);
  });
});

describe("archives", () => {
  it("unpacks zip, tar and archives in them, beside other files", async () => {
    const inner = await tarGzOf([{ name: "deep/c.csv", content: "c\n" }]);
    await write(
      "packed/data.zip",
      zipOf([
        { name: "a.csv", content: "a\n" },
        { name: "more/inner.tar.gz", content: inner },
      ]),
    );
    await write("packed/data/here.csv", "here\n");
    await write("packed/README.md", "words\n");
    await write("packed/single.csv.gz", gzipSync("a\n"));
    const opened = await openDataset(join(root, "packed"), services);
    expect(opened.setAside).toEqual([]);
    expect(await paths(opened)).toEqual([
      "README.md",
      "data/here.csv",
      "data_2/a.csv",
      "data_2/more/inner/deep/c.csv",
      "single.csv.gz",
    ]);
  });

  it("lets nothing out of an archive", async () => {
    await write(
      "escape/a.zip",
      zipOf([
        { name: "../../up.csv", content: "x" },
        { name: "/tmp/absolute.csv", content: "x" },
        { name: "..\\back.csv", content: "x" },
        { name: "link", content: "/etc/passwd", mode: 0o120777 },
        { name: "good.csv", content: "a\n" },
      ]),
    );
    const tar = await tarGzOf([
      { name: "../up.csv", content: "x" },
      { name: "soft", type: "symlink", linkname: "/etc/passwd" },
      { name: "hard", type: "link", linkname: "good.csv" },
      { name: "device", type: "character-device" },
      { name: "good.csv", content: "b\n" },
    ]);
    await write("escape/b.tar.gz", tar);
    const opened = await openDataset(join(root, "escape"), services);
    expect(await paths(opened)).toEqual(["a/good.csv", "b/good.csv"]);
    expect(opened.setAside).toHaveLength(8);
    expect(opened.setAside.filter(({ why }) => why.includes("leads out")).length).toBe(4);
    expect(opened.setAside.filter(({ why }) => why.includes("link or a device")).length).toBe(4);
  });

  it("stops at bombs and says so, keeping the rest", async () => {
    await write("bomb/bomb.tar.gz", await tarGzOf([{ name: "zeros", content: Buffer.alloc(40 * 2 ** 20) }]));
    await write("bomb/a.csv", "a\n1\n");
    const opened = await openDataset(join(root, "bomb"), services);
    expect(await paths(opened)).toEqual(["a.csv"]);
    expect(opened.setAside).toEqual([{ path: "bomb.tar.gz", why: expect.stringMatching(/times as large/) }]);
    const bounded = await openDataset(join(root, "bomb"), services, { limits: { bytes: 2 ** 20 } });
    expect(bounded.setAside[0]?.why).toContain("GB");
  });

  it("stops at archives nested too deep and at too many files", async () => {
    let nested = zipOf([{ name: "a.csv", content: "a\n" }]);
    for (let depth = 0; depth < 6; depth += 1) nested = zipOf([{ name: "n.zip", content: nested }]);
    await write("nested/n.zip", nested);
    await write("nested/a.csv", "a\n");
    const opened = await openDataset(join(root, "nested"), services);
    expect(opened.setAside[0]?.why).toContain("more than 4 deep");
    await write("many.zip", zipOf(Array.from({ length: 30 }, (_, i) => ({ name: `f${i}`, content: "x" }))));
    await expect(openDataset(join(root, "many.zip"), services, { limits: { files: 20 } })).rejects.toThrow(
      "more than 20 files",
    );
  });

  it("uses what is left of a damaged archive", async () => {
    const whole = zipOf([{ name: "a.csv", content: "a\n" }]);
    await write("damaged/a.zip", whole.subarray(0, whole.length - 30));
    await write("damaged/b.csv", "b\n");
    const opened = await openDataset(join(root, "damaged"), services);
    expect(await paths(opened)).toEqual(["b.csv"]);
    expect(opened.setAside[0]?.why).toContain("damaged");
  });
});
