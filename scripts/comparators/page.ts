import { readdirSync } from "node:fs";
import { METRICS, MetricName } from "../../task/metrics/catalogue.ts";
import { isRight, keptOutcomes, type Outcome } from "./outcomes.ts";

const FOLDER = new URL("../../tests/comparators", import.meta.url);

const HEAD = `# Comparators: sound tasks must pass

A check that rejects what is sound costs as much as one that misses a defect. \`tests/comparators\` therefore holds tasks that were
packaged by hand, from the question that people ask of a known dataset, with its published split where there is one: a person
wrote \`task.yaml\`, \`prepare.py\`, \`description.md\`, and in some of them \`metric.py\`; nothing of it was generated. They are prepared
and put together as published tasks are, and verified with every check, the repeated preparation and the reference solvers
included. Those whose data are in this repository are part of \`npm test\`; \`npm run comparators -- <corpus>\` does all, and leaves
the figures from which this page is made.
`;

/** The text of `docs/comparators.md`. */
export function comparatorsPage(): string {
  const outcomes = keptOutcomes();
  const sound = outcomes.filter(({ unsound }) => unsound === null);
  const accepted = sound.filter(({ defects }) => defects.length === 0);
  const distinct = new Set(sound.map(({ modality }) => modality)).size;
  return `${HEAD}
## Sound

${accepted.length} of ${sound.length} accepted; ${distinct} kinds of data. \`trivial\` and \`strong\` are scores of the reference solvers under the task's metric.

| task | kind of data | split | metric | trivial | strong | checks | rejected by |
| --- | --- | --- | --- | --- | --- | --- | --- |
${sound.map(row).join("\n")}

Recorded with them, and no reason to reject: ${remarks(sound)}. Without a verdict yet: ${untried(outcomes)}.

## Asked all the same, and refused

These questions are asked of such data, and do not make a competition, or were not shown to make one. Each must be rejected by
the check that is named for it.

| task | must be rejected by | was | why that is right |
| --- | --- | --- | --- |
${outcomes.flatMap(unsoundRow).join("\n")}

## Refusals on 300 tables

The rules refuse most of the 300 tables of R packages on which the README reports. Random samples of 40 refusals and rejections were read
with the tables' documentation at hand. Wrong was a refusal where a sensible and sound question with a test that can place solvers
exists: 4, then 3, then 2, then 1 of 40, with mends in between. What was mended: a resolution of more margins than its reason needs,
rounded values taken for a break in time. Left: salaries in a table in which another column says the unit of each, and wages in tables of
economics textbooks whose columns have names like \`lw80\` and that no sentence asks for. Tables of under 250 rows are left alone on
purpose: people who read tasks of them would not enter most.
`;
}

function row(outcome: Outcome): string {
  const { title, name, modality, split, checks, defects } = outcome;
  const by = defects.length === 0 ? "" : defects.map(({ check }) => `\`${check}\``).join(", ");
  return `| ${title} (\`${name}\`) | ${modality.replaceAll("_", " ")} | ${split} | ${metricOf(outcome)} | ${score(outcome, "trivial")} | ${score(outcome, "strong")} | ${checks} | ${by} |`;
}

function unsoundRow({ title, name, unsound, ...outcome }: Outcome): string[] {
  if (unsound === null) return [];
  const right = isRight({ title, name, unsound, ...outcome });
  return [`| ${title} (\`${name}\`) | \`${unsound.check}\` | ${right ? "yes" : "no"} | ${unsound.why} |`];
}

/** Comparators that no run has verified to the end. */
function untried(outcomes: Outcome[]): string {
  const known = new Set(outcomes.map(({ name }) => name));
  const names = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.has(entry.name))
    .map(({ name }) => `\`${name}\``);
  return names.length === 0 ? "none" : names.sort().join(", ");
}

function remarks(outcomes: Outcome[]): string {
  const texts = outcomes.flatMap(({ name, remarks: made }) =>
    made.map(({ check }) => `\`${check}\` (${name})`),
  );
  return texts.length === 0 ? "nothing" : [...new Set(texts)].join(", ");
}

function metricOf({ metric }: Outcome): string {
  return METRICS[MetricName.parse(metric)].title;
}

function score({ ladder }: Outcome, step: string): string {
  const found = ladder.find(({ name }) => name === step)?.score;
  return found === undefined || found === null ? "" : String(Number(found.toPrecision(3)));
}
