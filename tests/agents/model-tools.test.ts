import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tool } from "../../agents/model/conversation.ts";
import { explorationTools } from "../../agents/model/tools.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { carSurvey } from "../helpers/survey-fixture.ts";

let services: TestServices;
let folder: string;
let tools: Map<string, Tool>;

beforeAll(async () => {
  services = await testServices();
  folder = await mkdtemp(join(tmpdir(), "mle-smith-tools-"));
  await mkdir(join(folder, "notes"));
  await writeFile(join(folder, "notes", "long.txt"), "word ".repeat(2000));
  await writeFile(
    join(folder, "cars.csv"),
    `id,maker,price\n${Array.from({ length: 100 }, (_, at) => `${at},${at % 2 ? "Ford" : "Fiat"},${at * 10}.5`).join("\n")}\n`,
  );
  await writeFile(join(folder, "blob.bin"), Buffer.from([1, 0, 2, 0]));
  const raw = await services.store.putTree(folder);
  const made = explorationTools({
    programs: services.programs,
    survey: carSurvey(),
    raw,
    signal: new AbortController().signal,
  });
  tools = new Map(made.map((tool) => [tool.name, tool]));
}, 120_000);

afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

function call(name: string, input: unknown) {
  const tool = tools.get(name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool.call(input);
}

describe("tools of the exploring roles", () => {
  it("lists folders and files with their sizes", async () => {
    const result = await call("list_files", { folder: "" });
    expect(result).toEqual({
      ok: true,
      text: expect.stringMatching(/^notes\/ \(1 files\)\nblob.bin \(4 bytes\)\ncars.csv \(\d+ bytes\)$/),
    });
  });

  it("reads text in bounded pieces, and no binary", async () => {
    const first = await call("read_file", { path: "notes/long.txt", offset: 0 });
    expect(first.text.length).toBeLessThanOrEqual(3000);
    expect(first.text).toMatch(/7\d{3} more bytes/);
    expect(await call("read_file", { path: "notes/long.txt", offset: 9990 })).toEqual({
      ok: true,
      text: "word word ",
    });
    expect(await call("read_file", { path: "blob.bin", offset: 0 })).toMatchObject({
      ok: false,
      text: expect.stringContaining("not a text file"),
    });
  });

  it("stays inside the dataset", async () => {
    const result = await call("read_file", { path: "../input.json", offset: 0 });
    expect(result).toMatchObject({ ok: false, text: expect.stringContaining("leads out") });
  });

  it("queries views by their ids, with a bound on rows", async () => {
    const counted = await call("query_tables", {
      sql: 'SELECT maker, count(*) AS n, max(price) FROM "cars" GROUP BY 1 ORDER BY 1',
    });
    expect(counted).toEqual({
      ok: true,
      text: "maker | n | max(price)\nFiat | 50 | 980.5\nFord | 50 | 990.5",
    });
    const all = await call("query_tables", { sql: "SELECT * FROM cars" });
    expect(all.text.split("\n")).toHaveLength(42);
    expect(await call("query_tables", { sql: "SELECT nothing FROM cars" })).toMatchObject({
      ok: false,
      text: expect.stringContaining("nothing"),
    });
    expect(
      await call("query_tables", { sql: "SELECT * FROM read_csv('/job/raw/cars.csv') cars" }),
    ).toMatchObject({ ok: false });
  });

  it("runs Python over views, and tells of errors and floods", async () => {
    expect(
      await call("run_python", {
        code: "print(view('cars').price.sum(), sorted(p.name for p in RAW.iterdir()))",
      }),
    ).toEqual({
      ok: true,
      text: "49550.0 ['blob.bin', 'cars.csv', 'notes']\n",
    });
    expect(await call("run_python", { code: "1/0" })).toMatchObject({
      ok: false,
      text: expect.stringContaining("ZeroDivisionError"),
    });
    expect((await call("run_python", { code: "print('x' * 100000)" })).text).toHaveLength(3000);
    const written = await call("run_python", { code: "open('/job/raw/cars.csv', 'a').write('x')" });
    expect(written).toMatchObject({ ok: false, text: expect.stringMatching(/Read-only|Permission/) });
  });

  it("answers arguments that do not fit with what is wrong", async () => {
    expect(await call("query_tables", { query: "x" })).toMatchObject({
      ok: false,
      text: expect.stringContaining("sql"),
    });
  });
});
