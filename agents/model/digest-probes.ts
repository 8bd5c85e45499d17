import type { ViewSurvey } from "../../dataset/survey.ts";
import { clip } from "./prompt.ts";

type Probe = ViewSurvey["probes"][number];

/** From here on a gain says that something gives the column away, below the first that nothing was found. */
const found = 0.05;
const givenAway = 0.97;

/**
 * What can be predicted from what. Columns that can be learned come first, in full: those that no other
 * column copies or decides; the others are named with what decides them, then those that all columns together give
 * away, then those in which nothing was found. With `focus`, only probes of these columns, in full.
 */
export function probeLines(
  probes: readonly Probe[],
  options: { characters: number; focus: readonly string[] | undefined },
): string[] {
  const sorted = [...probes].sort((a, b) => b.gain - a.gain);
  const heading =
    "predictable from the other columns (gain over a constant, 1 = perfect; best single features):";
  if (options.focus !== undefined) {
    const lines = sorted.filter(({ column }) => options.focus?.includes(column)).map(probeLine);
    return lines.length === 0 ? [] : [heading, ...lines];
  }
  const open = sorted.filter((probe) => between(probe) && !isDecided(probe));
  const decided = sorted.filter((probe) => between(probe) && isDecided(probe));
  const given = sorted.filter(({ gain }) => gain >= givenAway);
  const nothing = sorted.filter(({ gain }) => gain < found);
  const lines: string[] = [];
  let left = options.characters;
  for (const probe of open) {
    const line = probeLine(probe);
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const more = open.slice(lines.length).map(({ column, gain }) => `${clip(column, 40)} ${gain.toFixed(2)}`);
  if (more.length > 0) lines.push(`more: ${some(more, 20)}`);
  if (decided.length > 0)
    lines.push(`without the columns that decide them alone: ${some(decided.map(decidedText), 16)}`);
  if (given.length > 0) lines.push(`given away (gain 0.97 or more): ${some(given.map(givenText), 20)}`);
  if (nothing.length > 0)
    lines.push(
      `nothing found: ${some(
        nothing.map(({ column }) => clip(column, 40)),
        30,
      )}`,
    );
  return lines.length === 0 ? [] : [heading, ...lines];
}

/** Another column alone says what this one is: it is an outcome only when that one is withheld. */
function isDecided({ copies, determinedBy }: Probe): boolean {
  return copies.length > 0 || determinedBy.some((by) => by.length === 1);
}

function between({ gain }: Probe): boolean {
  return gain >= found && gain < givenAway;
}

function decidedText({ column, gain, copies, determinedBy }: Probe): string {
  const by = [...copies, ...determinedBy.flatMap((names) => (names.length === 1 ? names : []))];
  const names = [...new Set(by)].map((name) => clip(name, 40));
  return `${clip(column, 40)} ${gain.toFixed(2)} (${some(names, 3)})`;
}

function probeLine(probe: Probe): string {
  const parts = [`${clip(probe.column, 60)} ${probe.gain.toFixed(2)}`];
  const singles = probe.singles.filter(({ gain }) => gain >= found).slice(0, 3);
  if (singles.length > 0)
    parts.push(singles.map(({ column, gain }) => `${clip(column, 40)} ${gain.toFixed(2)}`).join(", "));
  if (probe.copies.length > 0)
    parts.push(
      `copies: ${some(
        probe.copies.map((name) => clip(name, 40)),
        5,
      )}`,
    );
  const determined = probe.determinedBy.map((by) => clip(by.join("+"), 80));
  if (determined.length > 0) parts.push(`determined by: ${some(determined, 5)}`);
  if (probe.orderGain >= 0.2) parts.push(`row order ${probe.orderGain.toFixed(2)}`);
  return parts.join(" | ");
}

function givenText({ column, singles, determinedBy }: Probe): string {
  const by = determinedBy[0]?.join("+");
  if (by !== undefined) return `${clip(column, 40)} (by ${clip(by, 40)})`;
  const [best] = singles;
  return best === undefined
    ? clip(column, 40)
    : `${clip(column, 40)} (${clip(best.column, 40)} alone ${best.gain.toFixed(2)})`;
}

function some(names: readonly string[], most: number): string {
  return names.length > most ? `${names.slice(0, most).join(", ")} … (${names.length})` : names.join(", ");
}
