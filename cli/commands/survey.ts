import { resolve } from "node:path";
import { Command } from "commander";
import type { Survey } from "../../dataset/survey.ts";
import { interruption } from "../interruption.ts";
import { json, paint, plain } from "../terminal.ts";

/** `mle-smith survey`: what is measured of a dataset, before any idea. */
export function surveyCommand(): Command {
  return new Command("survey")
    .description("show what is measured of a dataset before any task is made")
    .argument("<dataset>", "folder, file or archive of raw data")
    .option("--json", "print the whole survey as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ mle-smith survey examples/penguins\n  $ mle-smith survey data.zip --json | jq '.views[].columns[].name'",
    )
    .action(async (dataset: string, flags: { json?: boolean }) => {
      const [{ openDataset }, { surveyDataset }, { withServices }] = await Promise.all([
        import("../../dataset/open.ts"),
        import("../../dataset/run-survey.ts"),
        import("../with-services.ts"),
      ]);
      const options = { signal: interruption.signal };
      const survey = await withServices(async (services) =>
        surveyDataset(await openDataset(resolve(dataset), services, options), services, options),
      );
      if (flags.json) process.stdout.write(json(survey));
      else print(survey);
      process.exitCode = survey.refusal === null ? 0 : 3;
    });
}

function print(survey: Survey): void {
  const out = process.stdout;
  out.write(
    `${paint(out, "bold", plain(survey.dataset.title))}  ${survey.files.count} files, ${(survey.files.bytes / 1e6).toFixed(2)} MB\n`,
  );
  for (const view of survey.views) {
    out.write(
      `\n${paint(out, "cyan", plain(view.title))} (${view.modality}): ${view.rows} rows, ${view.columns.length}${view.columnsClipped ? "+" : ""} columns, ${view.duplicates} duplicate rows\n`,
    );
    for (const column of view.columns) {
      const missing = column.missing > 0 ? `, ${(column.missing * 100).toFixed(1)}% missing` : "";
      const flags = column.flags.length > 0 ? ` [${column.flags.join(", ")}]` : "";
      const said = column.description ? `: ${plain(column.description, 120)}` : "";
      out.write(
        `  ${plain(column.name, 60)}  ${column.type}, ${column.distinct} distinct${missing}${flags}${said}\n`,
      );
    }
    for (const probe of view.probes) {
      const single = probe.singles[0];
      out.write(
        `  probe ${plain(probe.column, 60)}: gain ${probe.gain.toFixed(2)}${single ? `, best alone ${plain(single.column, 60)} ${single.gain.toFixed(2)}` : ""}\n`,
      );
    }
  }
  for (const aside of survey.setAside) out.write(`\nset aside: ${plain(aside.path)}: ${plain(aside.why)}\n`);
  if (survey.refusal)
    out.write(
      `\n${paint(out, "yellow", "refused")}: ${plain(survey.refusal.reason, 1000)}\n${plain(survey.refusal.help, 1000)}\n`,
    );
}
