import { realpath } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { BadInputError } from "../core/errors.ts";
import type { DatasetPlace } from "../graph/services.ts";

/** Where datasets may lie that a caller names: MLE_SMITH_DATA_ROOTS, several with colons between; else `./data` and `./examples`. */
export function dataFolders(environment: NodeJS.ProcessEnv): string[] {
  const named = (environment.MLE_SMITH_DATA_ROOTS ?? "").split(":").filter((folder) => folder !== "");
  return (named.length > 0 ? named : ["data", "examples"]).map((folder) => resolve(folder));
}

/** What is wrong with the name of a dataset, whatever lies on disk; null when nothing is. Names are paths inside a data folder. */
export function nameProblem(name: string): string | null {
  if (name.length > 1024) return "it is longer than 1024 characters";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(name)) return "it holds control characters";
  if (/^[a-z][a-z0-9+.-]*:/i.test(name)) return "it is a URL; put the data into a data folder of the server";
  if (isAbsolute(name) || name.startsWith("~"))
    return "it is absolute; name a path inside a data folder of the server";
  if (name.split(/[/\\]/).includes("..")) return "it leads out of its folder";
  return null;
}

/**
 * The place of a dataset inside the data folders. Links are refused: in the name, and (by `exact`) later, when it is read.
 * @throws BadInputError that names no path of this machine.
 */
export async function locateIn(folders: readonly string[], name: string): Promise<DatasetPlace> {
  const problem = nameProblem(name);
  if (problem !== null) throw refused(name, problem);
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => undefined);
    if (root === undefined) continue;
    const path = join(root, name);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) continue;
    if (real !== path.replace(/\/+$/, "")) throw refused(name, "it is, or lies behind, a link");
    if (!real.startsWith(root + sep)) throw refused(name, "it names a whole data folder");
    return { path: real, exact: true };
  }
  throw refused(name, "there is none in the data folders");
}

function refused(name: string, why: string): BadInputError {
  return new BadInputError(`bad input: dataset ${JSON.stringify(name.slice(0, 80))}: ${why}`, {
    hint: "name a path inside a folder of MLE_SMITH_DATA_ROOTS",
  });
}
