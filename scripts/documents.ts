import type { Command } from "commander";
import { z } from "zod";
import { createProgram } from "../cli/main.ts";
import { Configuration } from "../core/configuration.ts";
import { eventSchemas } from "../core/run-events.ts";
import { metricsDocument } from "../task/metrics/document.ts";
import { checksPage } from "./checks-page.ts";
import { comparatorsPage } from "./comparators/page.ts";
import { trapsPage } from "./traps/known.ts";

/** The pages of `docs/` that are made from code: name → text. */
export async function documents(): Promise<Record<string, string>> {
  return {
    "checks.md": await checksPage(),
    "comparators.md": comparatorsPage(),
    "known-traps.md": trapsPage(),
    "metrics.md": metricsDocument(),
    "configuration.md": configurationPage(),
    "command-line.md": commandLinePage(),
    "events.md": eventsPage(),
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

Defaults, then a file (\`-c\`, YAML or JSON), then the environment (\`MLE_SMITH_MODEL\`, \`MLE_SMITH_WORKERS\`, \`MLE_SMITH_ENGINE\`,
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
    .flatMap((command) => [command, ...command.commands])
    .filter((command) => command.name() !== "help")
    .map((command) => `## ${nameOf(command)}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`);
  return `# Command line\n\n\`\`\`\n${helpOf(program)}\n\`\`\`\n\n${sections.join("\n")}`;
}

/** What happens in a run, as files, terminals and streams tell it. */
function eventsPage(): string {
  const sections = eventSchemas.map((schema) => {
    const { description, properties, required } = EventSchema.parse(z.toJSONSchema(schema));
    const rows = Object.entries(properties)
      .filter(([name]) => !["event", "time", "run", "dataset"].includes(name))
      .map(
        ([name, { description: meaning = "" }]) =>
          `- \`${name}\`${required.includes(name) ? "" : " (where it applies)"}${meaning === "" ? "" : `: ${meaning}`}`,
      );
    return `## ${properties.event?.const ?? ""}\n\n${description}\n${rows.length > 0 ? `\n${rows.join("\n")}\n` : ""}`;
  });
  return `# Events

What happens in a run is told in one vocabulary: in \`events.jsonl\` of a run (\`<out>/runs/<id>\` of the command line,
\`<out>/server\` of a server), to a terminal as progress, and to whoever streams a run from a server with the stream mode
\`custom\` ([docs/api.md](api.md) says in which order). Each is one JSON object with the name \`event\`, the \`time\` (UTC), the
\`run\` where there are several, the \`dataset\` as the caller named it, and:

${sections.join("\n")}`;
}

const EventSchema = z.object({
  description: z.string(),
  properties: z.record(
    z.string(),
    z.object({ description: z.string().optional(), const: z.string().optional() }),
  ),
  required: z.array(z.string()),
});

/** With the names of the commands above it. */
function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** Help with its examples, as \`--help\` prints it, at a fixed width. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 100 });
  command.outputHelp();
  return text.trimEnd();
}
