import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { checkCatalogue } from "../verifiers/catalogue.ts";
import type { CheckFacts } from "../verifiers/check.ts";
import { referencesOf } from "../verifiers/references.ts";

/** What `npm run mutants` leaves in `docs/mutants.json`: kills of all kinds, and of those written before the checks. */
const MutantRun = z.object({
  killed: z.int().nonnegative(),
  kinds: z.int().positive(),
  falseAlarms: z.int().nonnegative().optional(),
  twins: z.int().nonnegative().optional(),
  date: z.string().optional(),
  commit: z.string().optional(),
  remark: z.string().optional(),
  survivors: z.array(z.object({ kind: z.string() })).default([]),
  rejectedTwins: z.array(z.object({ kind: z.string() })).default([]),
  untried: z.array(z.string()).default([]),
  corrected: z.array(z.object({ kind: z.string(), why: z.string() })).default([]),
});
const MutantFigures = z.object({ firstRun: MutantRun.optional(), now: MutantRun.optional() });

const FIGURES = new URL("../docs/mutants.json", import.meta.url);

const HEAD = `# Checks

Nothing is accepted on an author's word. These checks decide, and no process that runs generated code decides anything: it
returns data over a bounded channel, and trusted code in another process judges. A check gives \`pass\`, a \`defect\`, or
\`not_applicable\` with its reason; when the sandbox dies, times out or is gone, the command fails (exit code 1) and there
is no verdict. Fatal and major defects send a task back to the role that is to blame; minor ones are recorded with it.

This page is generated from the checks' own facts by \`npm run docs\`. What each measured of a given task stands in the task's
\`certificate.json\`, under the names that are given here (and under names of columns, where it measures those).
`;

/** The text of `docs/checks.md`. */
export async function checksPage(): Promise<string> {
  const parts = await checkCatalogue();
  const count = parts.reduce((sum, part) => sum + part.checks.length, 0);
  const index = parts.map(
    (part) => `- [${part.title}](#${anchor(part.title)}): ${part.checks.length} checks`,
  );
  const sections = parts.map(
    (part) => `## ${part.title}\n\n${part.about}\n\n${part.checks.map(section).join("\n")}`,
  );
  return `${HEAD}\n${count} checks, and the Reviewer's rubric between the metric and the execution:\n\n${index.join("\n")}\n\n${mutants()}\n${sections.join("\n")}`;
}

function section(check: CheckFacts): string {
  const references = referencesOf(check.id).map(
    ({ title, url, met }) => `- Met in: [${title}](${url}): ${met}.`,
  );
  return `### ${check.id}

**${plain(check.title)}** · ${check.layer} · ${check.severity} · blame: ${check.blame}

${[check.looksFor, check.why].flatMap((text) => (text === undefined ? [] : [plain(text)])).join(" ")}

${[...measured(check), ...threshold(check), ...references].join("\n")}
`;
}

function threshold({ threshold, origin }: CheckFacts): string[] {
  const limit = `- Threshold: ${plain(threshold || "none, any occurrence is a defect")}.`;
  return origin === undefined ? [limit] : [limit, `- Where it comes from: ${plain(origin)}.`];
}

function measured({ measures = [] }: CheckFacts): string[] {
  return measures.length === 0 ? [] : [`- Measures: ${measures.map((name) => `\`${name}\``).join(", ")}.`];
}

/** How often the checks catch an injected defect, from the last run of the mutants. */
function mutants(): string {
  const figures = existsSync(FIGURES) ? MutantFigures.parse(JSON.parse(readFileSync(FIGURES, "utf8"))) : {};
  const rows = [
    ["kinds written before the checks, first run", figures.firstRun] as const,
    ["last run", figures.now] as const,
  ].flatMap(([name, run]) => (run === undefined ? [] : [`| ${name} | ${cells(run)} |`]));
  const table =
    rows.length === 0
      ? "Not measured yet: `npm run mutants` writes the figures to `docs/mutants.json`."
      : [
          "| mutants | rejected by the named check | rate, 95% Wilson interval | sound twins rejected |",
          "| --- | --- | --- | --- |",
          ...rows,
        ].join("\n");
  return `## How good the checks are

Each check is tested with accepted tasks into which one defect was injected, and with a sound twin of each that must pass.

A mutant counts as rejected only where the verdict names a check that was written down for its defect beforehand
(\`tests/mutants/expected.ts\`); one that other checks alone reject counts as missed. The kinds were written by somebody who
had seen the catalogue's sentences and none of the checks. The first run came before any check was changed for them and is
never written over; some packages were made for kinds that no other suited since. A mutant that the checks of package, programs and
data reject by name is not asked further. Twins are judged by all assertions, and by the ladder where the mutant should fall from it.

<!-- mutants: begin -->
${table}${left(figures.now)}
<!-- mutants: end -->
`;
}

/** What the last run left. */
function left(run: z.infer<typeof MutantRun> | undefined): string {
  if (run === undefined) return "";
  const names = (items: { kind: string }[]) =>
    items.length === 0 ? "none" : items.map(({ kind }) => `\`${kind}\``).join(", ");
  const corrected = run.corrected.map(({ kind, why }) => `\n- \`${kind}\`: ${plain(why)}`);
  return `

Missed in the last run: ${names(run.survivors)}. Twins rejected: ${names(run.rejectedTwins)}. No package to try on: ${names(run.untried.map((kind) => ({ kind })))}.${run.remark === undefined ? "" : ` ${run.remark}`}${
    corrected.length === 0
      ? ""
      : `\n\nKinds that were no defect and were changed since the first run, which counts them as missed: ${corrected.length}.\n${corrected.join("")}`
  }`;
}

function cells({ killed, kinds, falseAlarms, twins }: z.infer<typeof MutantRun>): string {
  const [low, high] = wilson(killed, kinds);
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  const alarms = falseAlarms === undefined || twins === undefined ? "" : `${falseAlarms} of ${twins}`;
  return `${killed} of ${kinds} | ${percent(killed / kinds)} (${percent(low)} to ${percent(high)}) | ${alarms}`;
}

/** The 95% score interval of a share (Wilson 1927). */
export function wilson(hits: number, trials: number): [number, number] {
  const z2 = 1.959964 ** 2;
  const share = hits / trials;
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half =
    (1.959964 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Text that Markdown shows as it is, without the full stop that the page puts itself. */
function plain(text: string): string {
  return text.replace(/(?<![`\w])([*_])/g, "\\$1").trim();
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
