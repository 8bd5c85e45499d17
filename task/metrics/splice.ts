import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGE = "smith_task";
const FOLDER = fileURLToPath(new URL("../python/", import.meta.url));

/** Imports and bodies of the pieces that a standalone file needs, each piece after those it uses. */
export interface Spliced {
  imports: string[];
  bodies: string[];
}

/**
 * Joins Python modules of our package into one file's worth of text. A piece is a docstring, single-line imports,
 * then the body; imports of other pieces are followed, all others are collected.
 */
export function splice(modules: string[]): Spliced {
  const done = new Set<string>();
  const imports = new Set<string>();
  const bodies: string[] = [];
  const visit = (module: string): void => {
    if (done.has(module)) return;
    done.add(module);
    const piece = readPiece(module);
    for (const line of piece.imports) {
      const other = new RegExp(`^from (${PACKAGE}\\.\\S+) import `).exec(line)?.[1];
      if (other === undefined) imports.add(line);
      else visit(other);
    }
    bodies.push(piece.body);
  };
  modules.forEach(visit);
  return { imports: [...imports], bodies };
}

const pieces = new Map<string, { imports: string[]; body: string }>();

function readPiece(module: string): { imports: string[]; body: string } {
  const known = pieces.get(module);
  if (known) return known;
  const text = readFileSync(`${FOLDER}${module.replaceAll(".", "/")}.py`, "utf8");
  const lines = text.replace(/^"""[\s\S]*?"""\n/, "").split("\n");
  const isHead = (line: string): boolean => line === "" || /^(import|from) /.test(line);
  const start = lines.findIndex((line) => !isHead(line));
  const imports = lines.slice(0, start).filter((line) => line !== "");
  if (imports.some((line) => line.endsWith("(")))
    throw new TypeError(`${module}: imports must stand on one line`);
  const piece = { imports, body: lines.slice(start).join("\n").trimEnd() };
  pieces.set(module, piece);
  return piece;
}
