import { classesPhrase, HOLLOW_NAME, listed } from "../../words/classes.ts";
import { DESIGN } from "../../words/inputs.ts";
import { outcomeStrength } from "../../words/outcomes.ts";
import { meaningOf, nounOfName } from "../../words/phrases.ts";
import { humanise, kebab, singular, tokens } from "../../words/tokens.ts";
import { ownWords, titleOf } from "./candidates.ts";
import { questionFor, sharpened } from "./objective.ts";
import type { Plan } from "./plan.ts";
import type { Reading } from "./reading.ts";
import { splitFor } from "./split.ts";

const KINDS = { image: "images", audio: "recordings", series: "series" } as const;

/** Files that rows name, asked for the label that folder, file name or table gives them. At most two labels. */
export function mediaPlans(reading: Reading): Plan[] {
  const { view } = reading;
  const media = view.view.media;
  if (media === null) return [];
  const labels =
    view.roles.labels.length > 0
      ? view.roles.labels
      : view.columns
          .filter((column) => outcomeStrength(tokens(column.name).at(-1) ?? "") >= 2)
          .map((column) => column.name);
  const plans: Plan[] = [];
  for (const label of labels.slice(0, 2)) {
    const column = reading.columns.get(label);
    if (column === undefined || column.missing > 0.5 || column.flags.includes("identifier")) continue;
    // Which session, subject or file a recording is from is how it was collected, not what it shows.
    if (/(^|[_ .-])(id|ids|no|nr|number|index|key|uuid)$/i.test(column.name)) continue;
    if (plans.length > 0 && DESIGN.has(singular(nounOfName(column.name) ?? ""))) continue;
    const coded = HOLLOW_NAME.test(column.name) || column.type === "category";
    if (plans.length > 0 && HOLLOW_NAME.test(column.name)) break;
    const found = questionFor(column, view.rows, [], coded && column.distinct <= 200);
    if (found === null) continue;
    const question = sharpened(found, reading.probes.get(label)?.gain);
    const row = media.kind === "audio" ? "recording" : media.kind;
    const values = column.top.map(([value]) => value).sort();
    const phrase = HOLLOW_NAME.test(column.name)
      ? (classesPhrase(values, ownWords(reading), row) ??
        listed(`the class of each ${row}`, question.labels ?? []))
      : meaningOf(column);
    const balanced = question.objective === "multiclass_classification";
    plans.push({
      id: kebab(`${view.view.id}-${label}-${question.objective.replace(/_classification$/, "")}`),
      title: titleOf(
        reading,
        `${phrase}${/\b(image|recording|series)\b/.test(phrase) ? "" : ` from ${KINDS[media.kind]}`}`,
      ),
      question: `Given ${media.kind === "audio" ? "a recording" : media.kind === "image" ? "an image" : "a series"}, predict ${phrase}${question.labels ? ` (one of ${question.labels.length} classes)` : ""}.`,
      score: 6,
      objective: question.objective,
      columns: [label],
      target: {
        expression: { kind: "column", column: label },
        name: labelName(column.name),
        kind: question.kind,
        unit: null,
        labels: question.labels,
        event: null,
        meaning: phrase,
      },
      metric: {
        name: balanced && question.metric === "accuracy" ? "accuracy" : question.metric,
        parameters: question.parameters,
      },
      split: splitFor(reading, question, view.rows),
      // File names, sizes and other parts of the layout may hold the label: solvers get the file alone.
      dropped: view.columns
        .filter(
          (other) => other.name !== label && other.name !== media.column && !carries(reading, other.name),
        )
        .map((other) => ({
          column: other.name,
          reason: "comes from the layout of the files and could tell the label",
        })),
      knownInAdvance: null,
      only:
        question.rare.length > 0 && question.labels !== null ? { column: label, in: question.labels } : null,
      why: `The layout itself labels by ${humanise(label)}. Metric: ${question.why}.`,
    });
    if (question.labels === null && question.kind === "category") break;
  }
  return plans;
}

function labelName(name: string): string {
  return /^(folder|directory|part_?\d*|name_\d+)$/i.test(name) ? "label" : name;
}

/** Groups of a split stay, so that solvers can validate by them. */
function carries(reading: Reading, column: string): boolean {
  return reading.view.groups.some((group) => group.column === column);
}
