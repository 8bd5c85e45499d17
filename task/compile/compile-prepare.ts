import { existsSync } from "node:fs";
import { join } from "node:path";
import { BadInputError } from "../../core/errors.ts";
import type { View } from "../../dataset/survey.ts";
import type { Specification } from "../specification.ts";
import { type Plan, planTask } from "./plan.ts";
import { prepareBody } from "./prepare-body.ts";
import { keepsNames } from "./prepare-columns.ts";
import { isGrouped } from "./prepare-split.ts";
import { pythonLiteral, pythonMapping, pythonRemark, pythonText } from "./python-literal.ts";
import { readPythonModule, spliceDefinitions } from "./python-source.ts";

type TableRecipe = View["recipes"][string];

const readersFolder = join(import.meta.dirname, "../../dataset/python/smith_dataset");
const piecesFolder = join(import.meta.dirname, "../python/smith_task/prepare");
const PIECES = ["values", "rows", "splits", "media", "series_files", "publish"];

/**
 * Turns a specification into `prepare.py`: a program of its own that needs only numpy, pandas and the standard
 * library (and the library of the data's format), with `prepare(raw: Path, public: Path, private: Path) -> None`.
 * Throws BadInputError when the specification contradicts itself.
 */
export function compilePrepare(specification: Specification): string {
  return renderPrepare(planTask(specification));
}

/** The same, of a specification that has been planned already. */
export function renderPrepare(plan: Plan): string {
  const { specification } = plan;
  const { view } = specification;
  const program = [...loadFunction(specification), "", "", ...prepareBody(plan)].join("\n");
  const readers = [...new Set(Object.values(view.recipes).map(({ reader }) => reader))];
  const modules = [
    ...readers.map((reader) => join(readersFolder, "readers", `${reader}.py`)),
    join(readersFolder, "joins.py"),
    ...PIECES.map((piece) => join(piecesFolder, `${piece}.py`)),
  ].filter((path) => existsSync(path));
  const { imports, definitions } = spliceDefinitions(program, modules.map(readPythonModule));
  return [
    `"""${pythonRemark(specification.title)}.`,
    "",
    "Makes the files of the task from the raw data: what solvers get in public, what grading needs in private.",
    '"""',
    "",
    "from __future__ import annotations",
    "",
    ...sortImports(["from pathlib import Path", ...imports]),
    "",
    ...constants(plan),
    "",
    "",
    definitions.join("\n\n\n"),
    "",
    "",
    program,
    "",
  ].join("\n");
}

/** Standard library first, then numpy and pandas, as Python's style has it. */
function sortImports(lines: string[]): string[] {
  const unique = [...new Set(lines)];
  const foreign = (line: string) => /^(import|from) (numpy|pandas)\b/.test(line);
  const order = (a: string, b: string) =>
    Number(a.startsWith("from")) - Number(b.startsWith("from")) || (a < b ? -1 : a > b ? 1 : 0);
  return [...unique.filter((line) => !foreign(line)).sort(order), "", ...unique.filter(foreign).sort(order)];
}

/** Formats whose cells can hold lists and objects. */
const NESTED = new Set(["json", "jsonl", "parquet", "arrow"]);

/** The function that reads the view. */
function loadFunction({ view }: Specification): string[] {
  const lines = ["def load(raw: Path) -> pd.DataFrame:", '    """The table that the task is made of."""'];
  const recipe = (name: string): TableRecipe => {
    const found = view.recipes[name];
    if (!found)
      throw new BadInputError(
        `The view ${JSON.stringify(view.id)} has no recipe for table ${JSON.stringify(name)}.`,
      );
    return found;
  };
  const variables = new Map<string, string>([[view.base, "rows"]]);
  if (view.joins.some((other) => other.table === view.base)) variables.set(view.base, "base");
  lines.push(`    rows = ${readCall(recipe(view.base))}`);
  if (variables.get(view.base) === "base") lines.push("    base = rows");
  for (const other of view.joins) {
    let variable = variables.get(other.table);
    if (variable === undefined) {
      variable = `table_${variables.size}`;
      variables.set(other.table, variable);
      lines.push(`    ${variable} = ${readCall(recipe(other.table))}  # ${pythonRemark(other.table)}`);
    }
    lines.push(`    rows = ${joinCall(other, variable)}`);
  }
  const nested = Object.values(view.recipes).some(({ reader }) => NESTED.has(reader));
  lines.push(nested ? "    return join_lists(rows)" : "    return rows");
  return lines;
}

