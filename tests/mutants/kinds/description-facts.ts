import { textOf } from "../table.ts";
import {
  CLEAR,
  count,
  EVALUATION,
  FILES,
  FORMAT,
  labelsOf,
  lastFeature,
  line,
  quote,
  said,
  section,
  swap,
} from "./description-defects-kit.ts";
import type { MutantKind } from "./kind.ts";
import { hasTables, targetOf } from "./truth.ts";

/** Descriptions that are wrong by a word, or lack something. */
export const mutants: MutantKind[] = [
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
