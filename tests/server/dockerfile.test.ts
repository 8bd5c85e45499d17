import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "mle-smith-dockerfile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("deploy/server.Dockerfile is what langgraphjs makes of langgraph.json (else: langgraphjs dockerfile deploy/server.Dockerfile)", () => {
  // The folder's name is in the file.
  const repository = join(folder, "mle-smith");
  mkdirSync(join(repository, "made"), { recursive: true });
  for (const name of ["langgraph.json", "package.json", "package-lock.json", "server"])
    symlinkSync(join(root, name), join(repository, name));
  execFileSync(
    process.execPath,
    [join(root, "node_modules/.bin/langgraphjs"), "dockerfile", "made/Dockerfile"],
    { cwd: repository, stdio: "pipe" },
  );
  expect(read("deploy/server.Dockerfile")).toBe(readFileSync(join(repository, "made/Dockerfile"), "utf8"));
});

test("the image installs the locked packages, overrides included, and holds no state, data or keys", () => {
  const file = read("deploy/server.Dockerfile");
  expect(file).toMatch(/^RUN npm ci$/m);
  expect(file).toContain("LANGGRAPH_AUTH=");
  const Package = z.object({
    overrides: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
  });
  const { overrides, dependencies } = Package.parse(JSON.parse(read("package.json")));
  const Lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });
  const { packages } = Lock.parse(JSON.parse(read("package-lock.json")));
  for (const [name, version] of Object.entries({ ...overrides, ...dependencies }))
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
  const ignored = read(".dockerignore").split("\n");
  expect(ignored).toEqual(
    expect.arrayContaining([
      "**/node_modules",
      "smith-out",
      "data",
      ".env*",
      ".langgraph_api",
      "deploy/queue",
    ]),
  );
});

test("a deployed server is a client of the queue: no Docker socket, no rights of a sandbox, a token, Postgres and Redis", () => {
  const Service = z.looseObject({
    environment: z.record(z.string(), z.string()),
    volumes: z.array(
      z.union([z.string(), z.looseObject({ source: z.string(), read_only: z.boolean().optional() })]),
    ),
  });
  const Compose = z.object({ services: z.looseObject({ server: Service }) });
  const text = read("deploy/server.compose.yaml");
  expect(text).not.toMatch(/docker\.sock|privileged|cap_add|security_opt/);
  const { server } = Compose.parse(parse(text)).services;
  expect(Object.keys(server.environment)).toEqual(
    expect.arrayContaining([
      "DATABASE_URI",
      "REDIS_URI",
      "MLE_SMITH_API_TOKEN",
      "MLE_SMITH_NATS_URL",
      "MLE_SMITH_DATA_ROOTS",
    ]),
  );
  expect(server.environment).not.toHaveProperty("MLE_SMITH_ENGINE");
  expect(server.volumes.find((volume) => typeof volume === "object")).toMatchObject({ read_only: true });
});
