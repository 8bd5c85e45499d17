import type { Draft, Table } from "../../verifiers/helpers/draft.ts";
import { cellsOf, dropColumn, editCsv, insertCells, readCsv, setCells } from "../table.ts";
import { retouchDescription } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { exampleRows } from "./rows.ts";
import { ANSWERS, hasTables, ranks, SAMPLE, shuffled, targetOf, toNumber, truthOf } from "./truth.ts";

type Change = (table: Table, draft: Draft, random: () => number) => void;

const VALID = "sample submission valid, random, not informative";

/** A change to the sample submission; the twin draws its predictions in another random order. */
function sample(
  id: string,
  breaks: string,
  change: Change,
  also: (draft: Draft) => boolean = () => true,
  catalogue = VALID,
  corrected?: string,
): MutantKind {
  const edit = (draft: Draft, how: Change, random: () => number): void => {
    editCsv(draft, SAMPLE, (table) => how(table, draft, random));
    retouchDescription(draft, (text) => exampleRows(text, draft));
  };
  return {
    id,
    breaks,
    catalogue,
    ...(corrected === undefined ? {} : { corrected }),
    applies: (draft) => hasTables(draft) && also(draft),
    mutate: (draft, random) => edit(draft, change, random),
    twin: (draft, random) => edit(draft, redraw, random),
  };
}

/** Predictions in another random order, whole rows of them. */
const redraw: Change = (table, _draft, random) => {
  const predictions = shuffled(
    table.rows.map((row) => row.slice(1)),
    random,
  );
  table.rows = table.rows.map((row, place) => [row[0] ?? "", ...(predictions[place] ?? [])]);
};

/** Whether the submission's one column is the target's one column. */
function isPlain(draft: Draft): boolean {
  const { columns } = draft.manifest.submission;
  return columns.length === 1 && columns[0] === targetOf(draft);
}

function truthById(draft: Draft): Map<string, string> {
  const answers = readCsv(draft, ANSWERS);
  const values = cellsOf(answers, targetOf(draft));
  return new Map(answers.rows.map((row, place) => [row[0] ?? "", values[place] ?? ""]));
}

/** The predictions that there are, in the order of the truth. */
const inOrderOfTruth: Change = (table, draft, random) => {
  const truth = truthById(draft);
  const order = [...new Set(truth.values())].sort((left, right) => {
    return toNumber(left) - toNumber(right) || (left < right ? -1 : 1);
  });
  const column = draft.manifest.submission.columns[0] ?? "";
  const wanted = ranks(
    table.rows.map((row) => order.indexOf(truth.get(row[0] ?? "") ?? "")),
    random,
  );
  const given = cellsOf(table, column);
  const sorted = [...given].sort(
    (left, right) => toNumber(left) - toNumber(right) || (left < right ? -1 : 1),
  );
  setCells(
    table,
    column,
    wanted.map((rank) => sorted[rank] ?? ""),
  );
};

const isNumbers = (draft: Draft): boolean => {
  const { kind } = draft.manifest.submission;
  return kind === "score" || kind === "value" || kind === "probabilities" || kind === "scores";
};

