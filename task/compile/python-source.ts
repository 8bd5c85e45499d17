import { readFileSync } from "node:fs";

/** A top-level definition of a Python module: its name and its text, without blank lines around it. */
interface Definition {
  name: string;
  text: string;
}

/** What a module offers for splicing: import lines and definitions, in file order. */
export interface PythonModule {
  imports: string[];
  definitions: Definition[];
}

/**
 * Reads a Python module of ours, so that single functions can be spliced into a generated program.
 * It knows only what our modules hold: a docstring, imports of one line each, functions, classes and
 * constants at column 0.
 */
export function readPythonModule(path: string): PythonModule {
  const text = readFileSync(path, "utf8").replace(/^"""[\s\S]*?"""\n/, "");
  const imports: string[] = [];
  const definitions: Definition[] = [];
  let block: string[] = [];
  const close = () => {
    const name = /^(?:def|class)\s+(\w+)|^(\w+)\s*[:=]/.exec(block.find((line) => !/^[@#]/.test(line)) ?? "");
    if (name) definitions.push({ name: name[1] ?? name[2] ?? "", text: block.join("\n").trimEnd() });
    block = [];
  };
  for (const line of text.split("\n")) {
    if (/^(import|from)\s/.test(line)) {
      imports.push(line);
      continue;
    }
    const starts = /^[A-Za-z_@#]/.test(line);
    const decorated = block.length > 0 && /^[@#]/.test(block.at(-1) ?? "");
    if (starts && !decorated) close();
    if (starts || block.length > 0) block.push(line);
  }
  close();
  return { imports, definitions };
}

/** Whether the program text uses a name as a word of its own; comments and docstrings do not count. */
function uses(text: string, name: string): boolean {
  const code = text.replace(/^\s*"""[\s\S]*?"""$/gm, "").replace(/(^|\s\s)#.*$/gm, "");
  return new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(code);
}

/** Names that an import line brings in. */
function importedNames(line: string): string[] {
  const list = line.replace(/^from\s+\S+\s+import\s+|^import\s+/, "");
  return list.split(",").map((part) => (/\sas\s+(\w+)/.exec(part)?.[1] ?? part.trim().split(".")[0]) || "");
}

/**
 * The definitions that a program needs, directly or through one another, with the imports that they and the
 * program need. Imports between the modules themselves fall away; modules keep their order.
 */
export function spliceDefinitions(
  program: string,
  modules: readonly PythonModule[],
): { imports: string[]; definitions: string[] } {
  const all = modules.flatMap((module) => module.definitions);
  const needed = new Set<string>();
  for (const queue = [program]; queue.length > 0; ) {
    const text = queue.pop() ?? "";
    for (const definition of all) {
      if (!needed.has(definition.name) && uses(text, definition.name)) {
        needed.add(definition.name);
        queue.push(definition.text);
      }
    }
  }
  const definitions = all.filter((definition) => needed.has(definition.name)).map(({ text }) => text);
  const whole = [program, ...definitions].join("\n");
  const lines = new Set(modules.flatMap((module) => module.imports));
  const imports = [...lines].filter(
    (line) => !/^from\s+(\.|__future__)/.test(line) && importedNames(line).some((name) => uses(whole, name)),
  );
  return { imports: imports.sort(), definitions };
}
