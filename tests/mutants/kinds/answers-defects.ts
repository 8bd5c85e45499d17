import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, editCsv, readCsv, setCells } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { ANSWERS, hasTables, shuffled, targetOf, toNumber, truthOf } from "./truth.ts";

const RANGE = "answers complete, in range, of the declared type";

type Cells = (cells: string[], draft: Draft, random: () => number) => string[];

/** A change to the true values; the twin writes the same values with the rows in another order. */
function values(
  id: string,
  breaks: string,
  change: Cells,
  also?: (draft: Draft) => boolean,
  catalogue = RANGE,
): MutantKind {
  return table(
    id,
    breaks,
    (answers, draft, random) => {
      const target = targetOf(draft);
      setCells(answers, target, change(cellsOf(answers, target), draft, random));
    },
    also,
    catalogue,
  );
}

function table(
  id: string,
  breaks: string,
  change: (answers: Table, draft: Draft, random: () => number) => void,
  also: (draft: Draft) => boolean = () => true,
  catalogue = RANGE,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => hasTables(draft) && also(draft),
    mutate: (draft, random) => editCsv(draft, ANSWERS, (answers) => change(answers, draft, random)),
    // The metric aligns rows by id: the answers' order means nothing.
    twin: (draft) =>
      editCsv(draft, ANSWERS, (answers) => {
        const [first, second] = answers.rows;
        if (first !== undefined && second !== undefined) answers.rows.splice(0, 2, second, first);
      }),
  };
}

const isLabelled = (draft: Draft): boolean => {
  const { kind, labels, columns } = draft.manifest.target;
  return labels !== null && labels.length > 1 && columns.length === 1 && kind !== "multilabel";
};
const isNumber = (draft: Draft): boolean => {
  return (
    draft.manifest.target.labels === null &&
    truthOf(draft).texts.every((text) => Number.isFinite(toNumber(text)))
  );
};
const hasRepeats = (draft: Draft): boolean => new Set(truthOf(draft).texts).size > 1;

