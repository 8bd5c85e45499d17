import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Survey } from "../../dataset/survey.ts";
import type { TreeReference } from "../../sandbox/job.ts";
import type { ProgramRunner } from "../../sandbox/program.ts";
import type { Tool } from "./conversation.ts";
import { clip, printable } from "./prompt.ts";
import { answerSchema } from "./structured.ts";

export interface ToolOptions {
  programs: ProgramRunner;
  survey: Survey;
  raw: TreeReference;
  signal: AbortSignal;
}

/** Characters of one result, at most. */
const resultCharacters = 3_000;
const packages = [
  fileURLToPath(new URL("../python/smith_tools", import.meta.url)),
  fileURLToPath(new URL("../../dataset/python/smith_dataset", import.meta.url)),
];
const Result = z.strictObject({ ok: z.boolean(), text: z.string() });

/**
 * What an exploring role may look at. Every look is a job in the sandbox over the read-only dataset; what it returns is
 * bounded. All of them reveal values.
 */
export function explorationTools(options: ToolOptions): Tool[] {
  const views = Object.fromEntries(options.survey.views.map(({ view }) => [view.id, view]));
  const tool = <Input extends Record<string, unknown>>(
    name: string,
    description: string,
    schema: z.ZodType<Input>,
  ): Tool => ({
    name,
    description,
    parameters: answerSchema(schema),
    call: async (input) => {
      const parsed = schema.safeParse(input);
      if (!parsed.success) {
        const errors = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
        return { ok: false, text: `the arguments do not fit: ${errors.join("; ")}` };
      }
      const outcome = await options.programs.run(
        {
          name: `tool ${name}`,
          argv: ["-m", "smith_tools"],
          packages,
          input: { tool: name, views, characters: resultCharacters, ...parsed.data },
          trees: { raw: options.raw },
          limits: { wallMs: 30_000, memMb: 2048, diskMb: 256 },
          output: Result,
        },
        { signal: options.signal },
      );
      const result = outcome.ok ? outcome.output : { ok: false, text: clip(outcome.reason, 500) };
      return { ok: result.ok, text: printable(result.text).slice(0, resultCharacters) };
    },
  });
  return [
    tool(
      "query_tables",
      'Runs one SQL query (DuckDB) over views; each view is a table named by its id, e.g. SELECT "a b", count(*) FROM "view" GROUP BY 1. At most 40 rows come back.',
      z.strictObject({ sql: z.string().min(1).max(4000) }),
    ),
    tool(
      "run_python",
      "Runs Python (pandas, numpy, scikit-learn; no network) and returns what it prints. RAW is the dataset's folder, view(id) a view as a DataFrame.",
      z.strictObject({ code: z.string().min(1).max(8000) }),
    ),
    tool(
      "list_files",
      "Lists a folder of the dataset; an empty text is its root.",
      z.strictObject({ folder: z.string().max(500) }),
    ),
    tool(
      "read_file",
      "Returns up to 3000 bytes of a text file from an offset on.",
      z.strictObject({ path: z.string().max(500), offset: z.int().min(0) }),
    ),
  ];
}
