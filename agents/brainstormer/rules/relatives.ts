import type { ColumnFacts } from "../../../dataset/survey.ts";
import { DURATION, EARLIER, EVENT, FUTURE, LATER } from "../../words/inputs.ts";
import { EVENTUAL } from "../../words/outcomes.ts";
import { clauseOf, descriptionOf, nounOfName } from "../../words/phrases.ts";
import { singular, tokens } from "../../words/tokens.ts";
import { isTransformName, mentions, numberedSibling, sameFamily, sameQuantity } from "./alike.ts";
import { type Evidence, formulaUse } from "./evidence.ts";
import { trialBookkeeping } from "./experiments.ts";
import type { Reading } from "./reading.ts";
import { redundantFeatures } from "./redundant.ts";
import { isStructure } from "./roles.ts";
import { shareFor } from "./split.ts";
import { isLaterWave, yearOf } from "./waves.ts";

/** A column that a solver must not have when this target is asked for, and why, in words a reader takes. */
export interface Withheld {
  column: string;
  reason: string;
}

/** Columns to withhold for a target: copies, transforms, what is known only afterwards, what is measured with it. */
export function withheldFor(reading: Reading, target: string, all: Evidence[]): Withheld[] {
  const facts = reading.columns.get(target);
  if (facts === undefined) return [];
  const withheld: Withheld[] = [];
  for (const other of reading.view.columns) {
    if (other.name === target) continue;
    const reason = storageReason(other, reading) ?? relationReason(reading, facts, other, all);
    if (reason !== null) withheld.push({ column: other.name, reason });
  }
  const telling = [...withheld, ...derivedFrom(reading, target, withheld)];
  const open = [...telling, ...tooEasy(reading, facts, telling)];
  return [...open, ...redundantFeatures(reading, target, open)];
}

/** Fewer wrong answers than this among the hidden rows, and no solver can be told from perfect. */
const FEWEST_ERRORS = 6;

/**
 * Where nearly every class is told right, the columns that tell most by themselves are withheld, best first, at most half of
 * them: the same question, asked so that solvers differ.
 */
function tooEasy(reading: Reading, target: ColumnFacts, withheld: readonly Withheld[]): Withheld[] {
  const probe = reading.probes.get(target.name);
  if (!isNearlySeparated(reading, target) || probe === undefined) return [];
  const gone = new Set([target.name, ...withheld.map((held) => held.column)]);
  const left = reading.view.columns.filter(
    (column) => !gone.has(column.name) && column.type !== "text" && column.type !== "datetime",
  ).length;
  return probe.singles
    .filter((single) => !gone.has(single.column) && single.gain >= 0.5)
    .slice(0, Math.min(Math.ceil(left / 2), Math.max(0, left - 2)))
    .map((single) => ({
      column: single.column,
      reason: "tells most classes apart by itself: with it the question would be no challenge",
    }));
}

/** So few errors are to be expected among the hidden rows that a score could not be told from perfect. */
export function isNearlySeparated(reading: Reading, target: ColumnFacts): boolean {
  const probe = reading.probes.get(target.name);
  if (probe === undefined || probe.kind !== "classification" || reading.view.modality !== "tabular")
    return false;
  const { rows } = reading.view;
  return (1 - probe.gain) * rows * shareFor(rows) < FEWEST_ERRORS;
}

/** Transforms of what is withheld for giving the target away would give it away as well: the log of the hourly wage. */
function derivedFrom(reading: Reading, target: string, withheld: readonly Withheld[]): Withheld[] {
  const telling = withheld.filter((held) =>
    /copy|determines|made from|computed|another form|almost exactly|same quantity|outcome itself|another outcome/.test(
      held.reason,
    ),
  );
  const done = new Set([target, ...withheld.map((held) => held.column)]);
  const more: Withheld[] = [];
  for (const other of reading.view.columns) {
    if (done.has(other.name)) continue;
    const source = telling.find(
      (held) =>
        isTransformName(held.column, other.name) ||
        mentions(other, held.column) ||
        (held.column.length >= 5 && other.name.startsWith(held.column)) ||
        reading.probes.get(held.column)?.copies.includes(other.name) === true,
    );
    if (source !== undefined)
      more.push({ column: other.name, reason: `is made from ${source.column}, which ${source.reason}` });
  }
  return more;
}

