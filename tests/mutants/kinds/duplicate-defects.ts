import { type Draft, normal } from "../../verifiers/helpers/draft.ts";
import { cellsOf } from "../table.ts";
import { pngOfScan, scanPng } from "./bytes.ts";
import type { MutantKind } from "./kind.ts";
import { editSides, isUnordered, keepRows, mediaPath, readSides, type Sides, sharedColumns } from "./rows.ts";
import {
  hasTables,
  numberFeature,
  permutation,
  readBytes,
  show,
  spread,
  textFeature,
  toNumber,
} from "./truth.ts";

const DUPLICATES = "equal or near-equal rows on both sides";

type Random = () => number;
/** How a copied cell is written: by column, with the column's spread (0 where it is no number). */
type Rewrite = (cell: string, spread: number, random: Random) => string;

/** Copies the features and targets of train rows into a share of the test rows (or, for the twin, of other train rows). */
function copies(draft: Draft, rewrite: Rewrite, sound: boolean, random: Random): void {
  editSides(draft, (sides) => {
    const kept = new Set([...draft.manifest.split.groups, draft.manifest.media?.column ?? ""]);
    const columns = sharedColumns(sides).filter((name) => !kept.has(name));
    const spreads = new Map(columns.map((name) => [name, spreadOf(sides, name)]));
    const sources = permutation(sides.train.rows.length, random);
    const count = Math.floor(sides.test.rows.length * 0.5);
    const goals = sound
      ? sources.slice(count, 2 * count)
      : permutation(sides.test.rows.length, random).slice(0, count);
    for (const [place, goal] of goals.entries()) {
      const source = sides.train.rows[sources[place] ?? 0] ?? [];
      const from = (name: string): string => source[sides.train.columns.indexOf(name)] ?? "";
      const table = sound ? sides.train : sides.test;
      const row = table.rows[goal] ?? [];
      for (const name of columns) {
        row[table.columns.indexOf(name)] = rewrite(from(name), spreads.get(name) ?? 0, random);
      }
      const answers = sound ? sides.train : sides.answers;
      const answer = sound ? row : (answers.rows.find((other) => other[0] === row[0]) ?? []);
      for (const name of draft.manifest.target.columns) answer[answers.columns.indexOf(name)] = from(name);
    }
  });
  keepRows(
    draft,
    () => true,
    () => true,
  );
}

function spreadOf(sides: Sides, name: string): number {
  const cells = cellsOf(sides.train, name).filter((cell) => cell !== "");
  const numbers = cells.map(toNumber);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? spread(numbers) : 0;
}

function duplicated(
  id: string,
  breaks: string,
  rewrite: Rewrite,
  also: (draft: Draft) => boolean,
): MutantKind {
  return {
    id,
    breaks,
    catalogue: DUPLICATES,
    applies: (draft) => {
      const { sizes, strategy } = draft.manifest.split;
      const room = sizes.train > sizes.test * 1.2 && draft.manifest.auxiliary.length === 0;
      return (
        isUnordered(draft) && strategy !== "group" && draft.manifest.media === null && room && also(draft)
      );
    },
    mutate: (draft, random) => copies(draft, rewrite, false, random),
    twin: (draft, random) => copies(draft, rewrite, true, random),
  };
}

const isRich = (draft: Draft): boolean =>
  numberFeature(draft) !== undefined && draft.manifest.features.length >= 3;
const isText = (draft: Draft): boolean => textFeature(draft) !== undefined;

function noise(share: number): Rewrite {
  return (cell, width, random) => {
    const value = toNumber(cell);
    if (width === 0 || !Number.isFinite(value)) return cell;
    const moved = value + share * width * normal(random);
    return Number.isInteger(value) ? String(Math.round(moved)) : show(moved);
  };
}

