import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BadInputError } from "../../../core/errors.ts";
import { sha256 } from "../../../core/hash.ts";
import type { Certificate } from "../../../task/certificate.ts";
import { exportToMleDojo, leaderboardOf } from "../../../task/export/mledojo.ts";
import type { Manifest } from "../../../task/manifest.ts";
import { someCertificate, someManifest } from "../some-manifest.ts";

let folder: string;
let folders: { competitions: string; data: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mle-smith-export-"));
  folders = { competitions: join(folder, "competitions"), data: join(folder, "data") };
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const files: Record<string, string> = {
  "description.md": "# Größe\n",
  "metric.py": "class M: ...\n",
  "prepare.py": "def prepare(raw, public, private): ...\n",
  "public/description.md": "# Größe\n",
  "public/train.csv": "id,y\n0,1\n",
  "public/train/a b.txt": "text\n",
  "public/sample_submission.csv": "id,y\n1,0\n",
  "private/test_answer.csv": "id,y\n1,1\n",
};

const ladder = [3, 1, 2.5].map((score, index) => ({
  name: `rung ${index}`,
  method: "some",
  score,
  interval: null,
}));

/** A package on disk; a null certificate for one that was not accepted. */
async function makePackage(rungs: Certificate["ladder"] | null = ladder): Promise<string> {
  const root = join(folder, "package");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const manifest: Manifest = {
    ...someManifest,
    features: [],
    files: Object.entries(files).map(([path, text]) => ({
      path,
      bytes: Buffer.byteLength(text),
      sha256: sha256(Buffer.from(text)),
    })),
  };
  await writeFile(join(root, "task.json"), JSON.stringify(manifest));
  const certificate: Certificate = { ...someCertificate, ladder: rungs ?? [] };
  if (rungs !== null) await writeFile(join(root, "certificate.json"), JSON.stringify(certificate));
  return root;
}

const listed = async (root: string) =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

describe("a task as a MLE-Dojo competition", () => {
  it("has exactly MLE-Dojo's files, with their bytes", async () => {
    const made = await exportToMleDojo(await makePackage(), folders);
    expect(made).toEqual({
      name: "some-task-00000000",
      competition: join(folders.competitions, "some-task-00000000"),
      data: join(folders.data, "some-task-00000000", "data"),
    });
    expect(await listed(folders.competitions)).toEqual(
      [
        "info/description.txt",
        "info/private_leaderboard.csv",
        "info/public_leaderboard.csv",
        "utils/metric.py",
        "utils/prepare.py",
      ].map((path) => `some-task-00000000/${path}`),
    );
    expect(await listed(folders.data)).toEqual(
      [
        "private/private_leaderboard.csv",
        "private/public_leaderboard.csv",
        "private/test_answer.csv",
        "public/description.txt",
        "public/sample_submission.csv",
        "public/train.csv",
        "public/train/a b.txt",
      ].map((path) => `some-task-00000000/data/${path}`),
    );
    const text = (path: string) => readFile(path, "utf8");
    expect(await text(join(made.data, "public/description.txt"))).toBe(files["public/description.md"]);
    expect(await text(join(made.data, "private/test_answer.csv"))).toBe(files["private/test_answer.csv"]);
    expect(await text(join(made.competition, "utils/metric.py"))).toBe(files["metric.py"]);
    expect(await text(join(made.data, "private/public_leaderboard.csv"))).toBe(
      "rank,score\n1,1\n2,2.5\n3,3\n",
    );
  });

  it("ranks the best first, whichever way the metric goes", () => {
    expect(leaderboardOf(ladder, "maximize")).toBe("rank,score\n1,3\n2,2.5\n3,1\n");
    expect(leaderboardOf(ladder, "minimize")).toBe("rank,score\n1,1\n2,2.5\n3,3\n");
  });

  it("replaces nothing that is there", async () => {
    const root = await makePackage();
    await mkdir(join(folders.data, "some-task-00000000"), { recursive: true });
    await expect(exportToMleDojo(root, folders)).rejects.toThrow(BadInputError);
    expect(await listed(folders.data)).toEqual([]);
    expect(await readdir(folder)).not.toContain("competitions");
  });

  it("leaves nothing behind when it cannot be written whole", async () => {
    const root = await makePackage();
    await writeFile(folders.data, "a file where the folder should be");
    await expect(exportToMleDojo(root, folders)).rejects.toThrow();
    expect(await readdir(folders.competitions)).toEqual([]);
  });

  it("takes no task that was not accepted, and no damaged one", async () => {
    await expect(exportToMleDojo(await makePackage(null), folders)).rejects.toThrow(/no certificate/);
    await rm(join(folder, "package"), { recursive: true });
    await expect(exportToMleDojo(await makePackage([]), folders)).rejects.toThrow(/ladder/);
    const root = await makePackage();
    await writeFile(join(root, "metric.py"), "changed");
    await expect(exportToMleDojo(root, folders)).rejects.toThrow(/not whole/);
    expect(await readdir(folder)).toEqual(["package"]);
  });
});
