import { z } from "zod";
import { createProgram } from "../cli/main.ts";
import { Configuration } from "../core/configuration.ts";
import { metricsDocument } from "../task/metrics/document.ts";
import { checksPage } from "./checks-page.ts";

/** The pages of `docs/` that are made from code: name → text. */
export async function documents(): Promise<Record<string, string>> {
  return {
    "checks.md": await checksPage(),
    "metrics.md": metricsDocument(),
    "configuration.md": configurationPage(),
    "command-line.md": commandLinePage(),
  };
}

const Field = z.object({
  description: z.string().optional(),
  default: z.json().optional(),
  properties: z.record(z.string(), z.json()).optional(),
});

function configurationPage(): string {
  const schema = Field.parse(z.toJSONSchema(Configuration, { io: "input" }));
  const rows = fieldRows("", schema.properties ?? {});
  return `# Configuration

Defaults, then a file (\`-c\`, YAML or JSON), then the environment (\`MLE_SMITH_MODEL\`, \`MLE_SMITH_WORKERS\`,
\`MLE_SMITH_SEED\`, \`MLE_SMITH_LOG\`, \`OPENAI_BASE_URL\`), then flags and \`--set a.b=c\`. The key of a model is read from
\`OPENAI_API_KEY\` alone and kept nowhere. The resolved configuration is saved with every run.

| field | default | meaning |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function fieldRows(prefix: string, properties: Record<string, unknown>): string[] {
  return Object.entries(properties).flatMap(([name, raw]) => {
    const field = Field.parse(raw);
    const row = `| \`${prefix}${name}\` | ${field.default === undefined ? "" : `\`${JSON.stringify(field.default)}\``} | ${field.description ?? ""} |`;
    return [row, ...fieldRows(`${prefix}${name}.`, field.properties ?? {})];
  });
}

function commandLinePage(): string {
  const program = createProgram();
  const sections = program.commands
    .filter((command) => command.name() !== "help")
    .map((command) => `## mle-smith ${command.name()}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`);
  return `# Command line\n\n\`\`\`\n${helpOf(program)}\n\`\`\`\n\n${sections.join("\n")}`;
}

/** Help with its examples, as \`--help\` prints it, at a fixed width. */
function helpOf(command: ReturnType<typeof createProgram>): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 });
  command.outputHelp();
  return text.trimEnd();
}
