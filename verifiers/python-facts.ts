import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InfrastructureError } from "../core/errors.ts";
import type { CheckFacts } from "./check.ts";
import { Blame, Defect } from "./defect.ts";
import { measuredNames } from "./measured-names.ts";

const FOLDER = fileURLToPath(new URL("./python/smith_checks/", import.meta.url));

/**
 * The facts of the checks that are measured in Python, in order of file name, read from the text of `CHECK = Check(...)`
 * without running it: the documentation and the command line need them where there is no Python. Throws InfrastructureError
 * when a file declares them in another way than by named texts.
 */
export function pythonCheckFacts(): CheckFacts[] {
  return ["source", "data"].flatMap((part) =>
    readdirSync(join(FOLDER, part))
      .filter((name) => name.endsWith(".py") && name !== "__init__.py")
      .sort()
      .flatMap((name) => factsOf(join(FOLDER, part, name))),
  );
}

function factsOf(file: string): CheckFacts[] {
  const source = readFileSync(file, "utf8");
  const body = /^CHECK = Check\(\n(.*?)\n\)$/ms.exec(source)?.[1];
  if (body === undefined) return [];
  const fields = new Map<string, string>();
  for (const [, name = "", value = ""] of body.matchAll(/^ {4}(\w+)=((?:\s*"(?:[^"\\]|\\.)*")+),$/gm))
    fields.set(
      name,
      [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = ""]) => withoutBackslashes(part)).join(""),
    );
  const text = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new InfrastructureError(`${file} declares no ${name}`);
    return value;
  };
  const [threshold, origin] = [fields.get("threshold"), fields.get("origin")];
  const looksFor = /^"""(.*?)(?:"""|\n)/.exec(source)?.[1];
  return [
    {
      id: text("id"),
      layer: "assertions",
      title: text("title"),
      severity: Defect.shape.severity.parse(text("severity")),
      blame: Blame.parse(text("blame")),
      why: text("why"),
      ...(threshold === undefined ? {} : { threshold }),
      ...(origin === undefined ? {} : { origin }),
      ...(looksFor === undefined ? {} : { looksFor }),
      measures: measuredNames(source),
    },
  ];
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
