import type { ColumnFacts, Survey, ViewSurvey } from "../../dataset/survey.ts";
import type { Candidate } from "../roles.ts";
import { headOf } from "../words/phrases.ts";
import { singular, tokens } from "../words/tokens.ts";
import { candidateFor } from "./rules/candidates.ts";
import { isChoice } from "./rules/choices.ts";
import { codesClasses } from "./rules/convention.ts";
import { ENOUGH, type Evidence, weigh } from "./rules/evidence.ts";
import { missingCodesOf } from "./rules/missing.ts";
import { questionFor, sharpened } from "./rules/objective.ts";
import { type Reading, read } from "./rules/reading.ts";
import { refuseView } from "./rules/refuse.ts";
import { gainOf, withheldFor } from "./rules/relatives.ts";
import { isSeries } from "./rules/series.ts";
import { candidateOf, specialPlans } from "./rules/special.ts";
import { shareForEvents, splitFor } from "./rules/split.ts";
import { lexicalStrength } from "./rules/strength.ts";
import { unfit } from "./rules/unfit.ts";

/** A column or view that was considered and not offered, and why. */
export interface RejectedIdea {
  column: string;
  why: string;
}

/**
 * Fewer rows with a value make a thin question: the hidden test may place solvers, but people who read such tasks would not
 * enter them. A model may ask; the ladder judges what it asks.
 */
export const FEWEST_ROWS = 250;

export interface Ideas {
  candidates: Candidate[];
  rejectedIdeas: RejectedIdea[];
}

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
  if (view.rows < FEWEST_ROWS)
    return {
      scored: [],
      rejected: [
        {
          column: `${label}(all)`,
          why: `it has ${view.rows} rows: with under ${FEWEST_ROWS}, rules ask for nothing, as a hidden test of so few places solvers badly`,
        },
      ],
    };
  const tabular = tabularCandidates(reading);
  return {
    scored: tabular.scored,
    rejected: tabular.rejected.map((idea) => ({ ...idea, column: label + idea.column })),
  };
}

function tabularCandidates(reading: Reading): ViewIdeas {
  const rejected: RejectedIdea[] = [];
  const evidence = reading.view.columns.map((column) => weigh(reading, column));
  // What came nearest to an outcome is told first.
  const nearest = [...evidence].sort((left, right) => right.score - left.score);
  const offered = nearest.filter((entry) => {
    if (entry.veto !== null) rejected.push({ column: entry.column.name, why: entry.veto });
    else if (entry.score < ENOUGH)
      rejected.push({
        column: entry.column.name,
        why: `nothing makes it an outcome (evidence ${entry.score.toFixed(1)} of ${ENOUGH})`,
      });
    else return true;
    return false;
  });
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
      rows < FEWEST_ROWS ? null : questionFor(entry.column, rows, codes, codesClasses(reading, entry.column));
    if (question === null) {
      rejected.push({
        column: entry.column.name,
        why:
          rows < FEWEST_ROWS
            ? `only ${rows} rows have a value: too few for a hidden test`
            : "its classes or values leave nothing to predict",
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
    const split = splitFor(reading, question, rows);
    const problem = unfit(reading, entry, withheld, split);
    if (problem !== null) {
      rejected.push({ column: entry.column.name, why: problem });
      continue;
    }
    taken.push(entry);
    scored.push({
      candidate: candidateFor(
        reading,
        entry,
        sharpened(question, gainOf(reading, entry.column), isChoice(reading, entry.column, question.labels)),
        withheld,
        split.why,
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

/** Many columns with the same weak claim: none of them is the outcome. Versions of one measure (`bty_avg`, `bty_f1lower`) count once. */
function crowded(entry: Evidence, offered: Evidence[]): string | null {
  if (entry.documented || entry.score >= ENOUGH + 2) return null;
  const rivals = offered.filter((other) => !other.documented && Math.abs(other.score - entry.score) < 0.3);
  const kinds = new Set(rivals.map(({ column }) => column.name.replace(/_.*$/, "")));
  return kinds.size >= 5 ? `${rivals.length} columns have the same claim to be the outcome` : null;
}
