import type { Draft } from "../../verifiers/helpers/draft.ts";
import { readCsv, textOf } from "../table.ts";
import { retouchDescription } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { hasTables, SAMPLE, targetOf } from "./truth.ts";

const METRIC = "description states the metric and its direction as the manifest does";
const FILES = "description names every public file and none that is absent";
const SHOWS = "description shows a submission that validates";
const CLEAR = "clarity and completeness of the description";

type Change = (text: string, draft: Draft) => string;

/** A change to the description; the twin adds a sentence that is true. */
function said(id: string, breaks: string, catalogue: string, change: Change): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies(draft) {
      if (!hasTables(draft) || !draft.files.has("description.md")) return false;
      const text = textOf(draft, "description.md");
      return change(text, draft) !== text;
    },
    mutate: (draft) => retouchDescription(draft, (text) => change(text, draft)),
    twin: (draft) =>
      retouchDescription(draft, (text) =>
        text.replace("\n## Data\n", "\n## Data\n\nThe tables are comma-separated text with a header line.\n"),
      ),
  };
}

/** Changes one section, from its heading to the next. */
function section(text: string, heading: RegExp, change: (part: string) => string): string {
  const start = text.search(heading);
  if (start < 0) return text;
  const next = text.slice(start + 3).search(/^## /m);
  const end = next < 0 ? text.length : start + 3 + next;
  return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
}

const EVALUATION = /^## Evaluation/m;
const FORMAT = /^## Submission format/m;
const count = (value: number): string =>
  `(?<![\\d.,])(?:${value}|${value.toLocaleString("en-US")})(?![\\d.,]*\\d)`;

/** A metric of the same direction with which this one may be confused. */
function otherMetric(draft: Draft): { name: string; title: string } {
  const { name, direction } = draft.manifest.metric;
  if (direction === "minimize") {
    return /mae|absolute/.test(name)
      ? { name: "rmse", title: "root mean squared error" }
      : { name: "mae", title: "mean absolute error" };
  }
  return /accuracy/.test(name) && !/balanced/.test(name)
    ? { name: "macro_f1", title: "macro-averaged F1" }
    : { name: "accuracy", title: "accuracy" };
}

/** Swaps two texts. */
function swap(text: string, one: string, other: string): string {
  return text
    .split(one)
    .map((part) => part.replaceAll(other, () => one))
    .join(other);
}

function line(text: string, pattern: RegExp, change: (line: string) => string | null): string {
  const lines = text.split("\n");
  const place = lines.findIndex((candidate) => pattern.test(candidate));
  if (place < 0) return text;
  const changed = change(lines[place] ?? "");
  lines.splice(place, 1, ...(changed === null ? [] : [changed]));
  return lines.join("\n");
}

const labelsOf = (draft: Draft): string[] => draft.manifest.target.labels ?? [];
const lastFeature = (draft: Draft): string => draft.manifest.features.at(-1)?.column ?? "\0";

/** Example rows in the description, changed. */
function example(text: string, draft: Draft, change: (rows: string[]) => string[]): string {
  const header = textOf(draft, SAMPLE).split("\n")[0] ?? "";
  const start = text.indexOf(`\n${header}\n`);
  const end = text.indexOf("\n```", start + 1);
  if (start < 0 || end < 0) return text;
  return `${text.slice(0, start + 1)}${change(text.slice(start + 1, end).split("\n")).join("\n")}${text.slice(end)}`;
}

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
  said(
    "description-train-rows",
    "The description states another number of train rows (05: description names every public file; one wrong figure).",
    CLEAR,
    (text, draft) => {
      const { train } = draft.manifest.split.sizes;
      return line(text, /`train\.csv`:/, (row) => row.replace(new RegExp(count(train)), String(train + 90)));
    },
  ),
  said(
    "description-test-rows",
    "The description states another number of test rows (05: clarity of the description; one wrong figure).",
    CLEAR,
    (text, draft) => {
      const { test } = draft.manifest.split.sizes;
      return line(text, /`test\.csv`:/, (row) => row.replace(new RegExp(count(test)), String(test - 9)));
    },
  ),
  said(
    "description-columns-count",
    "The description states another number of columns of test (05: clarity of the description; one wrong figure).",
    CLEAR,
    (text) => {
      return line(text, /`test\.csv`:/, (row) =>
        row.replace(/(\d+) columns/, (_all, digits) => `${Number(digits) + 2} columns`),
      );
    },
  ),
  said(
    "description-target-unit",
    "The description gives the target in another unit (05: clarity and completeness; one wrong word).",
    CLEAR,
    (text, draft) => {
      const unit = draft.manifest.target.unit;
      if (unit === null || unit.length < 2) return text;
      return text.replace(
        new RegExp(`(?<![\\w])${unit.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w])`, "g"),
        unit === "minutes" ? "hours" : "minutes",
      );
    },
  ),
  said(
    "description-positive-class",
    "The description takes the other label for the positive one (05: positive class; one wrong word).",
    "positive class as the metric has it",
    (text, draft) => {
      const [one, other, ...more] = labelsOf(draft);
      const { kind } = draft.manifest.submission;
      if (one === undefined || other === undefined || more.length > 0 || kind !== "score") return text;
      const quoted = (part: string): string => swap(part, `\`${one}\``, `\`${other}\``);
      return section(section(text, FORMAT, quoted), EVALUATION, quoted);
    },
  ),
  said(
    "description-label-misspelt",
    "The submission format lists a label that the metric refuses (05: clarity; unknown label).",
    "description lists the labels that the metric takes",
    (text, draft) => {
      const label = labelsOf(draft).at(-1) ?? "\0";
      return draft.manifest.submission.kind === "label"
        ? section(text, FORMAT, (part) =>
            part.replace(`\`${label}\``, `\`${label.slice(0, -1)}x${label.slice(-1)}\``),
          )
        : text;
    },
  ),
  said(
    "description-target-renamed",
    "The section on the target names a column that train lacks (05: clarity; one wrong word).",
    CLEAR,
    (text, draft) => {
      return text.replace(/(### Target\n\n)`[^`\n]+`/, `$1\`${targetOf(draft)}_final\``);
    },
  ),
  said(
    "description-column-misspelt",
    "The list of columns names a column that the tables lack (05: clarity and completeness; one wrong word).",
    CLEAR,
    (text, draft) => {
      const name = lastFeature(draft);
      return text.replace(`| \`${name}\` |`, `| \`${name}s\` |`);
    },
  ),
  said(
    "description-column-unlisted",
    "The list of columns lacks one of the columns (05: completeness of the description).",
    CLEAR,
    (text, draft) => {
      const start = `| \`${lastFeature(draft)}\` |`;
      return text.includes(start)
        ? text
            .split("\n")
            .filter((row) => !row.startsWith(start))
            .join("\n")
        : text;
    },
  ),
  said(
    "description-no-evaluation",
    "The description has no section on evaluation (05: description has its sections).",
    "description has its sections",
    (text) => section(text, EVALUATION, () => ""),
  ),
  said(
    "description-no-format",
    "The description has no section on the submission format (05: description has its sections).",
    "description has its sections",
    (text) => section(text, FORMAT, () => ""),
  ),
  said(
    "description-no-data",
    "The description has no section on the data (05: description has its sections).",
    "description has its sections",
    (text) => section(text, /^## Data/m, () => ""),
  ),
  said(
    "description-no-overview",
    "The description has no overview (05: description has its sections).",
    "description has its sections",
    (text) => section(text, /^## Overview/m, () => ""),
  ),
  said(
    "description-file-unnamed",
    "The description does not name test.csv among the files (05: names every public file).",
    FILES,
    (text) => line(text, /^[-*] `test\.csv`/, () => null).replaceAll("`test.csv`", "the test table"),
  ),
  said(
    "description-attribution-unnamed",
    "The description does not name the attribution file (05: names every public file).",
    FILES,
    (text) =>
      line(text, /^[-*] `attribution\.txt`/, () => null).replaceAll("`attribution.txt`", "the attribution"),
  ),
  said(
    "description-file-absent",
    "The description names a public file that is not there (05: names none that is absent).",
    FILES,
    (text) =>
      line(
        text,
        /^[-*] `test\.csv`/,
        (row) => `${row}\n- \`validation.csv\`: rows of train that are kept for validation.`,
      ),
  ),
  said(
    "description-groups-misstated",
    "The description says that groups stand on both sides where they do not (05: clarity; one wrong statement).",
    CLEAR,
    (text, draft) => {
      return draft.manifest.split.groups.length === 0
        ? text
        : text.replace(/are all in train or all in test/, "stand both in train and in test");
    },
  ),
  {
    id: "description-copies-differ",
    breaks:
      "The description that solvers get differs from the package's own (04: public/ has description.md; 05: files present).",
    catalogue: "public/description.md is the description",
    applies: (draft) => hasTables(draft) && draft.files.has("public/description.md"),
    mutate: (draft) =>
      void draft.files.set(
        "public/description.md",
        textOf(draft, "description.md")
          .replace(/^#/, "# Draft:\n\n#")
          .replace(/## Evaluation[\s\S]*?(?=\n## )/, "## Evaluation\n\nTo be written.\n"),
      ),
    twin: (draft) => void draft.files.set("public/description.md", textOf(draft, "description.md")),
  },
  {
    id: "description-tells-test-answers",
    breaks:
      "The description quotes test rows with their true targets as examples (05: nothing private in public).",
    catalogue: "nothing private in public, in any encoding, archive or file name",
    applies: hasTables,
    mutate: (draft) => quote(draft, "private/test_answer.csv"),
    twin: (draft) => quote(draft, "public/train.csv"),
  },
];

/** Adds forty ids with their targets to the section on data. */
function quote(draft: Draft, path: string): void {
  const table = readCsv(draft, path);
  const place = table.columns.indexOf(targetOf(draft));
  const rows = table.rows.slice(0, 40).map((row) => `| ${row[0]} | ${row[place]} |`);
  const lines = ["Some rows, for illustration:", "", `| id | ${targetOf(draft)} |`, "| --- | --- |", ...rows];
  retouchDescription(draft, (text) =>
    text.replace("\n## Evaluation", () => `\n${lines.join("\n")}\n\n## Evaluation`),
  );
}
