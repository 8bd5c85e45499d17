import {
  EVALUATION,
  example,
  FORMAT,
  METRIC,
  otherMetric,
  SHOWS,
  said,
  section,
} from "./description-defects-kit.ts";
import type { MutantKind } from "./kind.ts";

/** Descriptions that are wrong by a word, or lack something. */
export const mutants: MutantKind[] = [
  said(
    "description-metric-name",
    "The description names another metric than the manifest (05: states the metric as the manifest does).",
    METRIC,
    (text, draft) => {
      const { name, title } = draft.manifest.metric;
      const other = otherMetric(draft);
      return section(text, EVALUATION, (part) =>
        part.replaceAll(`\`${name}\``, `\`${other.name}\``).replaceAll(title, other.title),
      );
    },
  ),
  said(
    "description-metric-title-only",
    "The metric's name in words is another one's; its short name is right (05: states the metric as the manifest does).",
    METRIC,
    (text, draft) => {
      const { name, title } = draft.manifest.metric;
      return section(text, EVALUATION, (part) =>
        part.replace(`${title} (\`${name}\``, `${otherMetric(draft).title} (\`${name}\``),
      );
    },
  ),
  said(
    "description-direction",
    "The description says lower where higher is better, or the reverse (05: states the direction as the manifest does).",
    METRIC,
    (text) => {
      return text.replace(
        /\b(higher|lower) is better/,
        (_all, word) => `${word === "higher" ? "lower" : "higher"} is better`,
      );
    },
  ),
  said(
    "description-best-score",
    "The description says another score of a perfect submission (05: states the metric as the manifest does).",
    METRIC,
    (text, draft) => {
      const { best } = draft.manifest.metric;
      return text.replace(
        new RegExp(`perfect submission scores ${best}\\b`),
        `perfect submission scores ${best === 1 ? 100 : best + 1}`,
      );
    },
  ),
  said(
    "description-metric-missing",
    "The section on evaluation does not say by which metric (05: states the metric).",
    METRIC,
    (text, draft) => {
      const { name, title } = draft.manifest.metric;
      return section(text, EVALUATION, (part) =>
        part
          .replaceAll(title, "usual metric")
          .replaceAll(` (\`${name}\`)`, "")
          .replaceAll(`\`${name}\``, "it")
          .replaceAll(/\$[^$]+\$/g, ""),
      );
    },
  ),
  said(
    "description-submission-column",
    "The submission format names a column that the sample lacks (05: shows a submission that validates).",
    SHOWS,
    (text, draft) => {
      const name = draft.manifest.submission.columns[0] ?? "\0";
      return section(text, FORMAT, (part) => part.replace(`\`${name}\``, `\`${name}_predicted\``));
    },
  ),
  said(
    "description-id-column",
    "The submission format names another id column (05: shows a submission that validates).",
    SHOWS,
    (text, draft) => {
      return section(text, FORMAT, (part) =>
        part.replace(`\`${draft.manifest.submission.id}\``, `\`row_${draft.manifest.submission.id}\``),
      );
    },
  ),
  said(
    "description-example-header",
    "The example submission has a renamed column (05: shows a submission that validates).",
    SHOWS,
    (text, draft) =>
      example(text, draft, ([header = "", ...rows]) => [header.replace(/([^,]*)$/, "$1_value"), ...rows]),
  ),
  said(
    "description-example-label",
    "The example submission holds a value that the metric refuses (05: shows a submission that validates).",
    SHOWS,
    (text, draft) =>
      example(text, draft, ([header = "", row = "", ...rows]) => [
        header,
        row.replace(/([^,"]*)("?)$/, "$1?$2"),
        ...rows,
      ]),
  ),
  said(
    "description-example-lacks-cell",
    "The rows of the example submission lack the last column (05: shows a submission that validates).",
    SHOWS,
    (text, draft) =>
      example(text, draft, ([header = "", ...rows]) => [
        header,
        ...rows.map((row) => row.replace(/,[^,"]*$|,"[^"]*"$/, "")),
      ]),
  ),
  said(
    "description-example-missing",
    "The description shows no submission (05: shows a submission that validates).",
    SHOWS,
    (text) => section(text, FORMAT, (part) => part.replace(/(?:For example[^\n]*\n\n)?```[^`]*```\n/, "")),
  ),
];
