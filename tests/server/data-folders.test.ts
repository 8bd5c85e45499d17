import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BadInputError } from "../../core/errors.ts";
import { dataFolders, locateIn } from "../../server/data-folders.ts";

const folder = mkdtempSync(join(tmpdir(), "mle-smith-folders-"));
const [one, two, linkedRoot] = ["one", "two", "linked-root"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

beforeAll(() => {
  for (const path of ["one/a/b", "two/c", "secret"]) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(two, "c/table.csv"), "x\n1\n");
  symlinkSync(join(folder, "secret"), join(one, "out"));
  symlinkSync(join(one, "a"), join(one, "alias"));
  symlinkSync(two, linkedRoot);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a dataset is found in the first data folder that has it, at its real place", async () => {
  expect(await locateIn([one, two], "a/b")).toEqual({ path: join(one, "a/b"), exact: true });
  expect(await locateIn([one, two], "c/table.csv")).toEqual({ path: join(two, "c/table.csv"), exact: true });
  expect(await locateIn([one, two], "a/b/")).toEqual({ path: join(one, "a/b"), exact: true });
  // The operator's own folder may be a link; what a caller names may not.
  expect(await locateIn([linkedRoot], "c")).toEqual({ path: join(two, "c"), exact: true });
});

test.each([
  "..",
  "a/../..",
  "a\\..\\..",
  "/etc",
  "~",
  "file:///etc",
  "http://host/x",
  "a\u0000",
  "a\nb",
  "",
  ".",
  "a/..",
  "out",
  "out/x",
  "alias",
  "alias/b",
  "nothing",
  "x".repeat(5000),
])("%j is refused, and the refusal names no path of the machine", async (name) => {
  const refusal = await locateIn([one, two], name).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(BadInputError);
  expect(String(refusal)).not.toContain(folder);
});

test("data folders come from the environment, several with colons between", () => {
  expect(dataFolders({ MLE_SMITH_DATA_ROOTS: "/srv/data:/srv/uploads" })).toEqual([
    "/srv/data",
    "/srv/uploads",
  ]);
  expect(dataFolders({})).toEqual([join(process.cwd(), "data"), join(process.cwd(), "examples")]);
});
