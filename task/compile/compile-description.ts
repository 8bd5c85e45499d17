import type { DatasetFacts } from "../dataset-facts.ts";
import { dataSection } from "../description/data-section.ts";
import { evaluationSection, submissionSection } from "../description/evaluation-section.ts";
import { escaped, oneLine, prose } from "../description/markdown.ts";
import type { PreparedReport } from "../prepared-report.ts";
import type { Plan } from "./plan.ts";

/** What was measured and what is known beside the specification. */
export interface DescriptionFacts {
  report: PreparedReport;
  dataset: DatasetFacts;
  /** Whether `public/attribution.txt` is there. */
  attribution: boolean;
}

/**
 * `description.md`: what a solver reads. Every figure in it is measured on the prepared files, every text of the
 * data is escaped.
 */
export function compileDescription(plan: Plan, facts: DescriptionFacts): string {
  const { specification } = plan;
  const sections = [
    `# ${escaped(specification.title)}`,
    "## Overview",
    prose(specification.question),
    prose(specification.background),
    "## Data",
    ...dataSection(plan, facts),
    "## Evaluation",
    ...evaluationSection(plan),
    "## Submission format",
    ...submissionSection(plan, facts.report),
    "## Source and licence",
    provenance(facts),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function provenance({ dataset, attribution }: DescriptionFacts): string {
  const lines = [`The data were made from the dataset “${escaped(oneLine(dataset.title, 200))}”.`];
  if (dataset.source !== null) lines.push(`Source: ${escaped(dataset.source, 300)}.`);
  lines.push(
    dataset.licence === null
      ? "The dataset states no licence."
      : `Licence: ${escaped(dataset.licence, 200)}.`,
  );
  if (attribution) lines.push("See `attribution.txt`.");
  return lines.join(" ");
}