/** True values that are wrong, missing or of another kind than declared. */
export const mutants: MutantKind[] = [
  {
    id: "answers-file-missing",
    breaks: "There is no test_answer.csv (05: files present; outputs complete; MLE-Dojo #6).",
    catalogue: "files present (missing answers)",
    applies: hasTables,
    mutate: (draft) => void draft.files.delete(ANSWERS),
    twin: (draft) => void draft.files.set(ANSWERS, draft.files.get(ANSWERS) ?? ""),
  },
  {
    id: "answers-file-empty",
    breaks: "test_answer.csv has a header and no rows (05: answers complete; outputs complete).",
    catalogue: RANGE,
    applies: hasTables,
    mutate: (draft) => editCsv(draft, ANSWERS, (answers) => answers.rows.splice(0)),
    twin: (draft) => editCsv(draft, ANSWERS, (answers) => answers.rows.splice(0, 0)),
  },
  table(
    "answers-lack-rows",
    "The answers lack three test rows (05: answers complete; ids equal between test, sample submission and answers).",
    (answers) => {
      answers.rows.splice(Math.floor(answers.rows.length / 2), 3);
    },
    undefined,
    "ids unique, and equal between test, sample submission and answers",
  ),
  table(
    "answers-extra-row",
    "The answers have a row that is no test row (05: ids equal between test, sample submission and answers).",
    (answers) => {
      const last = answers.rows.at(-1) ?? [];
      const id = Number(last[0]);
      answers.rows.push([Number.isFinite(id) ? String(id + 100_003) : `${last[0]}9z`, ...last.slice(1)]);
    },
    undefined,
    "ids unique, and equal between test, sample submission and answers",
  ),
  table(
    "answers-repeat-id",
    "The answers hold one id twice, with different truths (05: ids unique).",
    (answers) => {
      const first = answers.rows[0] ?? [];
      const other = answers.rows.find((row) => row[1] !== first[1]) ?? first;
      answers.rows.push([first[0] ?? "", ...other.slice(1)]);
    },
    undefined,
    "ids unique, and equal between test, sample submission and answers",
  ),
  values("answers-nan", "A few true values are empty (05: answers complete).", (cells) => {
    return cells.map((cell, row) => (row % 17 === 3 ? "" : cell));
  }),
  values(
    "answers-nan-text",
    "A few true values are the text NaN (05: answers complete; never NaN).",
    (cells) => {
      return cells.map((cell, row) => (row % 23 === 5 ? "NaN" : cell));
    },
  ),
  values(
    "answers-wrong-type",
    "A true value among numbers is a word (05: answers of the declared type).",
    (cells) => {
      return cells.map((cell, row) => (row === 4 ? "unknown" : cell));
    },
    isNumber,
  ),
  values(
    "answers-with-unit",
    "True numbers are written with a unit (05: answers of the declared type).",
    (cells) => {
      return cells.map((cell) => `${cell} u`);
    },
    isNumber,
  ),
  values(
    "answers-label-shifted",
    "Labels of the answers are counted from one, those of train from nought (05: answers in range; wrong label range).",
    (cells) => {
      return cells.map((cell) => String(toNumber(cell) + 1));
    },
    (draft) => isLabelled(draft) && truthOf(draft).texts.every((text) => Number.isInteger(toNumber(text))),
  ),
  values(
    "answers-label-numbers",
    "The answers hold numbers in place of the labels of train (05: answers of the declared type; wrong label range).",
    (cells, draft) => {
      const labels = draft.manifest.target.labels ?? [];
      return cells.map((cell) => String(labels.indexOf(cell)));
    },
    (draft) => isLabelled(draft) && !truthOf(draft).texts.every((text) => Number.isInteger(toNumber(text))),
  ),
  values(
    "answers-label-respelled",
    "One label is spelled otherwise in the answers (05: answers in range).",
    (cells) => {
      const spelled = cells[0] ?? "";
      const other = spelled === spelled.toUpperCase() ? `${spelled}.` : spelled.toUpperCase();
      return cells.map((cell) => (cell === spelled ? other : cell));
    },
    (draft) => isLabelled(draft) && !Number.isFinite(toNumber(truthOf(draft).texts.at(-1) ?? "")),
  ),
  values(
    "answers-label-undeclared",
    "A few answers hold a label that the manifest does not declare (05: answers in range).",
    (cells) => {
      return cells.map((cell, row) => (row % 13 === 2 ? "other" : cell));
    },
    isLabelled,
  ),
  values(
    "answers-out-of-range",
    "A few true values lie a thousand spans beyond those of train (05: answers in range).",
    (cells, draft) => {
      const { numbers } = truthOf(draft);
      const top = Math.max(...numbers);
      const far = top + 1000 * (top - Math.min(...numbers) + 1);
      return cells.map((cell, row) => (row % 19 === 1 ? String(Math.round(far) + row) : cell));
    },
    isNumber,
  ),
  values(
    "answers-negative-count",
    "True counts are negative (05: answers in range).",
    (cells) => {
      return cells.map((cell, row) => (row % 11 === 1 ? String(-Math.abs(toNumber(cell)) - 1) : cell));
    },
    (draft) => draft.manifest.target.kind === "count",
  ),
  values(
    "answers-other-unit",
    "The answers are in another unit than the target of train, a thousandfold (05: answers in range).",
    (cells) => {
      return cells.map((cell) => String(Number((toNumber(cell) * 1000).toPrecision(10))));
    },
    isNumber,
  ),
  values(
    "answers-constant",
    "All true values are the same (05: permuted answers score worse; answers in range).",
    (cells) => {
      return cells.map(() => cells[0] ?? "");
    },
    hasRepeats,
    "permuted answers score worse (answers that do not vary)",
  ),
  values(
    "answers-misaligned",
    "The true values are shifted by one row against the ids (05: strong over trivial; rows are aligned by id).",
    (cells) => {
      return [...cells.slice(1), cells[0] ?? ""];
    },
    (draft) =>
      hasRepeats(draft) && draft.manifest.split.series.length === 0 && draft.manifest.split.time === null,
    "Fatal: strong over trivial (answers misaligned with test rows)",
  ),
  values(
    "answers-labels-rotated",
    "Every label of the answers is exchanged for the next one (05: strong over trivial).",
    (cells, draft) => {
      const labels = draft.manifest.target.labels ?? [];
      return cells.map((cell) => labels[(labels.indexOf(cell) + 1) % labels.length] ?? "");
    },
    isLabelled,
    "Fatal: strong over trivial (answers coded otherwise than train)",
  ),
  values(
    "answers-random",
    "The true values are drawn at random (05: strong over trivial).",
    (cells, _draft, random) => {
      return shuffled(cells, random);
    },
    (draft) => hasRepeats(draft) && draft.manifest.split.time === null,
    "Fatal: the paired 95% interval of strong over trivial contains zero",
  ),
  table(
    "answers-target-renamed",
    "The answers' target column has another name than the manifest gives it (05: answers of the declared type).",
    (answers, draft) => {
      answers.columns[answers.columns.indexOf(targetOf(draft))] = "answer";
    },
  ),
  table(
    "answers-auxiliary-missing",
    "A declared auxiliary column is not in the answers (05: answers may carry declared auxiliary columns).",
    (answers, draft) => {
      const place = answers.columns.indexOf(draft.manifest.auxiliary[0] ?? "");
      answers.columns.splice(place, 1);
      for (const row of answers.rows) row.splice(place, 1);
    },
    (draft) => readCsv(draft, ANSWERS).columns.includes(draft.manifest.auxiliary[0] ?? "\0"),
  ),
];
