import { resolve } from "node:path";
import { Command } from "commander";
import type { CheckRecord } from "../../verifiers/defect.ts";
import type { Verification } from "../../verifiers/verify.ts";
import { interruption } from "../interruption.ts";
import { json, paint, plain } from "../terminal.ts";

/** `mle-smith verify`: every check on a package, whoever made it. */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("run every check on a task package")
    .argument("<task>", "folder of a task package")
    .option("--json", "print one JSON document on stdout")
    .addHelpText(
      "after",
      "\nExit code 0 when every check passes, 3 when there are defects.\n\nExample:\n  $ mle-smith verify smith-out/tasks/penguins-species-1a2b3c4d",
    )
    .action(async (task: string, flags: { json?: boolean }) => {
      const [{ verifyPackage }, { withServices }] = await Promise.all([
        import("../../verifiers/verify.ts"),
        import("../with-services.ts"),
      ]);
      const verified = await withServices((services) =>
        verifyPackage(resolve(task), services, { signal: interruption.signal }),
      );
      if (flags.json) process.stdout.write(json(verified));
      else print(verified);
      process.exitCode = verified.accepted ? 0 : 3;
    });
}

function print({ accepted, records, ladder }: Verification): void {
  const out = process.stdout;
  for (const record of records)
    out.write(
      `${mark(record)} ${record.layer.padEnd(10)} ${record.check}${record.defects.map((defect) => `\n    ${defect.severity}: ${plain(defect.message, 400)}\n    ${plain(defect.evidence, 400)}`).join("")}\n`,
    );
  for (const step of ladder) out.write(`ladder     ${step.name}: ${step.score}\n`);
  out.write(accepted ? `${paint(out, "green", "accepted")}\n` : `${paint(out, "red", "not accepted")}\n`);
}

function mark(record: CheckRecord): string {
  if (record.verdict === "pass") return paint(process.stdout, "green", "✓");
  return record.verdict === "defect" ? paint(process.stdout, "red", "✗") : paint(process.stdout, "dim", "·");
}
