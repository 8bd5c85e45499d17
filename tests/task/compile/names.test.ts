import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compilePrepare } from "../../../task/compile/compile-prepare.ts";
import { columnName, uniqueName } from "../../../task/compile/names.ts";
import { planTask } from "../../../task/compile/plan.ts";
import { pythonLiteral, pythonText } from "../../../task/compile/python-literal.ts";
import { readPythonModule, spliceDefinitions } from "../../../task/compile/python-source.ts";
import { specificationOf } from "../specifications.ts";

const target = { expression: { kind: "column", column: "y" }, name: "y", kind: "number" };

describe("names of the package", () => {
  it("are one line, not blank, and free", () => {
    expect(columnName("a\nb\u202ec\u0000", 0)).toBe("a b c");
    expect(columnName(" \t", 4)).toBe("column_5");
    expect(columnName("x".repeat(500), 0)).toHaveLength(120);
    const taken = new Set(["id"]);
    expect([uniqueName("ID", taken), uniqueName("id", taken)]).toEqual(["original_ID", "original_id_2"]);
  });

  it("give way to the package's own: id, target, event, file", () => {
    const plan = planTask(specificationOf(["id", "y ", "file"], { target: { ...target, name: "y" } }));
    expect(plan.features.map(({ name }) => name)).toEqual(["original_id", "original_y", "file"]);
  });
});

describe("generated Python", () => {
  it("holds data only inside literals", () => {
    const nasty = 'a"""\nimport os\n\\" # \u2028\u202e';
    expect(pythonText(nasty)).not.toMatch(/[\n\u2028\u202e]/);
    const specification = specificationOf([nasty], { target, title: `Predict ${nasty}` });
    const lines = compilePrepare(specification).split("\n");
    expect(lines.some((line) => line.startsWith("import os"))).toBe(false);
    expect(lines[0]).toBe(`"""Predict a''' import os /' #.`);
  });

  it("breaks long values as people do", () => {
    const list = pythonLiteral(Array.from({ length: 60 }, (_, number) => `column_${number}`));
    expect(list.split("\n").every((line) => line.length <= 110)).toBe(true);
    expect(list.split("\n").length).toBeLessThan(12);
    expect(pythonLiteral({ a: [1, 2, null, true] })).toBe('{"a": [1, 2, None, True]}');
  });

  it("takes only the definitions and imports that it needs", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mle-smith-splice-"));
    try {
      const path = join(folder, "piece.py");
      await writeFile(
        path,
        '"""Docstring."""\n\nimport re\nimport csv\n\nfrom .other import away\n\nLIMIT = [\n    1,\n]\n\n\ndef first():\n    """Like csv."""\n    return second(LIMIT)  # csv\n\n\ndef second(x):\n    return re.sub("a", "b", str(x))\n\n\ndef unused():\n    return csv\n',
      );
      const { imports, definitions } = spliceDefinitions("first()", [readPythonModule(path)]);
      expect(imports).toEqual(["import re"]);
      expect(definitions.map((text) => text.split("\n")[0])).toEqual([
        "LIMIT = [",
        "def first():",
        "def second(x):",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("does not read the clock, the environment or chance", () => {
    const text = compilePrepare(specificationOf(["x"], { target }));
    expect(text).not.toMatch(/\btime\.|os\.environ|datetime\.now|np\.random\.(?!default_rng|Generator)/);
    expect(text).toContain("np.random.default_rng(SEED)");
  });
});
