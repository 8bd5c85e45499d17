import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { createProgram } from "../cli/main.ts";
import { runtimeName, streams } from "../sandbox/queue/names.ts";

const folder = join(import.meta.dirname, "../deploy");
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const manifests = readdirSync(join(folder, "kubernetes")).flatMap((name) =>
  parseAllDocuments(read(join("kubernetes", name))).map((document): unknown => document.toJS()),
);
const find = <Shape>(kind: string, schema: z.ZodType<Shape>): Shape =>
  schema.parse(manifests.find((manifest) => z.object({ kind: z.literal(kind) }).safeParse(manifest).success));

const runnerOptions = new Set(
  createProgram()
    .commands.find((command) => command.name() === "runner")
    ?.options.map(({ long }) => long),
);

test("the runners of the deployments are started with options that there are", () => {
  const Compose = z.object({ services: z.object({ runner: z.object({ command: z.array(z.string()) }) }) });
  const container = z.object({ args: z.array(z.string()) });
  const Deployment = z.object({
    spec: z.object({ template: z.object({ spec: z.object({ containers: z.tuple([container]) }) }) }),
  });
  const commands = [
    Compose.parse(parse(read("compose.yaml"))).services.runner.command,
    find("Deployment", Deployment).spec.template.spec.containers[0].args,
  ];
  for (const [command, ...words] of commands) {
    expect(command).toBe("runner");
    for (const word of words) expect(runnerOptions).toContain(word.split("=")[0]);
  }
});

test("scaling looks at the consumer of this release's packages (else: put its name into scaling.yaml)", async () => {
  const trigger = z.object({ metadata: z.record(z.string(), z.string()) });
  const ScaledObject = z.object({ spec: z.object({ triggers: z.tuple([trigger]) }) });
  expect(find("ScaledObject", ScaledObject).spec.triggers[0].metadata).toMatchObject({
    stream: streams.jobs,
    consumer: await runtimeName(),
  });
});
