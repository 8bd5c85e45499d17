import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TreeReference } from "../../sandbox/job.ts";
import { runPrepare } from "../../task/prepare.ts";
import { type TestServices, testServices } from "../helpers/services.ts";

let services: TestServices;
let raw: TreeReference;
beforeAll(async () => {
  services = await testServices();
  raw = await services.store.putFiles({ "a.txt": "one\n", "b.txt": "two\n", "c/d.txt": "three\n" });
});
afterAll(() => services.close());

/** A prepare.py whose body is given; it writes `text` to public/train.csv. */
function program(...body: string[]): string {
  return [
    "import os, sys, time, json, subprocess, datetime",
    "from pathlib import Path",
    "def prepare(raw, public, private):",
    '    text = "id,a\\n1,2\\n"',
    ...body.map((line) => `    ${line}`),
    '    (public / "train.csv").write_text(text)',
    '    (private / "test_answer.csv").write_text("id,y\\n0,1\\n")',
    "",
  ].join("\n");
}

const run = (...body: string[]) => runPrepare({ prepare: program(...body), raw }, services, { seconds: 20 });

describe("runPrepare", () => {
  it("gives the files and what they measure", async () => {
    const outcome = await run(
      'text = "id,name,x\\n" + "".join(f"{i},n{i % 2},{i / 2}\\n" for i in range(10))',
    );
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(
      await readFile(join(services.store.treePath(outcome.tree), "private/test_answer.csv"), "utf8"),
    ).toBe("id,y\n0,1\n");
    expect(outcome.tree.files).toBe(2);
    const train = outcome.report.tables.find(({ path }) => path === "public/train.csv");
    expect(train).toMatchObject({ rows: 10, width: 3, problem: null });
    expect(train?.columns[1]).toMatchObject({
      name: "name",
      type: "category",
      values: [
        ["n0", 5],
        ["n1", 5],
      ],
    });
    expect(train?.columns[2]).toMatchObject({ type: "number", min: 0, max: 4.5, missing: 0 });
  });

  it.each([
    ["the hash seed", 'text += str(hash("abc"))'],
    ["chance", "text += str(os.urandom(4))"],
    ["the clock", "text += str(int(time.time()) // 86400)"],
    ["the time zone", "text += time.strftime('%Z')"],
    ["the order of a folder", "text += str(os.listdir(raw))"],
    ["the order of a walk", "text += str([p.name for p in Path(raw).glob('*')])"],
    ["the working directory", "text += os.getcwd()"],
  ])("finds a dependence on %s", async (_what, line) => {
    const outcome = await run(line);
    expect(outcome).toMatchObject({ ok: false, problem: "not_deterministic" });
    expect(!outcome.ok && outcome.reason).toContain("public/train.csv differs");
  });

  it.each([
    ["raises", 'raise ValueError("no column of that name")', "no column of that name"],
    ["changes raw", '(raw / "a.txt").write_text("changed")', "Read-only file system"],
    ["deletes raw", "import shutil; shutil.rmtree(raw)", "Read-only file system"],
    ["exits without files", "os._exit(0)", "wrote nothing"],
    ["ends with a code", "sys.exit(3)", ""],
    ["leaves a link", 'os.symlink("/etc/passwd", public / "x.csv")', "not a regular file"],
  ])("a program that %s fails", async (_what, line, words) => {
    const outcome = await run(line);
    expect(outcome).toMatchObject({ ok: false, problem: "failed" });
    expect(!outcome.ok && outcome.reason).toContain(words);
  });

  it("ends what does not end", async () => {
    const outcome = await runPrepare({ prepare: program("time.sleep(600)"), raw }, services, { seconds: 2 });
    expect(outcome).toMatchObject({ ok: false, problem: "timeout" });
  });

  it("believes no forged result, and no process outlives its run", async () => {
    const outcome = await run(
      'Path("/out/result.json").write_text(json.dumps({"problem": None, "detail": "", "report": {"tables": [], "folders": [], "paths": []}}))',
      '(Path("/out") / "tree").mkdir(exist_ok=True)',
      '(Path("/out") / "tree" / "forged").write_text("x")',
      'print(json.dumps({"problem": None}))',
      "if os.fork() == 0:",
      "    os.setsid()",
      "    if os.fork() == 0:",
      "        while True:",
      "            try:",
      '                (Path("/out") / "tree" / "late").write_text("x")',
      '                Path("/out/result.json").write_text("{}")',
      "            except OSError:",
      "                pass",
      "    os._exit(0)",
    );
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.tree.files).toBe(2);
    expect(outcome.report.tables).toHaveLength(2);
    expect(await readFile(join(services.store.treePath(outcome.tree), "public/train.csv"), "utf8")).toBe(
      "id,a\n1,2\n",
    );
  });

  it("reads tables that cannot be read as such", async () => {
    const outcome = await run('text = "a,b\\n1,2,3,4\\n1\\n\\"x"');
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.report.tables.find(({ path }) => path === "public/train.csv")?.problem).not.toBeNull();
  });
});
