import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Configuration, loadConfiguration } from "../../core/configuration.ts";
import { MetricName } from "../../task/metrics/catalogue.ts";
import type { CheckRecord } from "../../verifiers/defect.ts";
import { interruption } from "../interruption.ts";
import { decimal, whole } from "../numbers.ts";
import { json, paint, plain } from "../terminal.ts";
import type { Verified, VerifyRequest } from "../verify.ts";

interface Flags extends Omit<VerifyRequest["import"], "targets" | "groups"> {
  json?: boolean;
  only?: string[];
  skip: Record<string, string>;
  raw?: string;
  certificate?: string;
  target?: string[];
  group?: string[];
  model?: string;
  actions?: number;
  maxCost?: number;
  config?: string;
  set: string[];
}

/** `mle-smith verify`: every check on a task, whoever made it. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "run every check on a task: a package, or a competition of MLE-Dojo or mle-bench, or a bare folder",
    )
    .argument(
      "<task>",
      "folder of a task package, of a competition, or with train, test, sample submission and answers",
    )
    .option("--json", "print one JSON document on stdout")
    .option(
      "--only <checks>",
      "run only these checks (by id, joined by commas); what they stand on is checked too",
      words,
    )
    .option(
      "--skip <check=reason>",
      "leave a check out; the reason goes into the certificate (repeatable)",
      reason,
      {},
    )
    .option("--raw <dataset>", "run prepare.py again on this dataset, twice, and compare with the package")
    .option("--certificate <file>", "write the certificate of this verification")
    .option("--model <name>", "a model behind OPENAI_BASE_URL has to solve the task, as a coding agent")
    .option("--actions <n>", "actions that it may take (default: 8)", whole)
    .option("--max-cost <usd>", "dollars that it may cost; needs a configured price", decimal)
    .option("-c, --config <file>", "configuration file (YAML or JSON)")
    .addOption(
      new Option("--set <a.b=c>", "set one field of the configuration; may be repeated")
        .argParser((value: string, all: string[]) => [...all, value])
        .default([], "none"),
    )
    .option("--data <folder>", "prepared data of a competition, where they are not below its folder")
    .addOption(new Option("--metric <name>", "metric of the catalogue").choices(MetricName.options))
    .addOption(
      new Option("--direction <word>", "of a competition's own metric, where nothing tells it").choices([
        "maximize",
        "minimize",
      ]),
    )
    .option("--train <file>", "table of training rows, below the public folder")
    .option("--test <file>", "table of test rows")
    .option("--sample <file>", "sample submission")
    .option("--answers <file>", "answers")
    .option("--id <column>", "column that names rows")
    .option("--target <columns>", "columns to predict, joined by commas", words)
    .option("--auxiliary <columns>", "columns of the answers that are graded with and not predicted", words)
    .addOption(
      new Option("--split <strategy>", "how the rows were split, where no group or time says it").choices([
        "random",
        "stratified",
        "published",
        "other",
      ]),
    )
    .option("--group <columns>", "columns whose values the split keeps apart", words)
    .option("--time <column>", "column by which the split goes")
    .addHelpText(
      "after",
      `
Options from --data on are for tasks of others; what they do not say is inferred from the tables.
Exit code 0 when every check passes, 2 for a folder that cannot be verified, 3 when there are defects or a verdict
differs from the package's certificate; 1 when the sandbox or the model's endpoint failed and 4 when a budget ended the work,
which are no verdicts.

Examples:
  $ mle-smith verify smith-out/tasks/penguins-species-1a2b3c4d --raw penguins.csv
  $ mle-smith verify smith-out/tasks/penguins-species-1a2b3c4d --model gpt-5-mini --json
  $ mle-smith verify mledojo/competitions/titanic --data data/prepared/titanic
  $ mle-smith verify mlebench/competitions/spaceship-titanic --data ~/.cache/mle-bench/data --json
  $ mle-smith verify ./folder --metric rmse --id row --skip personal-data="the names are invented"`,
    )
    .action(async (task: string, flags: Flags) => {
      const configuration = configurationOf(flags);
      const [{ isSound, verifyFolder }, { openSolver }, { withServices }] = await Promise.all([
        import("../verify.ts"),
        import("../solver.ts"),
        import("../with-services.ts"),
      ]);
      const say = (line: string) =>
        process.stderr.write(`${paint(process.stderr, "dim", plain(line, 500))}\n`);
      const verified = await withServices(async (services) => {
        const { signal } = interruption;
        const solver = openSolver(configuration, services, { signal, environment: process.env, say });
        try {
          return await verifyFolder(requestOf(task, flags), services, {
            signal,
            agent: solver.agent,
            onStep: ({ action, status, score, note }) =>
              say(`agent: ${action}: ${status}${score === null ? note && ` (${note})` : `, score ${score}`}`),
          });
        } finally {
          const { calls, tokens, cost } = solver.budget.totals();
          if (calls > 0)
            say(
              `agent: ${calls} calls, ${tokens.prompt} prompt tokens (${tokens.cached} cached), ${tokens.output} of answers, $${cost.toFixed(4)}`,
            );
          solver.budget.close();
        }
      }, configuration);
      if (flags.certificate !== undefined && verified.certificate !== null)
        await writeFile(flags.certificate, `${JSON.stringify(verified.certificate, undefined, 2)}\n`);
      if (flags.json) process.stdout.write(json(verified));
      else print(verified);
      process.exitCode = isSound(verified) ? 0 : 3;
    });
}

function configurationOf({ model, actions, maxCost, config, set }: Flags): Configuration {
  return loadConfiguration({
    ...(config === undefined ? {} : { file: config }),
    environment: process.env,
    flags: {
      maxCost,
      ...(model === undefined ? {} : { models: { solver: model } }),
      ...(actions === undefined ? {} : { solver: { actions } }),
    },
    set,
  });
}

function requestOf(task: string, flags: Flags): VerifyRequest {
  const { only, skip, raw, target, group, data } = flags;
  return {
    folder: resolve(task),
    skip,
    ...(only === undefined ? {} : { only }),
    ...(raw === undefined ? {} : { raw }),
    import: {
      ...pick(flags, IMPORTS),
      ...(data === undefined ? {} : { data: resolve(data) }),
      ...(target === undefined ? {} : { targets: target }),
      ...(group === undefined ? {} : { groups: group }),
    },
  };
}

/** Flags that say of a task of others what cannot be told from its files. */
const IMPORTS = [
  "metric",
  "direction",
  "train",
  "test",
  "sample",
  "answers",
  "id",
  "auxiliary",
  "split",
  "time",
] as const satisfies (keyof Flags)[];