/** Counters and names of samples, batches and sheets: they follow how the data were collected, not the thing. */
const BOOKKEEPING =
  /^(sample|record|specimen|obs|observation|case|entry|serial|sheet|form|questionnaire|page|line|batch|slide|plate|file|import|export|upload|row|index|sequence)( ?(no|nr|num|number|id|code|index|name|counter))$|^(study|survey|dataset|data ?set|batch|source|project) ?(name|id|code|no|number|label)$/;
const DESCRIBES = /\b(number of|count of|how many)\b/i;
const REMARKS = /^(comment|remark|note|annotation|memo)s?$/;

/** Columns that are of no use to a solver whatever the target. */
function storageReason(column: ColumnFacts, reading: Reading): string | null {
  const flags = new Set(column.flags);
  if (column.type === "empty") return "holds no values";
  if (column.type === "constant") return "holds one value only";
  if (column.type === "path" && reading.view.view.media?.column !== column.name) return "names a file";
  if (flags.has("row_number")) return "numbers the rows";
  if (reading.view.modality === "molecules" && isStructure(column.name)) return null;
  if (flags.has("sensitive")) return "holds personal data";
  if (reading.view.view.media?.column === column.name) return null;
  if (flags.has("identifier") && !reading.view.groups.some((group) => group.column === column.name))
    return "identifies a row";
  if (/\b(id|ids|identifier|number|code|serial)\b[^.;]{0,20}\bwithin\b/i.test(descriptionOf(column)))
    return "numbers things within a group";
  const trial = trialBookkeeping(reading, column);
  if (trial !== null) return trial;
  const noun = nounOfName(column.name) ?? "";
  if (
    column.type === "integer" &&
    column.distinct >= 0.95 * reading.view.rows &&
    (/^(num|no|nr|number|code|id)$/.test(noun) ||
      /\b(code|number)\.?$/i.test(descriptionOf(column).slice(0, 40)))
  )
    return "identifies a row";
  const name = spaced(column.name);
  if (BOOKKEEPING.test(name) && !DESCRIBES.test(clauseOf(column)))
    return "is bookkeeping of those who collected the data";
  if (/^(index|idx|serial|obs)$/.test(name) && !/\b(price|mass|score)\b/i.test(clauseOf(column)))
    return "is bookkeeping of those who collected the data";
  if (
    REMARKS.test(name) &&
    reading.view.columns.length > 6 &&
    (column.missing > 0.5 || column.distinct < 0.2 * reading.view.rows)
  )
    return "holds remarks of those who kept the records";
  if (flags.has("unique") && (column.type === "string" || column.type === "category"))
    return "is different in every row: a name or a code";
  return null;
}

