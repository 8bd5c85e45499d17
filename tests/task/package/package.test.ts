import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInputError } from "../../../core/errors.ts";
import { removeStore } from "../../../core/store/folder-store.ts";
import { type ArtefactStore, openStore } from "../../../core/store.ts";
import { assemblePackage, type PackageParts } from "../../../task/package/assemble.ts";
import { publishDataset, publishTask } from "../../../task/package/publish.ts";
import { readPackage } from "../../../task/package/read.ts";
import { taskId } from "../../../task/package/task-id.ts";
import { someCertificate, someManifest } from "../some-manifest.ts";

let folder: string;
let out: string;
let store: ArtefactStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-package-"));
  store = await openStore(join(folder, "store"));
  out = join(folder, "out");
});
afterEach(async () => {
  await removeStore(store.folder);
  await rm(folder, { recursive: true, force: true });
});

async function parts(description = "# A task\n"): Promise<PackageParts> {
  return {
    prepared: await store.putFiles({
      "public/train.csv": "id,x,y\n1,2,3\n",
      "public/test.csv": "id,x\n0,2\n",
      "public/sample_submission.csv": "id,y\n0,1\n",
      "public/train/1.png": new Uint8Array([1, 2, 3]),
      "private/test_answer.csv": "id,y\n0,4\n",
    }),
    prepare: "def prepare(raw, public, private): ...\n",
    metric: "class M: ...\n",
    description,
    attribution: "Data: some\n",
    manifest: someManifest,
  };
}

const publish = async (made: PackageParts) =>
  publishTask(await assemblePackage(made, store), someCertificate, { out, id: someManifest.id }, store);

describe("packages", () => {
  it("are equal for equal parts, list every file, and read back", async () => {
    const tree = await assemblePackage(await parts(), store);
    expect((await assemblePackage(await parts(), store)).hash).toBe(tree.hash);
    const path = await publish(await parts());
    const read = await readPackage(path);
    expect(read.certificate).toEqual(someCertificate);
    expect(read.manifest.files.map((file) => file.path)).toEqual([
      "description.md",
      "metric.py",
      "prepare.py",
      "private/test_answer.csv",
      "public/attribution.txt",
      "public/description.md",
      "public/sample_submission.csv",
      "public/test.csv",
      "public/train.csv",
      "public/train/1.png",
    ]);
    expect((await stat(join(path, "public/train/1.png"))).mtimeMs).toBe(
      (await stat(join(path, "task.json"))).mtimeMs,
    );
  });

  it("are left alone when identical, replaced when different, with nothing left beside", async () => {
    const path = await publish(await parts());
    const before = await stat(path);
    await publish(await parts());
    expect((await stat(path)).ino).toBe(before.ino);
    await publish(await parts("# Another\n"));
    expect(await readFile(join(path, "public/description.md"), "utf8")).toBe("# Another\n");
    await readPackage(path);
    await writeFile(join(path, "public/train.csv"), "broken");
    await publish(await parts("# Another\n"));
    await readPackage(path);
    expect(await readdir(join(out, "tasks"))).toEqual(["some-task-00000000"]);
  });

  it.each([
    [
      "a changed file",
      (path: string) => writeFile(join(path, "public/train.csv"), "id,x,y\n1,2,4\n"),
      "another content",
    ],
    [
      "a longer file",
      (path: string) => writeFile(join(path, "public/train.csv"), "id,x,y\n1,2,3333\n"),
      "another size",
    ],
    ["a missing file", (path: string) => rm(join(path, "private/test_answer.csv")), "is missing"],
    [
      "a file too many",
      (path: string) => writeFile(join(path, "public/hint.txt"), "y is 4"),
      "not in the package's manifest",
    ],
    ["a link", (path: string) => symlink("/etc/passwd", join(path, "public/link")), "Neither a regular file"],
    ["no manifest", (path: string) => rm(join(path, "task.json")), "no task.json"],
    ["a manifest that is no JSON", (path: string) => writeFile(join(path, "task.json"), "{"), "not valid"],
    [
      "a manifest of another form",
      (path: string) => writeFile(join(path, "task.json"), '{"schema": "x"}'),
      "not valid",
    ],
    ["a broken certificate", (path: string) => writeFile(join(path, "certificate.json"), "{}"), "not valid"],
  ])("with %s are refused", async (_what, damage, words) => {
    const path = await publish(await parts());
    await damage(path);
    const failure = await readPackage(path).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BadInputError);
    expect(String(failure)).toContain(words);
  });

  it("share one read-only copy of their dataset, under a safe name", async () => {
    const raw = await store.putFiles({ "data.csv": "a\n1\n" });
    const dataset = { name: "../../some data (1)", fingerprint: "0123456789abcdef" };
    const path = await publishDataset(raw, dataset, out, store);
    expect(path).toBe(join(out, "datasets", "some-data-1-0123456789ab", "raw"));
    expect((await stat(join(path, "data.csv"))).mode & 0o222).toBe(0);
    expect(await publishDataset(raw, dataset, out, store)).toBe(path);
    const astray = { ...dataset, fingerprint: "/../../../../x" };
    expect(await publishDataset(raw, astray, out, store)).toBe(join(out, "datasets", "some-data-1-x", "raw"));
  });

  it("is put in its place once by tasks that are published at the same time", async () => {
    const raw = await store.putFiles({ "a.csv": "x\n1\n", "b/c.csv": "y\n2\n" });
    for (let round = 0; round < 20; round += 1) {
      const dataset = { name: `data ${round}`, fingerprint: "abcdef0123456789" };
      const paths = await Promise.all(
        Array.from({ length: 6 }, () => publishDataset(raw, dataset, out, store)),
      );
      expect(new Set(paths).size).toBe(1);
      expect(await readdir(join(paths[0] ?? "", ".."))).toEqual(["raw"]);
      expect(await readFile(join(paths[0] ?? "", "b/c.csv"), "utf8")).toBe("y\n2\n");
    }
  });

  it("have ids that depend on dataset, design, seed and author, and on nothing else", () => {
    const author = { kind: "rules", version: "1" } as const;
    const dataset = { name: "Übung 12 (final).csv", fingerprint: "ab" };
    const id = taskId(dataset, { target: "Größe", content: { a: 1, b: 2 } }, 1, author);
    expect(id).toMatch(/^ubung-12-final-csv-gro-e-[0-9a-f]{8}$/);
    expect(taskId(dataset, { target: "Größe", content: { b: 2, a: 1 } }, 1, author)).toBe(id);
    expect(taskId(dataset, { target: "Größe", content: { a: 1, b: 3 } }, 1, author)).not.toBe(id);
    expect(taskId(dataset, { target: "Größe", content: { a: 1, b: 2 } }, 2, author)).not.toBe(id);
    expect(taskId({ name: "数据", fingerprint: "ab" }, { target: "", content: 1 }, 1, author)).toMatch(
      /^dataset-[0-9a-f]{8}$/,
    );
  });
});
