import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLog } from "../../core/log.ts";

test("lines are JSON with the fields of the log; what looks like a key is not written, at any level", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mle-smith-log-"));
  const file = join(folder, "log.jsonl");
  const log = createLog({ file, fields: { run: "r1" }, level: "info" });
  log.info(
    { apiKey: "sk-1", request: { headers: { authorization: "Bearer sk-2" }, token: "sk-3" }, size: 4 },
    "asked",
  );
  log.child({ task: "t1" }).warn("slow");
  log.debug("not written");
  const text = await readFile(file, "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { run: "r1", msg: "asked", size: 4 },
    { run: "r1", task: "t1", msg: "slow" },
  ]);
  expect(text).not.toContain("sk-");
  await rm(folder, { recursive: true });
});
