import type { ColumnFacts } from "../../../dataset/survey.ts";
import { COORDINATES } from "../../words/inputs.ts";
import { tokens } from "../../words/tokens.ts";
import type { Reading } from "./reading.ts";

/*
 * Designed experiments on plots: replicates and neighbouring plots are near copies of each other, so rows hidden at
 * random are told by rows that are not. Where nothing but the design is left to predict from, there is no honest question.
 */

/** Where a plot lies and which replicate it is. */
const STRUCTURE =
  /^(plot|plots|plot_?(no|nr|num|number|id|row|col)|row|col|column|range|bed|rep|reps|replicate|replication|block|blk|i_?block|inc_?block|sub_?block|sub_?plot|whole_?plot|main_?plot|strip|tray)$/i;

/** What was sown or done on it. */
const TREATED =
  /^(gen|geno|genotype|gen_\w+|cultivar|cult|variety|hybrid|inbred|strain|clone|trt|treat|treatment|fung|fungicide|fert|fertili[sz]er|nitro|nitrogen|potash|dose|entry|entry_?(no|nr|number)|accession)$/i;

const SETTING =
  /^(env|environment|loc|location|site|year|yr|season|state|region|county|country|harvest|cut|date|time|maturity|farm|field|trial|expt|experiment)$/i;

/** The table is a trial laid out on plots, replicates or a grid. */
export function isTrial(reading: Reading): boolean {
  const { columns } = reading.view;
  const structure = columns.filter((column) => isStructureOfTrial(column.name)).length;
  return (
    structure >= 3 ||
    (structure >= 1 && columns.some((column) => TREATED.test(column.name))) ||
    (structure >= 2 && /\b(trial|experiment|plots?)\b/i.test(reading.documentation.title))
  );
}

/** Says which plot, row, block or replicate of a trial it was. */
export function isStructureOfTrial(name: string): boolean {
  return STRUCTURE.test(name.trim());
}

/** Why what is left to predict from is no more than a design or a position, or null. */
export function onlyDesign(reading: Reading, left: readonly ColumnFacts[]): string | null {
  if (isTrial(reading) && !left.some((column) => isCovariate(column)))
    return "it is a designed trial: replicates and neighbouring plots would stand on both sides of any split, and nothing but the design is left to predict from";
  if (isCrossed(reading) && left.filter((column) => isCovariate(column)).length < FEWEST_COVARIATES)
    return "its rows are the cells of a trial that crosses entries and environments: hidden at random, cells are told by the means of their row and column";
  const coordinates = left.filter((column) => isCoordinate(column));
  const others = left.filter((column) => !isCoordinate(column));
  if (
    coordinates.length >= 2 &&
    others.length <= 2 &&
    !others.some((column) => column.type === "text" || (column.type === "number" && column.distinct > 12))
  )
    return "little but position is left to predict it from: neighbours on both sides of the split tell it";
  const times = left.map((column) => column.name.toLowerCase());
  if (times.includes("start") && times.includes("end") && left.length <= 5)
    return "its rows are intervals of observation, not cases";
  return null;
}

/** With fewer measurements beside the design, a crossed trial is a table of two-way means. */
const FEWEST_COVARIATES = 4;

/** Every entry was grown in nearly every environment: as many rows as there are pairs of both, or more. */
function isCrossed(reading: Reading): boolean {
  const { columns, rows } = reading.view;
  const entries = columns.filter((column) => TREATED.test(column.name) && column.distinct >= 3);
  const settings = columns.filter((column) => SETTING.test(column.name) && column.distinct >= 2);
  return entries.some((entry) =>
    settings.some((setting) => {
      const cells = entry.distinct * setting.distinct;
      return cells >= 30 && rows >= 0.5 * cells && Math.max(entry.distinct, setting.distinct) <= rows / 2;
    }),
  );
}

function isCoordinate(column: ColumnFacts): boolean {
  return (
    column.numeric !== null &&
    (column.flags.includes("place_like") || tokens(column.name).every((word) => COORDINATES.has(word)))
  );
}

function isCovariate(column: ColumnFacts): boolean {
  return (
    (column.type === "number" || column.type === "integer") &&
    column.distinct > 8 &&
    !isStructureOfTrial(column.name) &&
    !TREATED.test(column.name) &&
    !SETTING.test(column.name) &&
    !isCoordinate(column) &&
    !column.flags.includes("row_number") &&
    !column.flags.includes("identifier") &&
    !column.flags.includes("time_like")
  );
}

const MADE_UP =
  "(?:simulated|artificial|fictional|fictitious|synthetic|made-?up|hypothetical|fake|fabricated|imaginary)";
const SAYS_MADE_UP = new RegExp(
  `\\b${MADE_UP}(?:ly generated)?(?:,? \\(?[\\w-]+\\)?){0,3} (?:data|data ?sets?|tibble|records)\\b|\\b(?:data|data ?sets?|records)\\b[^.;]{0,80}\\b(?:is|are|was|were|been) (?:entirely |completely |partly )?(?:simulated|artificial\\w*|fictional|fictitious|synthetic\\w*|made up|fabricated|invented|generated (?:by|from) (?:an?|the) (?:model|simulation))\\b`,
  "i",
);

/** The documentation says that its data are simulated, fictional or made up. */
export function isMadeUp(reading: Reading): boolean {
  const { documentation } = reading;
  const text = [
    documentation.title,
    ...documentation.abstract,
    documentation.prose.slice(0, 3_000),
    (documentation.sections.get("source") ?? "").slice(0, 600),
  ]
    .join(". ")
    .replace(/\s+/g, " ")
    .replace(/synthetic aperture/gi, "");
  return (
    SAYS_MADE_UP.test(text) ||
    new RegExp(`\\b${MADE_UP}\\b`, "i").test(documentation.title.replace(/synthetic aperture/gi, ""))
  );
}

/** Numbers of plots and entries of a trial: where a thing stood, not what it is. */
export function trialBookkeeping(reading: Reading, column: ColumnFacts): string | null {
  if (!isTrial(reading)) return null;
  if (
    /^(plot|plot_?(no|nr|num|number|id)|entry|entry_?(no|nr|num|number))$/i.test(column.name) ||
    isStructureOfTrial(column.name)
  )
    return "says where in the trial a plot lay: its neighbours and replicates would tell the answer";
  return null;
}
