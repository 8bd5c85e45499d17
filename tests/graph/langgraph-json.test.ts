import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const out = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
process.env.MLE_SMITH_OUT = out;
afterAll(() => rmSync(out, { recursive: true, force: true }));

test("langgraph.json names graphs that load, with the roles and checks of the way of the data as nodes", async () => {
  const { graphs } = z
    .object({ graphs: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, "langgraph.json"), "utf8")));
  const nodes: Record<string, string[]> = {};
  for (const [name, reference] of Object.entries(graphs)) {
    const [file = "", member = ""] = reference.split(":");
    const module: Record<
      string,
      () => { getGraphAsync(config?: object): Promise<{ nodes: Record<string, unknown> }> }
    > = await import(join(root, file));
    nodes[name] = Object.keys((await module[member]?.().getGraphAsync())?.nodes ?? {}).filter(
      (node) => !node.startsWith("__"),
    );
  }
  expect(nodes).toEqual({
    smith: ["survey", "brainstorm", "approve_candidates", "task", "report"],
    task: [
      "design",
      "refactor",
      "assertions",
      "review",
      "execution",
      "approve_task",
      "publish",
      "reject",
      "survey",
      "formulate",
    ],
  });
});
