import { cellsOf, dropColumn, editCsv, setCells } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { kind, revealed, rewrite, TARGET } from "./table-defects-kit.ts";
import { TEST, TRAIN, targetOf } from "./truth.ts";

/** Tables and media that are ill-formed or do not fit together. */
export const mutants: MutantKind[] = [
  kind(
    "test-holds-target",
    "test.csv has the target column with the true values (05: target absent from test; mle-bench #77).",
    TARGET,
    (draft) => revealed(draft, targetOf(draft), (answers) => cellsOf(answers, targetOf(draft))),
    rewrite(TEST),
  ),
  kind(
    "test-holds-target-some",
    "test.csv has the target column, filled in every fifth row (05: target absent from test).",
    TARGET,
    (draft) => {
      revealed(draft, targetOf(draft), (answers) =>
        cellsOf(answers, targetOf(draft)).map((cell, row) => (row % 5 === 0 ? cell : "")),
      );
    },
    rewrite(TEST),
  ),
  kind(
    "test-holds-empty-target",
    "test.csv has the target column without values (05: target absent from test).",
    TARGET,
    (draft) => {
      revealed(draft, targetOf(draft), (answers) => answers.rows.map(() => ""));
    },
    rewrite(TEST),
  ),
  kind(
    "test-holds-target-other-case",
    "test.csv has the true values in a column named as the target in other case (05: target absent from test; train and test agree in columns).",
    TARGET,
    (draft) => {
      const name = targetOf(draft);
      revealed(draft, name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase(), (answers) =>
        cellsOf(answers, name),
      );
    },
    rewrite(TEST),
  ),
  kind(
    "train-lacks-target",
    "train.csv has no target column (05: target present in train).",
    TARGET,
    (draft) => editCsv(draft, TRAIN, (table) => dropColumn(table, targetOf(draft))),
    rewrite(TRAIN),
  ),
  kind(
    "train-target-has-holes",
    "A third of the targets of train are empty (05: target present in train).",
    TARGET,
    (draft) => {
      editCsv(draft, TRAIN, (table) => {
        setCells(
          table,
          targetOf(draft),
          cellsOf(table, targetOf(draft)).map((cell, row) => (row % 3 === 1 ? "" : cell)),
        );
      });
    },
    rewrite(TRAIN),
  ),
  kind(
    "train-target-constant",
    "All targets of train are the same (05: every class of test is in train with enough rows).",
    "every class of test is in train with enough rows",
    (draft) => {
      editCsv(draft, TRAIN, (table) => {
        const cells = cellsOf(table, targetOf(draft));
        setCells(
          table,
          targetOf(draft),
          cells.map(() => cells[0] ?? ""),
        );
      });
    },
    rewrite(TRAIN),
  ),
];
