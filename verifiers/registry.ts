import { readdir } from "node:fs/promises";
import { InfrastructureError } from "../core/errors.ts";
import type { Check } from "./check.ts";

/**
 * Every check of a folder, one per file, in order of name. Adding a check is adding a file with a default export;
 * its id is its file's name.
 */
export async function loadChecks<Context>(folder: URL): Promise<Check<Context>[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
  return await Promise.all(
    names.map(async (name) => {
      const module = (await import(new URL(name, folder).href)) as { default?: Check<Context> };
      const check = module.default;
      if (check === undefined || check.id !== name.slice(0, -".ts".length))
        throw new InfrastructureError(
          `${name} must export the check '${name.slice(0, -".ts".length)}' as its default`,
        );
      return check;
    }),
  );
}
