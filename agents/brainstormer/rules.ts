import type { ColumnFacts, Survey, ViewSurvey } from "../../dataset/survey.ts";
import type { Candidate } from "../roles.ts";
import { EVENT, NAMES, TIME_TO_EVENT, TIMES, TOTAL } from "../words/inputs.ts";
import { outcomeStrength } from "../words/outcomes.ts";
import { clauseOf, descriptionOf, headOf, meaningOf, nounOfName } from "../words/phrases.ts";
import { humanise, singular, tokens } from "../words/tokens.ts";
import { candidateFor, datasetTitle, phraseOf } from "./rules/candidates.ts";
import { codesClasses, isNamedTarget } from "./rules/convention.ts";
import { ENOUGH, type Evidence, labelsText, weigh } from "./rules/evidence.ts";
import { onlyDesign } from "./rules/experiments.ts";
import { missingCodesOf } from "./rules/missing.ts";
import { questionFor, sharpened } from "./rules/objective.ts";
import { ownParagraphs } from "./rules/own-words.ts";
import { type Reading, read } from "./rules/reading.ts";
import { refuseView } from "./rules/refuse.ts";
import { gainOf, type Withheld, withheldFor, yearOf } from "./rules/relatives.ts";
import { isSeries } from "./rules/series.ts";
import { candidateOf, specialPlans } from "./rules/special.ts";
import { FEWEST_GROUPS, repeatedUnit, shareForEvents, splitFor } from "./rules/split.ts";
import { lexicalStrength } from "./rules/strength.ts";

/** A column or view that was considered and not offered, and why. */
export interface RejectedIdea {
  column: string;
  why: string;
}

export interface Ideas {
  candidates: Candidate[];
  rejectedIdeas: RejectedIdea[];
}

