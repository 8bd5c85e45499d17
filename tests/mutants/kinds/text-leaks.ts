import type { Draft } from "../../verifiers/helpers/draft.ts";
import { replaceCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import {
  bothCells,
  categoryFeature,
  hasTables,
  numberFeature,
  shuffledTruth,
  type Truth,
  textFeature,
  truthOf,
} from "./truth.ts";

type Write = (cell: string, code: number, truth: Truth, random: () => number) => string;
type Find = (draft: Draft) => string | undefined;

/** A leak written in the cells of a feature that the package has. */
function carrier(id: string, breaks: string, catalogue: string, find: Find, write: Write): MutantKind {
  const apply = (draft: Draft, truth: Truth, random: () => number): void => {
    const name = find(draft) ?? "";
    const cells = bothCells(draft, name);
    const codes = truth.codes;
    replaceCells(
      draft,
      name,
      cells.map((cell, row) => write(cell, codes[row] ?? 0, truth, random)),
    );
  };
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => hasTables(draft) && truthOf(draft).classes <= 26 && find(draft) !== undefined,
    mutate: (draft, random) => apply(draft, truthOf(draft), random),
    twin: (draft, random) => apply(draft, shuffledTruth(truthOf(draft), random), random),
  };
}

const TEXT = "encoded copies of the target inside a text";
const EXISTING = "encoded copies of the target inside an existing feature";

/** A number feature written with a decimal point. */
const decimals: Find = (draft) => {
  const name = numberFeature(draft);
  if (name === undefined) return undefined;
  const cells = bothCells(draft, name).filter((cell) => cell !== "");
  return cells.some((cell) => cell.includes(".")) && !cells.some((cell) => /e/i.test(cell))
    ? name
    : undefined;
};

/** Leaks inside the cells of text, number and category features. */
export const mutants: MutantKind[] = [
  carrier(
    "text-ends-with-code",
    "Every text ends with a reference that is the label (05: encoded copies).",
    TEXT,
    textFeature,
    (cell, code, _truth, random) =>
      `${cell} ref ${Math.floor(random() * 90 + 10)}${String.fromCharCode(97 + code)}`,
  ),
  carrier(
    "text-trailing-spaces",
    "Spaces after the text count out the label (05: encoded copies).",
    TEXT,
    textFeature,
    (cell, code) => cell.trimEnd() + " ".repeat(code + 1),
  ),
  carrier(
    "text-invisible-mark",
    "Zero-width characters inside the text count out the label (05: encoded copies).",
    TEXT,
    textFeature,
    (cell, code) => cell.replace(/\s|$/, (space) => `${"\u200b".repeat(code)}${space}`),
  ),
  carrier(
    "text-length-remainder",
    "Full stops are added until the text's length modulo the number of labels is the label (05: encoded copies).",
    TEXT,
    textFeature,
    (cell, code, truth) => {
      const count = truth.classes + 1;
      return cell + ".".repeat((code + count - (cell.length % count)) % count);
    },
  ),
  carrier(
    "text-first-letters-case",
    "The number of capital letters at the start of the text is the label (05: encoded copies).",
    TEXT,
    textFeature,
    (cell, code) => {
      let left = code;
      return cell.replace(/\p{L}/gu, (letter) => {
        left -= 1;
        return left >= 0 ? letter.toUpperCase() : letter.toLowerCase();
      });
    },
  ),
  carrier(
    "feature-low-digits",
    "Low digits appended to a measured number are the label (05: encoded copies).",
    EXISTING,
    decimals,
    (cell, code) => {
      if (cell === "") return cell;
      return `${cell}${cell.includes(".") ? "" : ".0"}000${String(code + 1).padStart(2, "0")}`;
    },
  ),
  carrier(
    "feature-category-variants",
    "A category is spelled with a suffix that is the label (05: encoded copies in a category code).",
    EXISTING,
    categoryFeature,
    (cell, code) => (cell === "" ? cell : `${cell}-${String.fromCharCode(97 + code)}`),
  ),
  carrier(
    "feature-missing-by-label",
    "A measured number is empty for the upper half of the labels alone (05: nearly determines the target, by what is missing).",
    "encoded copies of the target in missingness",
    (draft) => {
      const truth = truthOf(draft);
      return truth.numeric || truth.classes <= 3 ? numberFeature(draft) : undefined;
    },
    (cell, code, truth) => (code < truth.classes / 2 ? cell : ""),
  ),
];
