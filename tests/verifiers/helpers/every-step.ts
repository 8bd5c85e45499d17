import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { VerifyRequest } from "../../../cli/verify.ts";
import type { ArtefactStore } from "../../../core/store.ts";
import { zipOf } from "../../dataset/archives.ts";
import { ACCURACY, asMleDojo, writeFolder } from "../../task/import/foreign-folders.ts";
import { classificationPackage } from "./base-packages.ts";

const PREPARE = `import shutil
from pathlib import Path


def prepare(raw: Path, public: Path, private: Path) -> None:
    for name in ("train.csv", "test.csv", "sample_submission.csv"):
        shutil.copyfile(next(raw.rglob(name)), public / name)
    shutil.copyfile(next(raw.rglob("test_answer.csv")), private / "test_answer.csv")
`;

/** A sound task of others, with its raw data in an archive, in a folder: its verification has every step that there is. */
export async function requestOfEveryStep(folder: string): Promise<VerifyRequest> {
  const files = asMleDojo(classificationPackage(), ACCURACY, PREPARE);
  const raw = Object.entries(files).flatMap(([path, content]) =>
    /^data\/.*(train|test|sample_submission|test_answer)\.csv$/.test(path)
      ? [{ name: path.split("/").at(-1) ?? "", content }]
      : [],
  );
  await writeFile(join(folder, "raw.zip"), zipOf(raw));
  return {
    folder: await writeFolder(join(folder, "task"), files),
    raw: join(folder, "raw.zip"),
    skip: {},
    import: {},
  };
}

/** The store as it is, but for the result of one job, which it does not know and does not keep. */
export function forgetting(real: ArtefactStore, job: string | undefined): ArtefactStore {
  return {
    folder: real.folder,
    putTree: (...given) => real.putTree(...given),
    putFiles: (files) => real.putFiles(files),
    newTree: () => real.newTree(),
    hasTree: (tree) => real.hasTree(tree),
    treePath: (tree) => real.treePath(tree),
    putJson: async (key, value) => (job === undefined ? await real.putJson(key, value) : undefined),
    getJson: async (key) => (job !== undefined && key.endsWith(job) ? undefined : await real.getJson(key)),
  };
}
