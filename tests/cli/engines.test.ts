import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Folders, smith, summaryOf } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { engines, testDaemon } from "../sandbox/conformance/engines.ts";

const folders = new Folders();
afterAll(() => folders.remove());
const missing = engines.find(({ engine }) => engine === "docker")?.missing;

/** Every file below a folder, by path and content. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [
        path.slice(folder.length + 1),
        createHash("sha256").update(readFileSync(path)).digest("hex"),
      ]),
  );
}

test.skipIf(missing !== undefined)(
  `both engines make the same package, byte for byte ${missing ?? ""}`,
  async () => {
    const houses = writeHouses(join(folders.make(), "houses"));
    const made = await Promise.all(
      ["docker", "bubblewrap"].map(async (engine) => {
        const out = folders.make();
        const ended = await smith(
          ["generate", houses, "--out", out, "--tasks", "1", "--engine", engine, "--json"],
          { env: { DOCKER_HOST: testDaemon } },
        );
        expect(ended.code).toBe(0);
        const [task] = summaryOf(ended).datasets[0]?.tasks ?? [];
        return contents(task?.path ?? "");
      }),
    );
    expect(Object.keys(made[0] ?? {}).length).toBeGreaterThan(5);
    expect(made[0]).toEqual(made[1]);
  },
);
