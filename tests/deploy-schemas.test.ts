import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { Folders } from "./helpers/command-line.ts";

const deploy = join(import.meta.dirname, "../deploy");
const manifests = readdirSync(join(deploy, "kubernetes"));
const read = (name: string) => readFileSync(join(deploy, "kubernetes", name), "utf8");
const folders = new Folders();
afterAll(() => folders.remove());

/** Why a tool is not tried: its name and how it is got. */
const missing = (there: boolean, how: string) => (there ? "" : ` (skipped: ${how})`);
const works = ([program = "", ...words]: string[]) => spawnSync(program, words).status === 0;

const compose = [["docker", "compose"], ["docker-compose"]].find((command) => works([...command, "version"]));
const noCompose = missing(compose !== undefined, "apt-get install docker-compose");

describe.skipIf(noCompose !== "")(`Compose${noCompose}`, () => {
  const configure = (text: string) => {
    const folder = folders.make();
    mkdirSync(join(folder, "deploy"));
    writeFileSync(join(folder, "deploy/compose.yaml"), text);
    const [program = "", ...words] = compose ?? [];
    return spawnSync(program, [...words, "-f", join(folder, "deploy/compose.yaml"), "config"], {
      encoding: "utf8",
    });
  };
  const text = readFileSync(join(deploy, "compose.yaml"), "utf8");

  test("takes the file and reads it as it was meant", () => {
    const { status, stdout, stderr } = configure(text);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const Services = z.object({ services: z.record(z.string(), z.object({ restart: z.string() })) });
    expect(Object.keys(Services.parse(parse(stdout)).services).sort()).toEqual(["nats", "runner"]);
  });

  test.each([
    ["a name that is none", "stop_grace_period:", "stop_grace_perod:"],
    ["a service that is not there", "nats: { condition", "nots: { condition"],
    ["a list for a number", "cpus: 2", "cpus: [2]"],
  ])("refuses %s", (_what, from, to) => {
    expect(text).toContain(from);
    expect(configure(text.replace(from, to)).status).not.toBe(0);
  });
});

const validator = process.env.MLE_SMITH_KUBERNETES_VALIDATE ?? "kubernetes-validate";
const noValidator = missing(works([validator, "--help"]), "pip install kubernetes-validate");

describe.skipIf(noValidator !== "").each(["1.30", "1.34"])(`Kubernetes %s${noValidator}`, (version) => {
  const validate = (text: string) => {
    const path = join(folders.make(), "manifest.yaml");
    writeFileSync(path, text);
    return spawnSync(validator, ["-k", version, "--strict", path], { encoding: "utf8" });
  };

  // KEDA's own kind is no part of it.
  test.each(manifests.filter((name) => name !== "scaling.yaml"))("takes %s", (name) => {
    const { status, stdout, stderr } = validate(read(name));
    expect(status, stdout + stderr).toBe(0);
  });

  test.each([
    ["runner.yaml", "a name that is none", "enableServiceLinks:", "enableServiceLink:"],
    ["runner.yaml", "text for a number", "replicas: 1", "replicas: one"],
    ["nats.yaml", "a missing selector", "  selector:\n    matchLabels: { app: nats }\n", ""],
    ["network-policy.yaml", "a list for a mapping", "podSelector: {}", "podSelector: []"],
  ])("refuses in %s %s", (name, _what, from, to) => {
    expect(read(name)).toContain(from);
    expect(validate(read(name).replace(from, to)).status).not.toBe(0);
  });
});

const definition = process.env.MLE_SMITH_KEDA_DEFINITION ?? "";
const noDefinition = missing(
  existsSync(definition),
  "MLE_SMITH_KEDA_DEFINITION names config/crd/bases/keda.sh_scaledobjects.yaml of github.com/kedacore/keda",
);

describe.skipIf(noDefinition !== "")(`KEDA${noDefinition}`, () => {
  const refused = (text: string) => {
    const Definition = z.object({
      spec: z.object({
        versions: z.tuple([z.object({ schema: z.object({ openAPIV3Schema: z.unknown() }) })]),
      }),
    });
    const [{ schema }] = Definition.parse(parse(readFileSync(definition, "utf8"))).spec.versions;
    const known = z.fromJSONSchema(z.record(z.string(), z.json()).parse(strict(schema.openAPIV3Schema)));
    return parseAllDocuments(text).flatMap((document) => {
      const issues = known.safeParse(document.toJS()).error?.issues ?? [];
      return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    });
  };

  test("takes the scaling", () => {
    expect(refused(read("scaling.yaml"))).toEqual([]);
  });

  test.each([
    ["a name that is none", "pollingInterval", "pollInterval"],
    ["text for a number", "maxReplicaCount: 100", 'maxReplicaCount: "100"'],
    ["a missing target", "  scaleTargetRef:\n    name: runner\n", ""],
    ["a policy without its period", ", periodSeconds: 60", ""],
  ])("refuses %s", (_what, from, to) => {
    expect(read("scaling.yaml")).toContain(from);
    expect(refused(read("scaling.yaml").replace(from, to))).not.toEqual([]);
  });
});

/** A definition by which fields that it does not name are refused; a cluster would drop them without a word. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => !name.startsWith("x-") && name !== "format")
      .map(([name, value]) => [name, strict(value)]),
  );
  return "properties" in inner && !("additionalProperties" in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}
