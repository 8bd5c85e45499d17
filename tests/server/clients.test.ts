import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { writeHouses } from "../helpers/houses.ts";

const root = join(import.meta.dirname, "../..");
const examples = join(root, "docs/clients");
const token = "a-token-for-the-examples";
const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
let server: DevServer;

beforeAll(async () => {
  writeHouses(join(folder, "data/houses"));
  server = await startDevServer(folder, { MLE_SMITH_API_TOKEN: token });
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A Python that has the client of `docs/clients/requirements.txt`: `.ci/run` makes one. */
const python = process.env.MLE_SMITH_TEST_PYTHON_CLIENT ?? "";

function run(command: string, words: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn(command, words, { cwd: root, env: { ...process.env, ...environment } });
    let text = "";
    child.stdout.on("data", (part) => (text += part));
    child.stderr.on("data", (part) => (text += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

/** What every client shows, in this order. */
const story = ["survey_done", "candidate_proposed", "execution", "task_published", "accepted"];

function expectStory(text: string): void {
  let from = 0;
  for (const part of story) {
    const at = text.indexOf(part, from);
    expect(at, `${part} in ${text.slice(from)}`).toBeGreaterThanOrEqual(0);
    from = at;
  }
  const [task = ""] = readdirSync(join(server.out, "tasks"));
  expect(text).toContain(join(server.out, "tasks", task));
}

const clients = [
  {
    client: "TypeScript",
    command: process.execPath,
    words: ["--import", "tsx"],
    starts: join(examples, "typescript.ts"),
    approves: join(examples, "approve.ts"),
  },
  {
    client: "Python",
    command: python,
    words: [],
    starts: join(examples, "client.py"),
    approves: join(examples, "approve.py"),
  },
  {
    client: "curl",
    command: "bash",
    words: [],
    starts: join(examples, "curl.sh"),
    approves: join(examples, "approve.sh"),
  },
];
if (!existsSync(python)) {
  const pin = readFileSync(join(examples, "requirements.txt"), "utf8").trim();
  console.log(`Python's client is not tested: MLE_SMITH_TEST_PYTHON_CLIENT names no Python with ${pin}`);
}

for (const { client, command, words, starts, approves } of clients) {
  const withoutClient = !existsSync(command) && command !== "bash";
  test.skipIf(withoutClient)(
    `${client} starts a run, streams what happens and fetches the results`,
    async () => {
      const parameters = [...words, starts, server.url, "houses", "1"];
      const { code, text } = await run(command, parameters, { MLE_SMITH_API_TOKEN: token });
      expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
      expectStory(text);
      const refused = await run(command, parameters, { MLE_SMITH_API_TOKEN: "another-token-that-is-wrong" });
      expect(refused.code).not.toBe(0);
      const absent = await run(command, [...words, starts, server.url, "no-such-data"], {
        MLE_SMITH_API_TOKEN: token,
      });
      expect(absent.text).toMatch(/there is none in the data folders/);
    },
    240_000,
  );

  test.skipIf(withoutClient)(
    `${client} is asked before a task is published, approves it and fetches the results`,
    async () => {
      const { code, text } = await run(command, [...words, approves, server.url, "houses", "1"], {
        MLE_SMITH_API_TOKEN: token,
      });
      expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
      const asked = text.indexOf("approve_task");
      expect(asked).toBeGreaterThanOrEqual(0);
      expect(text.indexOf("accepted", asked)).toBeGreaterThan(asked);
      expect(text).toContain(join(server.out, "tasks"));
    },
    240_000,
  );
}