/** Sample submissions that are invalid, not random, or tell the truth. */
export const mutants: MutantKind[] = [
  sample(
    "sample-is-the-answers",
    "The sample submission holds the true targets (05: sample submission not informative).",
    (table, draft) => {
      const truth = truthById(draft);
      setCells(
        table,
        targetOf(draft),
        table.rows.map((row) => truth.get(row[0] ?? "") ?? ""),
      );
    },
    isPlain,
  ),
  sample(
    "sample-mostly-right",
    "Four predictions of ten in the sample submission are the true ones (05: not informative).",
    (table, draft, random) => {
      const truth = truthById(draft);
      const cells = cellsOf(table, targetOf(draft));
      const mixed = table.rows.map(
        (row, place) => (random() < 0.4 ? truth.get(row[0] ?? "") : cells[place]) ?? "",
      );
      setCells(table, targetOf(draft), mixed);
    },
    isPlain,
  ),
  sample(
    "sample-scores-follow-truth",
    "The sample's random values stand in the order of the truth (05: not informative).",
    inOrderOfTruth,
    (draft) => {
      return draft.manifest.submission.columns.length === 1 && draft.manifest.submission.kind !== "labels";
    },
  ),
  sample(
    "sample-digits-tell",
    "The low digits of the sample's random values are the true label (05: not informative).",
    (table, draft) => {
      const truth = truthById(draft);
      const all = truthOf(draft);
      const code = new Map(all.texts.map((text, row) => [text, all.codes[row] ?? 0]));
      const column = draft.manifest.submission.columns[0] ?? "";
      const cells = cellsOf(table, column).map((cell, place) => {
        const mark = String((code.get(truth.get(table.rows[place]?.[0] ?? "") ?? "") ?? 0) + 1).padStart(
          2,
          "0",
        );
        return (
          (Math.abs(toNumber(cell)) < 1e4 ? toNumber(cell) : Math.round(toNumber(cell))).toFixed(3) +
          `0${mark}`
        );
      });
      setCells(table, column, cells);
    },
    (draft) => draft.manifest.submission.kind === "value" || draft.manifest.submission.kind === "score",
  ),
  sample(
    "sample-order-tells",
    "The sample submission lists the ids in the order of the truth, other than test does (05: not informative).",
    (table, draft, random) => {
      const truth = truthOf(draft);
      const place = new Map(truth.texts.map((text, row) => [text, truth.numbers[row] ?? 0]));
      const byId = truthById(draft);
      const keys = ranks(
        table.rows.map((row) => place.get(byId.get(row[0] ?? "") ?? "") ?? 0),
        random,
      );
      const rows = [...table.rows];
      for (const [row, rank] of keys.entries()) table.rows[rank] = rows[row] ?? [];
    },
  ),
  sample(
    "sample-constant",
    "All predictions of the sample submission are the mean of the true values (05: sample submission not informative).",
    (table, draft) => {
      const truth = [...truthById(draft).values()].map(toNumber);
      const mean = String(truth.reduce((sum, value) => sum + value, 0) / truth.length);
      setCells(
        table,
        targetOf(draft),
        table.rows.map(() => mean),
      );
    },
    (draft) => draft.manifest.submission.kind === "value" && isPlain(draft),
    undefined,
    "It was any constant. Published competitions hand out constant samples (all 0.5, all of one label), nothing of the answers is in them, and the packages that people made have them: no defect.",
  ),
  sample(
    "sample-lacks-column",
    "The sample submission lacks a column that the metric asks for (05: sample submission valid; mle-bench).",
    (table, draft) => {
      dropColumn(table, draft.manifest.submission.columns.at(-1) ?? "");
    },
  ),
  sample(
    "sample-lacks-rows",
    "The sample submission lacks the last test ids (05: ids equal between test, sample submission and answers).",
    (table) => {
      table.rows.splice(-3);
    },
    undefined,
    "ids unique, and equal between test, sample submission and answers",
  ),
  sample(
    "sample-column-renamed",
    "A column of the sample submission has another name (05: sample submission valid).",
    (table, draft) => {
      const last = draft.manifest.submission.columns.at(-1) ?? "";
      table.columns[table.columns.indexOf(last)] = `${last}_pred`;
    },
  ),
  sample(
    "sample-extra-column",
    "The sample submission has a column that submissions lack (05: sample submission valid).",
    (table, _draft, random) => {
      insertCells(
        table,
        table.columns.length,
        "weight",
        table.rows.map(() => random().toFixed(3)),
      );
    },
  ),
  sample(
    "sample-has-empty",
    "One prediction of the sample submission is empty (05: sample submission valid).",
    (table) => {
      const row = table.rows[Math.floor(table.rows.length / 2)];
      if (row !== undefined) row[1] = "";
    },
  ),
  sample(
    "sample-unknown-label",
    "The sample submission holds a label that is none (05: sample submission valid).",
    (table) => {
      const row = table.rows[Math.floor(table.rows.length / 3)];
      if (row !== undefined) row[1] = `${row[1]}_`;
    },
    (draft) => draft.manifest.submission.kind === "label",
  ),
  sample(
    "sample-text-in-numbers",
    "The sample submission holds a word among numbers (05: sample submission valid).",
    (table) => {
      const row = table.rows[Math.floor(table.rows.length / 3)];
      if (row !== undefined) row[1] = "high";
    },
    isNumbers,
  ),
  sample(
    "sample-repeats-id",
    "The sample submission has one id twice and lacks another (05: ids unique and equal).",
    (table) => {
      const [first, second] = table.rows;
      if (first !== undefined && second !== undefined) second[0] = first[0] ?? "";
    },
    undefined,
    "ids unique, and equal between test, sample submission and answers",
  ),
];