function relationReason(
  reading: Reading,
  target: ColumnFacts,
  other: ColumnFacts,
  all: Evidence[],
): string | null {
  const probe = reading.probes.get(target.name);
  if (probe?.copies.includes(other.name)) return `is a copy of ${target.name} in another form`;
  const back = reading.probes.get(other.name);
  if (back?.copies.includes(target.name)) return `is a copy of ${target.name} in another form`;
  const determining = probe?.determinedBy.find((columns) => columns.includes(other.name));
  if (determining !== undefined) {
    return determining.length === 1
      ? `determines ${target.name}`
      : `determines ${target.name} together with ${determining.filter((name) => name !== other.name).join(", ")}`;
  }
  const reverse = back?.determinedBy.find((columns) => columns.includes(target.name));
  if (reverse !== undefined) return `is computed from ${target.name}`;
  const concept = sameConcept(target, other);
  if (concept !== null) return concept;
  const planned = plannedOf(reading, other.name);
  if (planned !== null) return `is what came of ${planned}, settled after it`;
  const sibling = numberedSibling(target.name, other.name);
  if (sibling !== null && /^(y|target|label|output|response|outcome)$/i.test(sibling))
    return `is another target of the same table, as ${target.name} is`;
  // The same quantity is measured alike: a text and a class, or columns that only their place names, are no series.
  if (
    sibling !== null &&
    !/^(column|unnamed|field|var|v|x|col)$/i.test(sibling) &&
    target.type === other.type &&
    target.distinct > 4 &&
    probe?.singles.some(
      (entry) => entry.gain >= 0.6 && numberedSibling(target.name, entry.column) === sibling,
    )
  )
    return `is the same quantity as ${target.name} at another time: together they nearly give it`;
  const earlier = isEarlier(other);
  if (!earlier && (isTransformName(target.name, other.name) || isTransformName(other.name, target.name)))
    return `is ${target.name} in another form`;
  if (!earlier && mentions(other, target.name)) return `is made from ${target.name}`;
  if (!earlier && mentions(target, other.name)) return `${target.name} is made from it`;
  const single = probe?.singles.find((entry) => entry.column === other.name);
  if (single !== undefined && single.gain >= 0.98) return `alone gives ${target.name} almost exactly`;
  if (single !== undefined && single.gain >= 0.85 && !earlier && sameQuantity(target, other))
    return `is nearly the same quantity as ${target.name}`;
  const use = formulaUse(reading, other.name);
  const evidence = all.find((entry) => entry.column.name === other.name);
  const coResponse = use.response > 0 && use.predictor === 0 && !usedFor(reading, target.name, other.name);
  if (coResponse && !earlier)
    return `is another outcome of the same study, measured together with ${target.name}`;
  const isDuration =
    DURATION.test(spaced(target.name)) && (target.type === "number" || target.type === "integer");
  if (
    target.distinct <= 5 &&
    EVENT.test(spaced(target.name)) &&
    DURATION.test(spaced(other.name)) &&
    !earlier &&
    (other.type === "number" || other.type === "integer" || other.type === "datetime") &&
    !usedFor(reading, target.name, other.name)
  ) {
    return `is known only once ${target.name} is`;
  }
  if (isDuration && EVENT.test(spaced(other.name)) && other.distinct <= 5)
    return `is known only once ${target.name} is`;
  const endpoint = target.distinct <= 5 && EVENT.test(spaced(target.name));
  if (
    endpoint &&
    other.distinct <= 5 &&
    EVENT.test(spaced(other.name)) &&
    !earlier &&
    !usedFor(reading, target.name, other.name)
  )
    return `is another mark of how observation ended, as ${target.name} is`;
  if (endpoint && yearOf(target.name) === null && isLaterWave(reading, other))
    return `was measured in a later wave than the first: ${target.name} may have come before`;
  if (FUTURE.test(spaced(other.name)) || FUTURE.test(clauseOf(other)))
    return `lies ahead of the other columns, as ${target.name} does`;
  const year = yearOf(target.name);
  if (year !== null && (yearOf(other.name) ?? 0) > year) return `was measured later than ${target.name}`;
  if (!earlier && !usedFor(reading, target.name, other.name)) {
    if (LATER.test(spaced(other.name)) || LATER.test(clauseOf(other).slice(0, 60)))
      return `may be known only after ${target.name}`;
    const noun = singular(nounOfName(other.name) ?? "");
    if (EVENTUAL.has(noun) && other.distinct <= 40 && !isTally(other))
      return `tells how it ended, which is not known when ${target.name} is asked for`;
    if (fieldTrial(reading) && isTrait(other))
      return `is another trait of the same plots, measured together with ${target.name}`;
    if (evidence?.documented === true && evidence.veto === null && evidence.score >= 4 && use.predictor === 0)
      return `is an outcome itself, not known when ${target.name} is asked for`;
  }
  if (!earlier && sameFamily(target, other) && !usedFor(reading, target.name, other.name))
    return `is measured together with ${target.name}, as another part of the same result`;
  return null;
}

