import type { ColumnFacts, Probe, Survey, ViewSurvey } from "../../../dataset/survey.ts";
import { type Documentation, readDocumentation, sentences } from "../../words/documentation.ts";
import { type Formula, formulas } from "../../words/formulas.ts";
import { ASKS } from "../../words/outcomes.ts";
import { descriptionOf } from "../../words/phrases.ts";

/** All that rules read of one view, found once. */
export interface Reading {
  survey: Survey;
  view: ViewSurvey;
  documentation: Documentation;
  formulas: Formula[];
  /** What prose says is predicted, explained or affected: the words after "predict", "determinants of" … */
  asked: string[];
  /** Columns that prose names as its response, outcome or dependent variable. */
  declared: ReadonlySet<string>;
  columns: ReadonlyMap<string, ColumnFacts>;
  probes: ReadonlyMap<string, Probe>;
}

export function read(survey: Survey, measured: ViewSurvey): Reading {
  const documentation = readDocumentation(survey);
  const view = {
    ...measured,
    columns: measured.columns.map((column) => described(column, documentation.raw)),
  };
  const asked: string[] = [];
  for (const sentence of [documentation.title, ...sentences(documentation.prose)]) {
    for (const match of sentence.matchAll(ASKS)) {
      const phrase = (match[1] ?? "").split(
        /\b(?:from|using|based on|given|by|with|on the basis|as a function|in terms of|versus|because)\b/i,
      )[0];
      if (phrase !== undefined && phrase.trim().length > 2) asked.push(phrase.trim().slice(0, 120));
    }
  }
  return {
    survey,
    view,
    documentation,
    formulas: formulas(documentation.raw, new Set(view.columns.map((column) => column.name))),
    asked,
    declared: declaredIn(
      documentation.prose,
      view.columns.map((column) => column.name),
    ),
    columns: new Map(view.columns.map((column) => [column.name, column])),
    probes: new Map(view.probes.map((probe) => [probe.column, probe])),
  };
}

const NAMES_RESPONSE =
  /\b(?:response|dependent|outcome|target|endogenous)(?: variables?| measures?)?(?: of interest)?\s*(?:is|was|are|were|,|:|\(|=)\s*([^.;]{2,80})/gi;

function declaredIn(prose: string, columns: string[]): Set<string> {
  const declared = new Set<string>();
  for (const match of prose.matchAll(NAMES_RESPONSE)) {
    const words = new Set((match[1] ?? "").split(/[^\w.]+/).slice(0, 9));
    for (const name of columns) if (name.length > 1 && words.has(name)) declared.add(name);
  }
  return declared;
}

/** Where the survey found no description, a definition list of the documentation may have one: the name, then an indented text. */
function described(column: ColumnFacts, raw: string): ColumnFacts {
  if (descriptionOf(column) !== "" || column.name.length > 80) return column;
  const name = column.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const text = new RegExp(
    `(?:^|\\n)\`{0,2}${name}\`{0,2}:?\\n[ \\t]{2,}(\\S[^\\n]*(?:\\n[ \\t]{2,}\\S[^\\n]*)*)`,
  ).exec(raw)?.[1];
  return text === undefined ? column : { ...column, description: text.replace(/\s+/g, " ").slice(0, 400) };
}