/** A call with keyword arguments, broken one a line when long. */
function call(name: string, parts: [key: string, value: string][]): string {
  const texts = parts.map(([key, value]) => (key === "" ? value : `${key}=${value}`));
  const flat = `${name}(${texts.join(", ")})`;
  if (flat.length <= 96 && !flat.includes("\n")) return flat;
  return `${name}(\n${texts.map((text) => `        ${text},`).join("\n")}\n    )`;
}

function readCall(recipe: TableRecipe): string {
  const options = Object.entries(recipe.options).map(([key, value]): [string, string] => {
    if (!/^[a-z][a-z_0-9]*$/.test(key))
      throw new BadInputError(`${pythonText(key)} is no option of a reader.`);
    return [key, pythonLiteral(value, 8, 9 + key.length)];
  });
  return call(`read_${recipe.reader}`, [["", "raw"], ["", pythonLiteral(recipe.paths, 8)], ...options]);
}

function joinCall(other: View["joins"][number], variable: string): string {
  const keys = [pythonLiteral(other.leftOn), pythonLiteral(other.rightOn)];
  const rest = other.kind === "one" ? [pythonLiteral(other.columns, 8)] : [];
  const values = ["rows", variable, ...keys, ...rest, pythonText(other.prefix)];
  return call(
    `join_${other.kind}`,
    values.map((value): [string, string] => ["", value]),
  );
}

/** Constants at the top: names, labels, and the figures of the split. */
function constants(plan: Plan): string[] {
  const { specification } = plan;
  const { split, target, rows } = specification;
  const pairs = (columns: readonly { view: string; name: string }[]) =>
    columns.map(({ view, name }): [string, string] => [view, name]);
  const lines: string[] = [];
  if (plan.multilabel.length > 0) {
    lines.push(
      `TARGETS = ${pythonMapping(pairs(plan.multilabel), 0, 10)}  # column of the data: column of the task`,
    );
  } else {
    lines.push(`TARGET = ${pythonText(plan.targets[0] ?? target.name)}`);
  }
  if (plan.labels) {
    const renamed = plan.labels.map(({ raw, name }): [string, string] => [raw, name]);
    lines.push(`LABELS = ${pythonMapping(renamed, 0, 9)}  # value of the data: label of the task`);
  }
  lines.push(
    keepsNames(plan.features)
      ? `FEATURES = ${pythonLiteral(
          plan.features.map(({ name }) => name),
          0,
          11,
        )}`
      : `FEATURES = ${pythonMapping(pairs(plan.features), 0, 11)}  # column of the data: column of the task`,
  );
  if (plan.testFeatures.length < plan.features.length) {
    lines.push(`TEST_FEATURES = ${pythonLiteral(plan.testFeatures, 0, 16)}  # known in advance`);
  }
  if (Object.keys(rows.missingCodes).length > 0) {
    lines.push(`MISSING_CODES = ${pythonLiteral(rows.missingCodes, 0, 16)}`);
  }
  if (rows.limit !== null) lines.push(`ROW_LIMIT = ${rows.limit}`);
  if (isGrouped(plan)) lines.push(`GROUPS = ${pythonLiteral(split.groups, 0, 9)}`);
  if (split.strategy !== "published") lines.push(`TEST_SHARE = ${split.testShare}`);
  lines.push(`SEED = ${split.seed}`);
  return lines;
}
