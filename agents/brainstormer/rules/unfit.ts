import type { ColumnFacts } from "../../../dataset/survey.ts";
import { EVENT, NAMES, TIME_TO_EVENT, TIMES, TOTAL } from "../../words/inputs.ts";
import { outcomeStrength } from "../../words/outcomes.ts";
import { clauseOf, descriptionOf, headOf, meaningOf, nounOfName } from "../../words/phrases.ts";
import { humanise, singular, tokens } from "../../words/tokens.ts";
import { datasetTitle, phraseOf } from "./candidates.ts";
import { isNamedTarget } from "./convention.ts";
import { type Evidence, labelsText } from "./evidence.ts";
import { onlyDesign } from "./experiments.ts";
import type { Reading } from "./reading.ts";
import type { Withheld } from "./relatives.ts";
import { FEWEST_GROUPS, repeatedUnit, type SplitPlan } from "./split.ts";
import { lexicalStrength } from "./strength.ts";
import { tooThin, unexplained } from "./thin.ts";
import { incomparable } from "./units.ts";
import { yearOf } from "./waves.ts";

/** Values that are no answer to a question. */
const NO_ANSWER =
  /^(unknown|undecided|unclear|not (known|stated|available|applicable)|no answer|don'?t know|none given)$/i;

/** Least gain over a constant that a probe must have found. */
const LEAST_GAIN = 0.04;

/** Why a column that could be an outcome makes no sound question after all, or null. */
export function unfit(
  reading: Reading,
  entry: Evidence,
  withheld: readonly Withheld[],
  split: SplitPlan,
): string | null {
  const { name } = entry.column;
  const gone = new Set(withheld.map((held) => held.column));
  const left = reading.view.columns.filter((column) => column.name !== name && !gone.has(column.name));
  if (left.length < 2 && left[0]?.type !== "text")
    return "fewer than two columns are left to predict it from";
  if (left.every((column) => isPlaceOrTime(column.name)))
    return "nothing but place and time is left to predict it from";
  const repeats = new Set(reading.view.groups.map((group) => group.column));
  const real = left.filter((column) => !repeats.has(column.name) && !column.flags.includes("identifier"));
  if (
    real.length < 2 &&
    real.every((column) => column.type !== "text" && column.type !== "string" && column.distinct <= 12)
  )
    return "hardly anything but names of groups is left to predict it from";
  const entity = repeatedUnit(reading);
  if (
    entity !== undefined &&
    real.length < 3 &&
    real.every((column) => column.type !== "text" && column.type !== "list")
  )
    return `of a new ${entity.column}, only ${real.length} other columns are known: too little to predict it from`;
  const blank = entry.column.top.find(([value]) => NO_ANSWER.test(value.trim()));
  if (blank !== undefined && blank[1] > 0.2 * reading.view.rows)
    return `${Math.round((100 * blank[1]) / reading.view.rows)}% of its values say "${blank[0]}"`;
  const spoilt =
    onlyDesign(reading, left) ??
    tooThin(reading, left, split.groups) ??
    unexplained(reading, left) ??
    incomparable(reading, entry.column);
  if (spoilt !== null) return spoilt;
  if (isDecidedByTotals(entry.column, left))
    return "the other columns are totals of the very season that it sums up: who has them knows the outcome";
  const illegible = unreadable(reading, entry);
  if (illegible !== null) return illegible;
  const unit = repeatedUnit(reading);
  if (unit !== undefined && unit.groups < FEWEST_GROUPS && unit.groups * 4 < reading.view.rows)
    return `its rows repeat only ${unit.groups} values of ${unit.column}: too few to hide some of them`;
  if (
    /^(?:[\w-]+ ){0,2}(number|no\.?|code|index)$/i.test(clauseOf(entry.column)) &&
    entry.column.distinct <= 40 &&
    !/\bof\b/i.test(clauseOf(entry.column))
  )
    return "it names or numbers something";
  if (entry.column.top.some(([value]) => /^censor/i.test(value)))
    return "one of its classes only says that observation ended";
  const equals = reading.view.columns.filter(
    (column) =>
      column !== entry.column && (sameNoun(column, entry.column) || sameEnding(column, entry.column)),
  );
  if (!entry.documented && equals.length >= 2 && equals.length >= 0.3 * (reading.view.columns.length - 1))
    return `${equals.length} other columns are of its kind: none of them is the outcome`;
  const alike = reading.view.columns.filter(
    (column) =>
      lexicalStrength(column, tokens(column.name).map(singular), headOf(column).map(singular)).strength >=
      2.5,
  ).length;
  if (!entry.documented && alike >= 6 && alike >= 0.35 * reading.view.columns.length)
    return `${alike} columns of the table are outcomes alike`;
  const keys = new Set(reading.view.time.flatMap((axis) => [axis.column, ...axis.series]));
  if (left.every((column) => keys.has(column.name) || column.flags.includes("time_like")))
    return "nothing but place and time is left to predict it from";
  const described = descriptionOf(entry.column);
  if (
    meaningOf(entry.column).replace(/^the /, "").length <= 2 &&
    !isNamedTarget(reading, entry.column) &&
    !labelsText(reading, entry.column) &&
    !/the last of a numbered/.test(entry.signs.join())
  )
    return "nothing says what it means";
  if (
    /^(y|response|result|outcome|output|value|count|total)$/i.test(name) &&
    described === "" &&
    !entry.documented &&
    !isNamedTarget(reading, entry.column)
  )
    return "nothing says what it means";
  const year = yearOf(name);
  const stem = name.replace(/\d+$/, "");
  if (
    year !== null &&
    reading.view.columns.some(
      (column) => column.name !== name && column.name.startsWith(stem) && (yearOf(column.name) ?? 0) > year,
    )
  )
    return "it is an earlier value of something whose later values are known";
  if (
    entry.column.numeric !== null &&
    TIME_TO_EVENT.test(`${tokens(name).join(" ")} ${described}`) &&
    entry.column.distinct > 10 &&
    reading.view.columns.some((column) => column.distinct <= 6 && EVENT.test(tokens(column.name).join(" ")))
  ) {
    return "it is a time until an event that some rows never had: as a plain number it means nothing";
  }
  const probe = reading.probes.get(name);
  if (probe === undefined) return null;
  if (probe.gain < (entry.documented ? LEAST_GAIN : 1.5 * LEAST_GAIN))
    return `the other columns do not predict it (gain ${probe.gain.toFixed(2)})`;
  const known = probe.singles.filter((single) => single.gain > 0.02);
  if (known.length > 0 && known.length < 5 && known.every((single) => gone.has(single.column)))
    return "all that predicts it is withheld";
  const group = probe.determinedBy.find(
    (columns) =>
      columns.length === 1 &&
      between(reading.columns.get(columns[0] ?? "")?.distinct ?? 0, 13, 0.5 * reading.view.rows) &&
      isNaming(reading, columns[0] ?? ""),
  );
  if (group !== undefined) return `it is a property of each ${group[0]}, not of a row`;
  const explained = probe.singles.some(
    (single) => gone.has(single.column) && single.gain >= probe.gain - 0.03,
  );
  const best = probe.singles.find((single) => !gone.has(single.column))?.gain ?? 0;
  if (probe.kind === "regression" && !explained && probe.gain >= 0.975 && best < 0.85)
    return "it can be computed from several other columns";
  if (
    probe.kind === "regression" &&
    !explained &&
    probe.gain >= 0.9 &&
    TOTAL.test(`${tokens(name).join(" ")} ${described.slice(0, 80)}`) &&
    best < 0.9
  )
    return "it is a total or average of other columns";
  if (columnsNamed(reading, described, name) >= 2 && /[-+*/]/.test(described))
    return "its description computes it from other columns";
  return null;
}

const CONTEST =
  /\b(win|wins|won|winner|champion\w*|playoffs?|postseason|title|promoted|relegated|division winner|league winner)\b/i;
const PLAYED =
  /\b(runs?|goals?|points?|games?|hits?|wins?|losses|saves|shutouts?|touchdowns?|wickets?|assists?)\b/i;

/** The outcome of a season or a match, asked for from what was counted in it. */
function isDecidedByTotals(column: ColumnFacts, left: readonly ColumnFacts[]): boolean {
  const said = (other: ColumnFacts) => `${tokens(other.name).join(" ")} ${clauseOf(other)}`;
  if (column.distinct > 12 || !CONTEST.test(said(column))) return false;
  return left.filter((other) => other.type === "integer" && PLAYED.test(said(other))).length >= 4;
}

/** Documentation, name and labels leave open what would be predicted. */
function unreadable(reading: Reading, entry: Evidence): string | null {
  const { column } = entry;
  if (
    reading.documentation.raw.trim() !== "" &&
    datasetTitle(reading) === "" &&
    tokens(phraseOf(reading, column)).filter(
      (word) => !/^(the|an?|of|in|by|for|whether|log|logarithm|s|\d+)$/.test(word),
    ).length < 3
  )
    return "neither its description nor the dataset's title says of what it is";
  if (
    descriptionOf(column) !== "" &&
    meaningOf(column) === `the ${humanise(column.name)}` &&
    column.name.length > 3 &&
    !tokens(column.name).some((word) => outcomeStrength(singular(word)) > 0) &&
    !isNamedTarget(reading, column)
  )
    return "its description makes no words for what would be predicted";
  if (descriptionOf(column) !== "" || labelsText(reading, column)) return null;
  const words = tokens(column.name).filter((word) => /[a-z]/.test(word));
  const told = words.some((word) => outcomeStrength(singular(word)) > 0);
  const bare = reading.documentation.raw.trim() === "";
  const coded =
    column.distinct === 2 &&
    column.top.every(([value]) => /^\d(\.0)?$/.test(value)) &&
    column.labels === undefined;
  if (coded && !told && !bare && !/^(target|label|class|outcome)$/i.test(column.name))
    return "nothing says what its name or its codes mean";
  const others = reading.view.columns.filter((other) => other !== column && other.type !== "constant");
  if (
    /^y$/i.test(column.name) &&
    others.length < 6 &&
    others.every((other) => /^(x\d?|rownames)$/i.test(other.name))
  )
    return "nothing says what it means";
  return null;
}

function isNaming(reading: Reading, column: string): boolean {
  const type = reading.columns.get(column)?.type;
  return (
    type === "category" || type === "string" || reading.view.groups.some((group) => group.column === column)
  );
}

function columnsNamed(reading: Reading, text: string, own: string): number {
  const words = new Set(text.split(/[^\w.]+/));
  return reading.view.columns.filter(
    (column) => column.name !== own && column.name.length > 3 && words.has(column.name),
  ).length;
}

function between(value: number, low: number, high: number): boolean {
  return value >= low && value < high;
}

function isPlaceOrTime(name: string): boolean {
  return tokens(name).every(
    (word) => NAMES.has(singular(word)) || TIMES.has(singular(word)) || /^\d+$/.test(word) || word === "num",
  );
}

function sameNoun(left: ColumnFacts, right: ColumnFacts): boolean {
  const noun = (column: ColumnFacts) =>
    singular(
      tokens(clauseOf(column).split(/\b(?:of|for|in|per|at)\b/i)[0] ?? "").at(-1) ??
        nounOfName(column.name) ??
        "",
    );
  const own = noun(right);
  return outcomeStrength(own) >= 2 && noun(left) === own;
}

/** Descriptions that end in the same two words: one of a battery of measures ("… domain score"). */
function sameEnding(left: ColumnFacts, right: ColumnFacts): boolean {
  const ending = (column: ColumnFacts) => tokens(clauseOf(column)).slice(-2).map(singular);
  const own = ending(right);
  return own.length === 2 && outcomeStrength(own[1] ?? "") >= 2 && ending(left).join(" ") === own.join(" ");
}
