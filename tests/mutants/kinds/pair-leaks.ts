import { normal } from "../../verifiers/helpers/draft.ts";
import { addFeatureCells, columnLeak } from "./columns.ts";
import { addPublicFile } from "./files.ts";
import type { MutantKind } from "./kind.ts";
import {
  bothCells,
  hasTables,
  numberFeature,
  permutation,
  ranks,
  show,
  shuffledTruth,
  spread,
  type Truth,
  toNumber,
  truthOf,
} from "./truth.ts";

const PAIR = "deterministic mapping of one or two columns";

/** Numbers that add up to the value. */
function parts(values: number[], count: number, random: () => number): string[][] {
  const width = 2 * spread(values);
  const columns = Array.from({ length: count }, () => [] as string[]);
  for (const value of values) {
    let rest = value;
    for (const column of columns.slice(1)) {
      const part = width * normal(random);
      column.push(String(Number(part.toFixed(6))));
      rest -= Number(part.toFixed(6));
    }
    columns[0]?.push(String(Number(rest.toFixed(6))));
  }
  return columns;
}

/** Noise to each column alone: the target only together. */
export const mutants: MutantKind[] = [
  columnLeak({
    id: "leak-split-sum",
    breaks: "Two noisy columns add up to the target (05: deterministic mapping of two columns).",
    catalogue: PAIR,
    columns: (truth, random) =>
      parts(truth.numbers, 2, random).map((cells, place) => ({
        name: ["inflow", "outflow"][place] ?? "",
        type: "number",
        cells,
      })),
  }),
  columnLeak({
    id: "leak-split-product",
    breaks: "The product of two noisy columns is the target (05: deterministic mapping of two columns).",
    catalogue: PAIR,
    targets: "numeric",
    columns(truth, random) {
      const factors = truth.numbers.map(() => Math.exp(2 * normal(random)));
      return [
        { name: "width", type: "number", cells: factors.map((factor) => String(factor)) },
        {
          name: "height",
          type: "number",
          cells: truth.numbers.map((value, row) => String(value / (factors[row] ?? 1))),
        },
      ];
    },
  }),
  columnLeak({
    id: "leak-split-xor",
    breaks:
      "Two codes, each noise, give the label by addition modulo the number of labels (05: deterministic mapping of two columns).",
    catalogue: PAIR,
    columns(truth, random) {
      const count = truth.classes + (truth.codes.includes(truth.classes) ? 1 : 0);
      const first = truth.codes.map(() => Math.floor(random() * count));
      const second = truth.codes.map((code, row) => (code + count - (first[row] ?? 0)) % count);
      return [
        { name: "lane", type: "category", cells: first.map((code) => `l${code}`) },
        { name: "gate", type: "category", cells: second.map((code) => `g${code}`) },
      ];
    },
  }),
  columnLeak({
    id: "leak-xor-with-feature",
    breaks:
      "A noisy flag gives the label together with which half of another feature the row is in (05: mapping of two columns).",
    catalogue: PAIR,
    targets: "classes",
    also: (draft, truth) => truth.classes === 2 && numberFeature(draft) !== undefined,
    columns(truth, _random, draft) {
      const cells = bothCells(draft, numberFeature(draft) ?? "").map((cell) => toNumber(cell) || 0);
      const order = ranks(cells);
      const median = cells[order.indexOf(Math.floor(order.length / 2))] ?? 0;
      const flags = truth.codes.map((code, row) => ((cells[row] ?? 0) > median ? 1 : 0) ^ (code % 2));
      return [{ name: "shift", type: "category", cells: flags.map((flag) => (flag ? "late" : "early")) }];
    },
  }),
  columnLeak({
    id: "leak-split-six",
    breaks:
      "Six noisy columns add up to the target, no two of them tell it (05: strong's interval contains perfect).",
    catalogue: "Fatal: strong's interval contains perfect",
    targets: "numeric",
    columns: (truth, random) =>
      parts(truth.numbers, 6, random).map((cells, place) => ({
        name: `channel_${place + 1}`,
        type: "number",
        cells,
      })),
  }),
  columnLeak({
    id: "leak-join-key",
    breaks:
      "A key of few rows each holds rows of one label only, over both sides (05: deterministic mapping; identifiers that tell the target).",
    catalogue: "an identifier column that determines the target",
    columns: (truth, random) => [{ name: "batch", type: "category", cells: keys(truth, random) }],
  }),
  joined("leak-join-file", false),
  joined("leak-join-file-by-id", true),
];

/** Numbers of batches of about six rows with neighbouring targets. */
function keys(truth: Truth, random: () => number): string[] {
  const order = ranks(truth.numbers, random);
  const names = permutation(Math.ceil(order.length / 6) + 1, random);
  return order.map((rank) => `b${names[Math.floor(rank / 6)] ?? 0}`);
}

/** A public table beside the rows that tells the target. */
function joined(id: string, byId: boolean): MutantKind {
  const add = (draft: Parameters<MutantKind["mutate"]>[0], truth: Truth, random: () => number): void => {
    const names = permutation(truth.texts.length, random).map((place) => `n${100_000 + place * 7}`);
    const values = truth.numbers.map((value) => show(value * 2.5 + 40));
    if (byId) {
      const ids = bothCells(draft, draft.manifest.submission.id);
      const order = permutation(ids.length, random);
      const lines = order.map((row) => `${ids[row]},${values[row]}`);
      addPublicFile(
        draft,
        "stations.csv",
        `${["id", "level"].join(",")}\n${lines.join("\n")}\n`,
        "levels by row",
      );
      return;
    }
    addFeatureCells(draft, { name: "station", type: "string", cells: names });
    const order = permutation(names.length, random);
    const lines = order.map((row) => `${names[row]},${values[row]}`);
    addPublicFile(draft, "stations.csv", `station,level\n${lines.join("\n")}\n`, "level of each `station`");
  };
  return {
    id,
    breaks: byId
      ? "A public table lists a scaled target by row id (05: nothing private in public, in any encoding)."
      : "A key leads to a public table that lists the scaled target (05: nothing private in public; a join key).",
    catalogue: "nothing private in public, in any encoding, archive or file name (a join key)",
    applies: hasTables,
    mutate: (draft, random) => add(draft, truthOf(draft), random),
    twin: (draft, random) => add(draft, shuffledTruth(truthOf(draft), random), random),
  };
}
