import { type Draft, normal } from "../../verifiers/helpers/draft.ts";
import { cellsOf, readCsv } from "../table.ts";
import { addFeatureCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { editSides, exchange, isFree, isUnordered, keepRows, type Sides } from "./rows.ts";
import {
  hasTables,
  numberFeature,
  permutation,
  show,
  TEST,
  TRAIN,
  targetOf,
  toNumber,
  truthOf,
} from "./truth.ts";

const SIZES = "test share and sizes sensible";
const SHIFT = "adversarial validation between train and test, a defect for random splits only";

function isRandom(draft: Draft): boolean {
  const { strategy } = draft.manifest.split;
  return isUnordered(draft) && (strategy === "random" || strategy === "stratified");
}

/** A noisy column that differs between the sides, or does not. */
function shifted(
  id: string,
  breaks: string,
  cell: (isTest: boolean, random: () => number) => string,
): MutantKind {
  const add = (
    draft: Draft,
    isTest: (row: number, trainRows: number) => boolean,
    random: () => number,
  ): void => {
    const { texts, trainRows } = truthOf(draft);
    const cells = texts.map((_text, row) => cell(isTest(row, trainRows), random));
    addFeatureCells(draft, { name: "ambient", type: "number", cells });
  };
  return {
    id,
    breaks,
    catalogue: SHIFT,
    applies: isRandom,
    mutate: (draft, random) => add(draft, (row, trainRows) => row >= trainRows, random),
    twin: (draft, random) => add(draft, () => random() < 0.3, random),
  };
}

/** Removes rows of one side until `left` are there, with at least `floor` train rows of every class. */
function cut(draft: Draft, side: "train" | "test", left: number, random: () => number): void {
  const rows = readCsv(draft, side === "train" ? TRAIN : TEST).rows.length;
  const kept = new Set(permutation(rows, random).slice(0, Math.min(rows, left)));
  if (side === "train") keepFewOfEach(draft, kept);
  const all = (): boolean => true;
  const some = (row: number): boolean => kept.has(row);
  keepRows(draft, side === "train" ? some : all, side === "test" ? some : all);
}

/** Keeps ten train rows of every label, so that a small train set has no other defect. */
function keepFewOfEach(draft: Draft, kept: Set<number>): void {
  if (draft.manifest.target.labels === null) return;
  const seen = new Map<string, number>();
  for (const [row, label] of cellsOf(readCsv(draft, TRAIN), targetOf(draft)).entries()) {
    seen.set(label, (seen.get(label) ?? 0) + 1);
    if ((seen.get(label) ?? 0) <= 10) kept.add(row);
  }
}

function sized(
  id: string,
  breaks: string,
  catalogue: string,
  least: number,
  change: (draft: Draft, random: () => number) => void,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => isUnordered(draft) && truthOf(draft).texts.length >= least,
    mutate: change,
    twin: (draft, random) => cut(draft, "test", readCsv(draft, TEST).rows.length - 1, random),
  };
}

/** Exchanges rows so that a label has no row in train (mutant), or one for one within each label (twin). */
function classes(id: string, breaks: string, left: number): MutantKind {
  const rarest = (draft: Draft, sides: Sides): { label: string; rows: number[] } => {
    const cells = cellsOf(sides.train, targetOf(draft));
    const labels = [...new Set(cells)];
    const groups = labels.map((label) => ({
      label,
      rows: cells.flatMap((cell, row) => (cell === label ? [row] : [])),
    }));
    groups.sort((first, second) => first.rows.length - second.rows.length);
    return groups[0] ?? { label: "", rows: [] };
  };
  const apply = (draft: Draft, random: () => number, sound: boolean): void => {
    editSides(draft, (sides) => {
      const { label, rows } = rarest(draft, sides);
      const truth = new Map(
        sides.answers.rows.map((row) => [row[0], row[sides.answers.columns.indexOf(targetOf(draft))]]),
      );
      const fits = (row: number): boolean => (truth.get(sides.test.rows[row]?.[0]) === label) === sound;
      const partners = permutation(sides.test.rows.length, random).filter(fits);
      for (const [place, row] of rows.slice(left).entries()) {
        const partner = partners[place];
        if (partner !== undefined) exchange(draft, sides, row, partner);
      }
    });
    keepRows(
      draft,
      () => true,
      () => true,
    );
  };
  return {
    id,
    breaks,
    catalogue: "every class of test is in train with enough rows",
    applies(draft) {
      const { labels, columns, kind } = draft.manifest.target;
      if (
        !isFree(draft) ||
        labels === null ||
        labels.length < 3 ||
        columns.length > 1 ||
        kind === "multilabel"
      )
        return false;
      const train = cellsOf(readCsv(draft, TRAIN), targetOf(draft));
      const least = Math.min(...labels.map((label) => train.filter((cell) => cell === label).length));
      return least > left && least < readCsv(draft, TEST).rows.length * 0.6;
    },
    mutate: (draft, random) => apply(draft, random, false),
    twin: (draft, random) => apply(draft, random, true),
  };
}