/** Those that were given. */
function pick(flags: Flags, names: typeof IMPORTS): Pick<Flags, (typeof IMPORTS)[number]> {
  return Object.fromEntries(
    names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
}

function words(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.some((part) => part === "")) throw new InvalidArgumentError("Give names joined by commas.");
  return parts;
}

function reason(text: string, earlier: Record<string, string>): Record<string, string> {
  const [, check, why] = /^([a-z0-9-]+)=(.*)$/s.exec(text) ?? [];
  if (check === undefined || why === undefined || why.trim().length < 10)
    throw new InvalidArgumentError("Give CHECK=REASON, with a reason of at least ten characters.");
  return { ...earlier, [check]: `left out by request: ${why.trim().slice(0, 500)}` };
}

function print({ accepted, records, ladder, agent, differs, notes, format }: Verified): void {
  const out = process.stdout;
  if (format !== "mle-smith") out.write(`${paint(out, "dim", `imported as ${format}`)}\n`);
  for (const note of notes) out.write(`${paint(out, "dim", `note: ${plain(note, 500)}`)}\n`);
  for (const record of records)
    out.write(
      `${mark(record)} ${record.layer.padEnd(10)} ${record.check}${record.defects.map((defect) => `\n    ${defect.severity}: ${plain(defect.message, 400)}\n    ${plain(defect.evidence, 400)}`).join("")}\n`,
    );
  for (const step of ladder) out.write(`ladder     ${step.name}: ${step.score}\n`);
  if (agent !== null && agent.approach !== "")
    out.write(`agent      ${plain(agent.agent)}: ${plain(agent.approach, 300)}\n`);
  for (const { of, what, certificate, now } of differs ?? [])
    out.write(
      `${paint(out, "yellow", "differs")}    ${plain(of)}: ${what} ${plain(now)}, the certificate says ${plain(certificate)}\n`,
    );
  out.write(accepted ? `${paint(out, "green", "accepted")}\n` : `${paint(out, "red", "not accepted")}\n`);
}

function mark(record: CheckRecord): string {
  if (record.verdict === "pass") return paint(process.stdout, "green", "✓");
  return record.verdict === "defect" ? paint(process.stdout, "red", "✗") : paint(process.stdout, "dim", "·");
}