/** Summaries of one thing for a broader or narrower group: life expectancy beside infant mortality, family income beside earnings. */
function sameConcept(target: ColumnFacts, other: ColumnFacts): string | null {
  const said = (column: ColumnFacts) => `${spaced(column.name)} ${clauseOf(column)}`;
  if (
    /\bbirth ?weight\b|\bbwt\b/i.test(said(target)) &&
    /\b(age (of )?(the )?child|child'?s age|wean\w*|solid food|breast ?fe\w+)\b|\bhospitali[sz]\w+ for\b/i.test(
      said(other),
    )
  )
    return `happened after ${target.name}`;
  if (target.numeric === null || other.numeric === null || target.distinct <= 10 || other.distinct <= 10)
    return null;
  const mortality = /\b(mortality|infant deaths?|death rate|life exp\w*|survival rate)\b/i;
  if (mortality.test(said(target)) && mortality.test(said(other)))
    return `summarises the same deaths as ${target.name}, for another group`;
  if (
    /\b(log-?odds|odds|ratio)\b.*\bshares?\b/i.test(said(target)) &&
    /\bshares?\b/i.test(said(other)) &&
    !isEarlier(other)
  )
    return `is a share that ${target.name} is computed from`;
  if (
    /\b(median|average|mean)\b.*\b(price|value)s?\b/i.test(said(target)) &&
    /\btotal (value|amount|volume) of sales\b|^(sales )?volume\b/i.test(said(other))
  )
    return `is the total of what ${target.name} averages`;
  const earned = /\b(wages?|earnings|earns|salar(y|ies))\b/i;
  const total =
    /\b((family|household|total|overall|personal|wife|nonwife|non-wife)\b.{0,24}\b(income|inc|earnings)|faminc|nwifeinc|hhinc)\b/i;
  if (earned.test(said(target)) && total.test(said(other)))
    return `is a total that ${target.name} is part of, or what is left of it`;
  return null;
}

const SETTLED = /^(assigned|actual|final|given|granted|realised|realized|achieved|received|delivered)$/;
const PLANNED =
  /^(reserved|requested|planned|scheduled|expected|estimated|ordered|proposed|applied|intended|booked)$/;

/** The planned counterpart of a column that says how it was settled: `reserved_room_type` of `assigned_room_type`. */
function plannedOf(reading: Reading, name: string): string | null {
  const words = tokens(name);
  const at = words.findIndex((word) => SETTLED.test(word));
  if (at < 0) return null;
  const found = reading.view.columns.find((column) => {
    const others = tokens(column.name);
    return (
      others.length === words.length &&
      others.every((word, index) => (index === at ? PLANNED.test(word) : word === words[index]))
    );
  });
  return found?.name ?? null;
}

/** How often something happened before: `failures` from 0 to 3. */
function isTally(column: ColumnFacts): boolean {
  return column.type === "integer" && column.distinct > 2 && /s$/i.test(column.name);
}

function spaced(name: string): string {
  return tokens(name).join(" ");
}

export function isEarlier(column: ColumnFacts): boolean {
  return (
    EARLIER.test(spaced(column.name)) ||
    EARLIER.test(clauseOf(column)) ||
    /(_1|_2|lag\d?|\.lag)$/.test(column.name) ||
    /\blag(ged)?\b/i.test(descriptionOf(column))
  );
}

/** Documentation has a model of the target in which the other column is a predictor. */
export function usedFor(reading: Reading, target: string, other: string): boolean {
  return reading.formulas.some(
    (formula) => formula.use === "model" && formula.left.includes(target) && formula.right.includes(other),
  );
}

const TRIAL =
  /^(gen|genotype|cultivar|variety|hybrid|rep|block|plot|row|col|bed|subplot|wholeplot|iblock|strain|env|loc|site|environment|location)$/i;
const COVARIATE =
  /\b(rain\w*|temp\w*|precip\w*|nitro\w*|potash|phosph\w*|fertili\w*|dose|density|spacing|distance|covariate|ph|soil|slope|latitude|longitude|elevation|units?|age|time|days?|date|height of|start|end|exposure|total|maturity|released?|irrigat\w*)\b/i;

/** An experiment on plots: what else was measured there is no more known than the yield. */
function fieldTrial(reading: Reading): boolean {
  return reading.view.columns.filter((column) => TRIAL.test(column.name)).length >= 2;
}

function isTrait(column: ColumnFacts): boolean {
  if (column.type !== "number" && column.type !== "integer") return false;
  if (
    TRIAL.test(column.name) ||
    column.distinct < 12 ||
    column.flags.includes("time_like") ||
    column.flags.includes("place_like")
  )
    return false;
  const said = `${spaced(column.name)} ${clauseOf(column)}`;
  return (
    !COVARIATE.test(said) &&
    !/^(x|y|env|site|loc|field|year|range|column|entry|entry_number|trt|treatment|plotrow|yor)$/i.test(
      column.name,
    )
  );
}

/** The probe's gain, when the question is asked with all that it had; undefined where some of it is withheld as too easy. */
export function gainOf(reading: Reading, target: ColumnFacts): number | undefined {
  return isNearlySeparated(reading, target) && tooEasy(reading, target, []).length > 0
    ? undefined
    : reading.probes.get(target.name)?.gain;
}