/** Media of test that are copies of media of train. */
function mediaCopies(
  id: string,
  breaks: string,
  rewrite: (bytes: Uint8Array, random: Random) => Uint8Array | undefined,
): MutantKind {
  const apply = (draft: Draft, sound: boolean, random: Random): void => {
    const column = draft.manifest.media?.column ?? "";
    editSides(draft, (sides) => {
      const train = cellsOf(sides.train, column);
      const sources = permutation(train.length, random);
      const count = Math.floor(sides.test.rows.length * 0.5);
      const goals = permutation(sides.test.rows.length, random).slice(0, count);
      for (const [place, goal] of goals.entries()) {
        const source = sources[place] ?? 0;
        const from = readBytes(draft, mediaPath(draft, train[source] ?? "") ?? "");
        const other = sound ? (sources[place + count] ?? 0) : goal;
        const table = sound ? sides.train : sides.test;
        const row = table.rows[other] ?? [];
        const path = mediaPath(draft, row[table.columns.indexOf(column)] ?? "") ?? "";
        draft.files.set(path, rewrite(from, random) ?? from);
        const answers = sound ? sides.train : sides.answers;
        const answer = sound ? row : (answers.rows.find((line) => line[0] === row[0]) ?? []);
        for (const name of draft.manifest.target.columns) {
          const value = sides.train.rows[source]?.[sides.train.columns.indexOf(name)] ?? "";
          answer[answers.columns.indexOf(name)] = value;
        }
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
    catalogue: `${DUPLICATES} (media)`,
    applies(draft) {
      const { media, split } = draft.manifest;
      if (media === null || !hasTables(draft) || split.strategy === "group") return false;
      const sides = readSides(draft);
      const first = mediaPath(draft, cellsOf(sides.train, media.column)[0] ?? "") ?? "";
      if (!draft.files.has(first) || split.sizes.train < 1.2 * split.sizes.test) return false;
      return rewrite(readBytes(draft, first), () => 0.5) !== undefined;
    },
    mutate: (draft, random) => apply(draft, false, random),
    twin: (draft, random) => apply(draft, true, random),
  };
}

/** Rows and files that stand on both sides. */
export const mutants: MutantKind[] = [
  duplicated(
    "duplicates-exact",
    "Half of the test rows are copies of train rows, target included (05: equal rows on both sides).",
    (cell) => cell,
    (draft) => isRich(draft) || isText(draft),
  ),
  duplicated(
    "duplicates-faint-noise",
    "Half of the test rows are train rows with noise of a thousandth of the spread (05: near-equal rows).",
    noise(0.001),
    isRich,
  ),
  duplicated(
    "duplicates-noise",
    "Half of the test rows are train rows with noise of a fiftieth of the spread (05: near-equal rows).",
    noise(0.02),
    isRich,
  ),
  duplicated(
    "duplicates-one-hole",
    "Half of the test rows are train rows with some cells emptied (05: near-equal rows).",
    (cell, _width, random) => (random() < 0.15 ? "" : cell),
    (draft) => isRich(draft) && !isText(draft) && draft.manifest.features.length >= 5,
  ),
  duplicated(
    "duplicates-text-respelled",
    "Half of the test texts are train texts in other case and spacing (05: near-equal rows).",
    (cell) => cell.toUpperCase().replaceAll(" ", "  "),
    isText,
  ),
  duplicated(
    "duplicates-text-edited",
    "Half of the test texts are train texts with two words more and one less (05: near-equal rows).",
    (cell, _width, random) => {
      const words = cell.split(" ");
      if (words.length < 3) return cell;
      words.splice(Math.floor(random() * words.length), 1);
      return `well ${words.join(" ")} indeed`;
    },
    isText,
  ),
  mediaCopies(
    "duplicates-media-exact",
    "Half of the test files are copies of train files (05: equal rows on both sides).",
    (bytes) => bytes,
  ),
  mediaCopies(
    "duplicates-media-repacked",
    "Half of the test images are train images packed anew: other bytes, equal pixels (05: equal rows).",
    (bytes) => {
      const scan = scanPng(bytes);
      return scan === undefined ? undefined : pngOfScan(scan, 1);
    },
  ),
  mediaCopies(
    "duplicates-media-noise",
    "Half of the test images are train images with faint noise (05: near-equal rows).",
    (bytes, random) => {
      const scan = scanPng(bytes);
      if (scan === undefined || scan.top !== 255) return undefined;
      for (const row of scan.rows) {
        for (const [place, value] of row.entries()) {
          row[place] = Math.max(0, Math.min(255, value + Math.round(2 * normal(random))));
        }
      }
      return pngOfScan(scan);
    },
  ),
];
