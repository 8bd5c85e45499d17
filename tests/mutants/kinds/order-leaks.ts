import type { Draft } from "../../verifiers/helpers/draft.ts";
import { readCsv } from "../table.ts";
import type { MutantKind } from "./kind.ts";
import { isUnordered, orderBy, renameIds, testTables } from "./rows.ts";
import { permutation, ranks, shuffled, shuffledTruth, TEST, TRAIN, type Truth, truthOf } from "./truth.ts";

const ORDER = "ids and row order of the package that predict the target";

type Random = () => number;
/** A number for every row (train, then test) by which the rows of a file are ordered. */
type Keys = (truth: Truth, random: Random) => number[];

function order(id: string, breaks: string, paths: (draft: Draft) => string[], keys: Keys): MutantKind {
  const apply = (draft: Draft, truth: Truth, random: Random): void => {
    const ids = [TRAIN, TEST].flatMap((path) => readCsv(draft, path).rows.map((row) => row[0] ?? ""));
    const values = keys(truth, random);
    const places = new Map(ids.map((name, row) => [name, values[row] ?? 0]));
    // New ids in the order of the rows, where they were so before: the ids themselves say nothing new.
    for (const path of paths(draft)) orderBy(draft, path, places);
  };
  return {
    id,
    breaks,
    catalogue: ORDER,
    applies: isUnordered,
    mutate: (draft, random) => apply(draft, truthOf(draft), random),
    twin: (draft, random) => apply(draft, shuffledTruth(truthOf(draft), random), random),
  };
}

/** Blocks of eight rows with neighbouring targets, in random order. */
const blocks: Keys = (truth, random) => {
  const rank = ranks(truth.numbers, random);
  const places = permutation(Math.ceil(rank.length / 8), random);
  return rank.map((value) => (places[Math.floor(value / 8)] ?? 0) * 8 + (value % 8));
};

/** Rows in the order of an even mixture: position modulo the number of codes tells the code. */
const interleaved: Keys = (truth, random) => {
  const seen = new Map<number, number>();
  const rounds = new Array<number>(truth.codes.length).fill(0);
  for (const row of permutation(truth.codes.length, random)) {
    const code = truth.codes[row] ?? 0;
    rounds[row] = seen.get(code) ?? 0;
    seen.set(code, (seen.get(code) ?? 0) + 1);
  }
  return rounds.map((round, row) => round * (truth.classes + 1) + (truth.codes[row] ?? 0));
};

function ids(id: string, breaks: string, name: (truth: Truth, random: Random) => string[]): MutantKind {
  const apply = (draft: Draft, truth: Truth, random: Random): void => {
    const old = [TRAIN, TEST].flatMap((path) => readCsv(draft, path).rows.map((row) => row[0] ?? ""));
    const names = name(truth, random);
    renameIds(draft, new Map(old.map((text, row) => [text, names[row] ?? ""])));
  };
  return {
    id,
    breaks,
    catalogue: ORDER,
    applies: isUnordered,
    mutate: (draft, random) => apply(draft, truthOf(draft), random),
    twin: (draft, random) => apply(draft, shuffledTruth(truthOf(draft), random), random),
  };
}

/** Row order and ids that tell the target. */
export const mutants: MutantKind[] = [
  order(
    "order-test-sorted",
    "The rows of test (and sample and answers) stand in the order of the target (05: row order that predicts the target).",
    testTables,
    (truth, random) => ranks(truth.numbers, random),
  ),
  order(
    "order-train-sorted",
    "The rows of train stand in the order of the target (05: row order of the package that predicts the target).",
    () => [TRAIN],
    (truth, random) => ranks(truth.numbers, random),
  ),
  order(
    "order-both-sorted-descending",
    "Train and test both stand in descending order of the target (05: row order that predicts the target).",
    (draft) => [TRAIN, ...testTables(draft)],
    (truth, random) => ranks(truth.numbers, random).map((rank) => -rank),
  ),
  order(
    "order-blocks",
    "Rows with like targets stand together in short blocks, whose order is random (05: row order that predicts the target).",
    (draft) => [TRAIN, ...testTables(draft)],
    blocks,
  ),
  order(
    "order-interleaved",
    "Position modulo the number of labels tells the label, in train and in test (05: row order that predicts the target).",
    (draft) => [TRAIN, ...testTables(draft)],
    interleaved,
  ),
  ids(
    "ids-ascend-with-target",
    "Ids grow with the target over both sides, in rows of random order (05: ids of the package that predict the target).",
    (truth, random) => ranks(truth.numbers, random).map(String),
  ),
  ids(
    "ids-remainder",
    "The id's remainder modulo the number of labels is the label (05: ids that predict the target).",
    (truth, random) => {
      const fresh = permutation(truth.codes.length, random);
      return truth.codes.map((code, row) => String((fresh[row] ?? 0) * (truth.classes + 1) + code));
    },
  ),
  ids(
    "ids-carry-letter",
    "Ids are random serials with one letter that is the label (05: ids that predict the target).",
    (truth, random) => {
      const fresh = shuffled(
        truth.codes.map((_code, row) => 10_000 + row),
        random,
      );
      return truth.codes.map((code, row) => `r${fresh[row]}${String.fromCharCode(97 + (code % 26))}`);
    },
  ),
  ids(
    "ids-hash-of-target",
    "Ids are hexadecimal serials whose first digits are the label, masked by the last ones (05: ids that predict the target).",
    (truth, random) => {
      const fresh = permutation(truth.codes.length, random);
      return truth.codes.map((code, row) => {
        const tail = fresh[row] ?? 0;
        const head = (code + (tail % 16)) % 16;
        return `x${head.toString(16)}${tail.toString(16).padStart(6, "0")}`;
      });
    },
  ),
];
