import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { bringsToken, configuredToken } from "../../server/auth.ts";

const token = "0123456789abcdef-the-token";

describe("a server with a token", () => {
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
  let server: DevServer;
  beforeAll(async () => {
    server = await startDevServer(folder, { MLE_SMITH_API_TOKEN: token });
  });
  afterAll(async () => {
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (path: string, headers: Record<string, string> = {}, body?: object) =>
    fetch(`${server.url}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: { "content-type": "application/json", ...headers },
    });

  test.each([
    ["without a token", {}],
    ["with a wrong token", { authorization: "Bearer 0123456789abcdef-another" }],
    ["with a part of the token", { authorization: `Bearer ${token.slice(0, -1)}` }],
    ["with the token by another scheme", { authorization: `Basic ${token}` }],
    ["as Studio signed in at LangSmith", { "x-auth-scheme": "langsmith" }],
  ])("%s everything but /info is refused", async (_how, headers) => {
    for (const [path, body] of [
      ["/assistants/search", {}],
      ["/threads", {}],
      ["/runs/wait", { assistant_id: "smith", input: { dataset: "houses" } }],
      ["/threads/search", {}],
      ["/internal/truncate", { threads: true }],
      ["/assistants/smith/schemas", undefined],
      ["/ok", undefined],
    ] as const) {
      const answer = await ask(path, headers, body);
      expect([path, answer.status, answer.headers.get("www-authenticate")]).toEqual([path, 401, "Bearer"]);
    }
    expect((await ask("/info", headers)).status).toBe(200);
  });

  test("with the token it answers", async () => {
    const authorization = `Bearer ${token}`;
    expect((await ask("/ok", { authorization })).status).toBe(200);
    expect((await ask("/assistants/search", { authorization }, {})).status).toBe(200);
    expect(await server.client.threads.create()).toHaveProperty("thread_id");
    const refused = await ask("/runs/wait", { authorization }, { assistant_id: "smith", input: {} });
    expect(refused.status).toBe(422);
    expect(server.printed()).not.toContain(token);
  });
});

test("a token is compared whole, and must be long enough to be one", () => {
  expect(bringsToken(`Bearer ${token}`, token)).toBe(true);
  expect(bringsToken(`bearer  ${token}`, token)).toBe(true);
  for (const header of [null, "", token, "Bearer ", `Bearer ${token}x`, `Bearer ${token} x`])
    expect(bringsToken(header, token)).toBe(false);
  expect(configuredToken({})).toBeUndefined();
  expect(configuredToken({ MLE_SMITH_API_TOKEN: "" })).toBeUndefined();
  expect(configuredToken({ MLE_SMITH_API_TOKEN: token })).toBe(token);
  expect(() => configuredToken({ MLE_SMITH_API_TOKEN: "short" })).toThrow(/fewer than 16/);
});
