import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Imports run one way: a folder imports only from those to its left (CONTRIBUTING.md).
 * `core/store` may name the types of jobs; nothing else is excepted.
 */
const ranks: Record<string, number> = {
  core: 0,
  sandbox: 1,
  dataset: 2,
  task: 2,
  verifiers: 3,
  agents: 4,
  graph: 5,
  server: 6,
  cli: 7,
};
const root = join(import.meta.dirname, "..");
const wrong: string[] = [];

for (const folder of Object.keys(ranks)) {
  for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = join(folder, name);
    for (const [, typeOnly, specifier] of readFileSync(join(root, file), "utf8").matchAll(
      /^(?:import|export)( type)? [^;]*?from "(\.[^"]+)"/gms,
    )) {
      const target = relative(root, join(root, dirname(file), specifier ?? "")).split("/")[0] ?? "";
      const excepted = folder === "core" && typeOnly !== undefined && target === "sandbox";
      if ((ranks[target] ?? 99) > (ranks[folder] ?? 0) && !excepted)
        wrong.push(`${file} imports ${specifier}`);
    }
  }
}
if (wrong.length > 0) {
  process.stderr.write(
    `Imports against the way (core ← sandbox ← dataset, task ← verifiers ← agents ← graph ← server ← cli):\n${wrong.join("\n")}\n`,
  );
  process.exit(1);
}
