import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brainstorm } from "../agents/brainstormer/rules.ts";
import { design } from "../agents/designer/rules.ts";
import { Survey } from "../dataset/survey.ts";

/**
 * Prints what the rules would ask of each survey in a folder (`<name>.json`), with features withheld and rejected ideas:
 * `npx tsx scripts/candidates.ts <folder> [--why] [--only <part of a name>]`.
 */
const [folder, ...flags] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: npx tsx scripts/candidates.ts <folder of surveys> [--why] [--only PART]");
  process.exit(2);
}
const only = flags.includes("--only") ? flags[flags.indexOf("--only") + 1] : undefined;
let datasets = 0;
let asked = 0;
let offered = 0;
for (const file of (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()) {
  if (only !== undefined && !file.includes(only)) continue;
  const survey = Survey.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
  const { candidates, rejectedIdeas } = brainstorm(survey, { tasks: 3 });
  datasets++;
  if (candidates.length > 0) asked++;
  offered += candidates.length;
  console.log(`## ${file.replace(/\.json$/, "")} (${survey.views[0]?.rows ?? 0} rows)`);
  if (survey.refusal !== null) console.log(`   refused: ${survey.refusal.reason}`);
  for (const candidate of candidates) {
    const made = design(candidate, survey, { seed: 1, defects: [] });
    console.log(
      ` * ${candidate.title} [${candidate.target.join(", ")}; ${candidate.objective}; ${candidate.metric}]`,
    );
    if ("giveUp" in made) console.log(`     GIVES UP: ${made.giveUp}`);
    else if (made.kind === "specification") {
      const { features, dropped, split, target } = made.specification;
      console.log(
        `     split ${split.strategy} ${split.groups.join(",")}${split.time ?? ""} ${split.testShare}; unit ${target.unit ?? "-"}; labels ${target.labels?.slice(0, 8).join("|") ?? "-"}`,
      );
      console.log(
        `     features: ${features
          .slice(0, 40)
          .map((feature) => feature.column)
          .join(" ")}${features.length > 40 ? ` … (${features.length})` : ""}`,
      );
      if (dropped.length > 0)
        console.log(
          `     dropped: ${dropped
            .slice(0, 20)
            .map((entry) => `${entry.column} (${entry.reason})`)
            .join("; ")}`,
        );
    }
    console.log(`     because: ${candidate.rationale}`);
  }
  if (candidates.length === 0 || flags.includes("--why")) {
    for (const idea of rejectedIdeas
      .filter((entry) => !/^it is a row number/.test(entry.why))
      .slice(0, flags.includes("--why") ? 100 : 12))
      console.log(`   - ${idea.column}: ${idea.why}`);
  }
}
console.log(`\n${datasets} datasets, ${asked} with a question, ${offered} questions`);