/** Values that are no answer to a question. */
const NO_ANSWER =
  /^(unknown|undecided|unclear|not (known|stated|available|applicable)|no answer|don'?t know|none given)$/i;

/** Least gain over a constant that a probe must have found. */
const LEAST_GAIN = 0.04;

/**
 * Formulations by rules: at most `tasks`, best first, each with another target; fewer, or none, when documentation,
 * names and measurements do not make columns outcomes. `earlier` were offered before: the new ones differ from them.
 */
export function brainstorm(
  survey: Survey,
  options: { tasks: number; earlier?: readonly Candidate[] },
): Ideas {
  const rejectedIdeas: RejectedIdea[] = [];
  const scored: { candidate: Candidate; score: number }[] = [];
  for (const view of survey.views) {
    const ideas = ofView(survey, view);
    scored.push(...ideas.scored);
    rejectedIdeas.push(...ideas.rejected);
  }
  scored.sort((left, right) => right.score - left.score);
  const earlier = options.earlier ?? [];
  const candidates: Candidate[] = [];
  for (const { candidate } of scored) {
    if (candidates.length >= Math.min(options.tasks, 3)) break;
    if (
      [...earlier, ...candidates].some((other) => other.id === candidate.id || sameQuestion(other, candidate))
    )
      continue;
    candidates.push(candidate);
  }
  return { candidates, rejectedIdeas };
}

function sameQuestion(left: Candidate, right: Candidate): boolean {
  return left.target.join("\n") === right.target.join("\n");
}

interface ViewIdeas {
  scored: { candidate: Candidate; score: number }[];
  rejected: RejectedIdea[];
}

function ofView(survey: Survey, view: ViewSurvey): ViewIdeas {
  const reading = read(survey, view);
  const label = survey.views.length > 1 ? `${view.view.id}: ` : "";
  const refusal = refuseView(reading);
  if (refusal !== null) return { scored: [], rejected: [{ column: `${label}(all)`, why: refusal }] };
  const special = specialPlans(reading);
  if (special.length > 0)
    return {
      scored: special.map((plan) => ({ candidate: candidateOf(plan, reading), score: plan.score })),
      rejected: [],
    };
  if (view.view.media !== null)
    return { scored: [], rejected: [{ column: `${label}(all)`, why: "nothing labels the files" }] };
  if (isSeries(reading)) {
    return {
      scored: [],
      rejected: [
        {
          column: `${label}(all)`,
          why: "its rows are moments of one series: what is measured together is never known in advance, and no series long, regular and dated enough stands out to forecast",
        },
      ],
    };
  }
  const tabular = tabularCandidates(reading);
  return {
    scored: tabular.scored,
    rejected: tabular.rejected.map((idea) => ({ ...idea, column: label + idea.column })),
  };
}

function tabularCandidates(reading: Reading): ViewIdeas {
  const rejected: RejectedIdea[] = [];
  const evidence = reading.view.columns.map((column) => weigh(reading, column));
  const offered = evidence.filter((entry) => {
    if (entry.veto !== null) rejected.push({ column: entry.column.name, why: entry.veto });
    else if (entry.score < ENOUGH)
      rejected.push({
        column: entry.column.name,
        why: `nothing makes it an outcome (evidence ${entry.score.toFixed(1)} of ${ENOUGH})`,
      });
    else return true;
    return false;
  });
  offered.sort((left, right) => right.score - left.score);
  const scored: ViewIdeas["scored"] = [];
  const taken: Evidence[] = [];
  for (const entry of offered) {
    const why = notDistinct(reading, entry, taken, evidence) ?? crowded(entry, offered);
    if (why !== null) {
      rejected.push({ column: entry.column.name, why });
      continue;
    }
    const codes = missingCodesOf(entry.column);
    const rows = Math.round(reading.view.rows * (1 - entry.column.missing));
    const question =
      rows < 90 ? null : questionFor(entry.column, rows, codes, codesClasses(reading, entry.column));
    if (question === null) {
      rejected.push({
        column: entry.column.name,
        why: rows < 90 ? `only ${rows} rows have a value` : "its classes or values leave nothing to predict",
      });
      continue;
    }
    if (reading.view.published === null && shareForEvents(question.events) > 0.5) {
      rejected.push({
        column: entry.column.name,
        why: "the rarer of its two classes has too few rows to rank entries by",
      });
      continue;
    }
    const withheld = withheldFor(reading, entry.column.name, evidence);
    const problem = unfit(reading, entry, withheld);
    if (problem !== null) {
      rejected.push({ column: entry.column.name, why: problem });
      continue;
    }
    taken.push(entry);
    scored.push({
      candidate: candidateFor(
        reading,
        entry,
        sharpened(question, gainOf(reading, entry.column)),
        withheld,
        splitFor(reading, question, rows).why,
      ),
      score: entry.score,
    });
  }
  return { scored, rejected };
}

/** A second question must be about something else than the first, and well founded itself. */
function notDistinct(reading: Reading, entry: Evidence, taken: Evidence[], all: Evidence[]): string | null {
  for (const other of taken) {
    if (
      withheldFor(reading, other.column.name, all).some(
        (held) =>
          held.column === entry.column.name &&
          !/may be known|outcome itself|another outcome|no challenge/.test(held.reason),
      )
    ) {
      return `it is too close to ${other.column.name}, which is asked for already`;
    }
    if (
      reading.formulas.some(
        (formula) => formula.left.includes(other.column.name) && formula.left.includes(entry.column.name),
      )
    )
      return `it is one of several responses beside ${other.column.name}, which is asked for already`;
    const left = tokens(other.column.name);
    if (tokens(entry.column.name).some((word) => word.length > 3 && left.includes(word)))
      return `it is too close to ${other.column.name}, which is asked for already`;
  }
  if (taken.length > 0 && (reading.probes.get(entry.column.name)?.gain ?? 0) > 0.97)
    return "it follows too closely from the other columns to be a second question";
  const own = lexicalStrength(
    entry.column,
    tokens(entry.column.name).map(singular),
    headOf(entry.column).map(singular),
  ).strength;
  if (taken.length > 0 && !entry.documented && own < 2.5)
    return "it is less well founded than the question asked already";
  // A number beside classes, or classes beside a number, are different questions: half the lead is enough.
  const unlike =
    own >= 3 &&
    (isAmount(entry.column) || entry.column.type === "category" || entry.column.type === "boolean") &&
    taken.every((other) => isAmount(other.column) !== isAmount(entry.column));
  if (taken.length > 0 && !entry.documented && entry.score < ENOUGH + (unlike ? 0.5 : 1))
    return "it is less well founded than the question asked already";
  return null;
}

function isAmount(column: ColumnFacts): boolean {
  return column.numeric !== null && column.type !== "boolean" && column.distinct > 10;
}

/** Many columns with the same weak claim: none of them is the outcome. */
function crowded(entry: Evidence, offered: Evidence[]): string | null {
  if (entry.documented || entry.score >= ENOUGH + 2) return null;
  const rivals = offered.filter((other) => !other.documented && Math.abs(other.score - entry.score) < 0.3);
  return rivals.length >= 5 ? `${rivals.length} columns have the same claim to be the outcome` : null;
}

function unfit(reading: Reading, entry: Evidence, withheld: Withheld[]): string | null {
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
  const design = onlyDesign(reading, left);
  if (design !== null) return design;
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
    (column) => column !== entry.column && sameNoun(column, entry.column),
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

/** Documentation, name and labels leave open what would be predicted. */
function unreadable(reading: Reading, entry: Evidence): string | null {
  const { column } = entry;
  if (
    reading.documentation.raw.trim() !== "" &&
    datasetTitle(reading) === "" &&
    ownParagraphs(reading).length === 0
  )
    return "the documentation does not say what the data are about";
  if (
    reading.documentation.raw.trim() !== "" &&
    datasetTitle(reading) === "" &&
    tokens(phraseOf(reading, column)).filter(
      (word) => !/^(the|an?|of|in|by|for|whether|log|logarithm|s)$/.test(word),
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