/** Defects of how rows were divided: sizes, classes, distributions. */
export const mutants: MutantKind[] = [
  sized(
    "split-tiny-test",
    "Test has twelve rows (05: fewer than 40 test units is too few for a hidden test).",
    "Fewer than 40 test units is too few for a hidden test",
    100,
    (draft, random) => cut(draft, "test", 12, random),
  ),
  sized(
    "split-just-too-few",
    "Test has thirty-nine rows (05: fewer than 40 test units is too few).",
    "Fewer than 40 test units is too few for a hidden test",
    140,
    (draft, random) => cut(draft, "test", 39, random),
  ),
  sized(
    "split-small-share",
    "Test is three rows of a hundred, of many (05: test share 20 to 30%).",
    SIZES,
    2000,
    (draft, random) => {
      cut(draft, "test", Math.round(0.03 * draft.manifest.split.sizes.train), random);
    },
  ),
  sized(
    "split-large-share",
    "Test has three times the rows of train (05: test share 20 to 30%, up to 50% for small data).",
    SIZES,
    200,
    (draft, random) => {
      cut(draft, "train", Math.floor(draft.manifest.split.sizes.test / 3), random);
    },
  ),
  classes(
    "split-class-only-in-test",
    "One label has rows in test alone (05: every class of test is in train).",
    0,
  ),
  classes(
    "split-class-once-in-train",
    "One label has a single row in train and many in test (05: with enough rows).",
    1,
  ),
  shifted(
    "shift-in-mean",
    "A column of noise lies higher in test than in train, under a random split (05: adversarial validation).",
    (isTest, random) => {
      return show(50 + (isTest ? 12 : 0) + 4 * normal(random));
    },
  ),
  shifted(
    "shift-in-missing",
    "A column is empty for most rows of test and full in train (05: adversarial validation).",
    (isTest, random) => {
      return isTest && random() < 0.8 ? "" : show(50 + 4 * normal(random));
    },
  ),
  shifted(
    "shift-in-decimals",
    "A column has fewer decimals in test than in train (05: adversarial validation).",
    (isTest, random) => {
      return (50 + 4 * normal(random)).toFixed(isTest ? 0 : 4);
    },
  ),
  {
    id: "shift-by-selection",
    breaks:
      "Test holds the rows with the highest values of a feature, though the split is called random (05: adversarial validation).",
    catalogue: SHIFT,
    applies: (draft) => isRandom(draft) && isFree(draft) && numberFeature(draft) !== undefined,
    mutate(draft) {
      const name = numberFeature(draft) ?? "";
      editSides(draft, (sides) => {
        const low = byValue(cellsOf(sides.test, name));
        const high = byValue(cellsOf(sides.train, name)).reverse();
        for (const [place, row] of low.slice(0, Math.floor(low.length * 0.8)).entries()) {
          exchange(draft, sides, high[place] ?? 0, row);
        }
      });
      keepRows(
        draft,
        () => true,
        () => true,
      );
    },
    twin(draft, random) {
      editSides(draft, (sides) => {
        const train = permutation(sides.train.rows.length, random);
        const labels = cellsOf(sides.train, targetOf(draft));
        const place = sides.answers.columns.indexOf(targetOf(draft));
        const truth = new Map(sides.answers.rows.map((row) => [row[0], row[place]]));
        for (const [row, cells] of sides.test.rows.entries()) {
          const other = train.find((candidate) => labels[candidate] === truth.get(cells[0]));
          if (row % 10 === 0 && other !== undefined) exchange(draft, sides, other, row);
        }
      });
    },
  },
  {
    id: "split-sizes-misstated",
    breaks:
      "The manifest states other numbers of rows than the files have (05: manifest valid; test share and sizes).",
    catalogue: "manifest valid (sizes as in the files)",
    applies: hasTables,
    mutate(draft) {
      draft.manifest.split.sizes = {
        ...draft.manifest.split.sizes,
        test: draft.manifest.split.sizes.test + 7,
      };
    },
    twin(draft) {
      draft.manifest.split.sizes = { ...draft.manifest.split.sizes };
    },
  },
];

function byValue(cells: string[]): number[] {
  const filled = cells.map((cell) => toNumber(cell) || 0);
  return filled.map((_value, row) => row).sort((left, right) => (filled[left] ?? 0) - (filled[right] ?? 0));
}
