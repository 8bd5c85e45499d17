import { normal } from "../../verifiers/helpers/draft.ts";
import { columnLeak } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { bothCells, numberFeature, permutation, ranks, show, spread, toNumber } from "./truth.ts";

const COPY = "a column that is, determines or nearly determines the target: copy";
const TRANSFORM = "inverse, scaled, binned, encoded copies";

/** Letters in place of label numbers. */
function letter(code: number): string {
  return String.fromCharCode(97 + Math.floor(code / 26), 97 + (code % 26));
}

/** Columns that carry the target openly or after one transformation. */
export const mutants: MutantKind[] = [
  columnLeak({
    id: "leak-copied",
    breaks:
      "A feature is the target under another name (05: a column that is the target; fatal where a copy).",
    catalogue: COPY,
    columns: (truth) => [{ name: "entry", type: truth.numeric ? "number" : "category", cells: truth.texts }],
  }),
  columnLeak({
    id: "leak-negated",
    breaks: "A feature is the target with the sign turned (05: inverse copies).",
    catalogue: TRANSFORM,
    columns: (truth) => [
      { name: "balance", type: "number", cells: truth.numbers.map((value) => show(-value)) },
    ],
  }),
  columnLeak({
    id: "leak-scaled",
    breaks: "A feature is the target times a factor plus a constant (05: scaled copies).",
    catalogue: TRANSFORM,
    columns: (truth) => [
      { name: "reading", type: "number", cells: truth.numbers.map((value) => show(value * 3.7 + 11)) },
    ],
  }),
  columnLeak({
    id: "leak-log",
    breaks: "A feature is the logarithm of the target (05: a deterministic transform).",
    catalogue: TRANSFORM,
    columns(truth) {
      const least = Math.min(...truth.numbers);
      const cells = truth.numbers.map((value) => show(Math.log(value - least + 1.5)));
      return [{ name: "exposure", type: "number", cells }];
    },
  }),
  columnLeak({
    id: "leak-reciprocal",
    breaks: "A feature is one over the shifted target (05: inverse copies).",
    catalogue: TRANSFORM,
    columns(truth) {
      const least = Math.min(...truth.numbers);
      const away = 2 * spread(truth.numbers);
      const cells = truth.numbers.map((value) => show(1000 / (value - least + away)));
      return [{ name: "rate", type: "number", cells }];
    },
  }),
  columnLeak({
    id: "leak-folded",
    breaks:
      "A feature is a wave of the target: a transform that no straight line or order shows, yet exact (05: nearly determines).",
    catalogue: "a deterministic transform of the target, not monotone",
    targets: "numeric",
    columns(truth) {
      const low = Math.min(...truth.numbers);
      const width = Math.max(...truth.numbers) - low || 1;
      // A triangle with unequal sides: up to the third of the range, then down, at values that never meet.
      const cells = truth.numbers.map((value) => {
        const part = (value - low) / width;
        return show(part < 0.33 ? Math.floor(part * 3000) * 2 + 1 : Math.floor((1 - part) * 1500) * 2);
      });
      return [{ name: "dial", type: "integer", cells }];
    },
  }),
  columnLeak({
    id: "leak-binned",
    breaks: "A feature is the target cut into twenty-five bins (05: binned copies).",
    catalogue: TRANSFORM,
    targets: "numeric",
    columns(truth) {
      const order = ranks(truth.numbers);
      const bins = order.map((rank) => String(Math.floor((25 * rank) / order.length)));
      return [{ name: "tier", type: "integer", cells: bins }];
    },
  }),
  columnLeak({
    id: "leak-binned-unordered",
    breaks:
      "A feature is the target cut into thirty bins whose numbers are mixed up (05: binned, encoded copies).",
    catalogue: TRANSFORM,
    targets: "numeric",
    columns(truth, random) {
      const order = ranks(truth.numbers);
      const names = permutation(30, random);
      const bins = order.map((rank) => `z${names[Math.floor((30 * rank) / order.length)] ?? 0}`);
      return [{ name: "zone", type: "category", cells: bins }];
    },
  }),
  columnLeak({
    id: "leak-rank",
    breaks: "A feature is the rank of the target among all rows (05: a column that determines the target).",
    catalogue: TRANSFORM,
    columns(truth, random) {
      const cells = ranks(truth.numbers, random).map((rank) => String(rank + 1));
      return [{ name: "place", type: "integer", cells }];
    },
  }),
  columnLeak({
    id: "leak-relabelled",
    breaks: "A feature is the label in another alphabet, in mixed order (05: encoded copies).",
    catalogue: TRANSFORM,
    targets: "classes",
    columns(truth, random) {
      const names = permutation(truth.classes + 1, random);
      return [{ name: "desk", type: "category", cells: truth.codes.map((code) => letter(names[code] ?? 0)) }];
    },
  }),
  columnLeak({
    id: "leak-many-names",
    breaks:
      "Each label has dozens of codes of its own, none shared with another label (05: deterministic mapping of one column).",
    catalogue: "deterministic mapping of one or two columns",
    columns(truth, random) {
      const width = Math.max(4, Math.floor(truth.texts.length / (truth.classes * 12)));
      const names = permutation(width * (truth.classes + 1), random);
      const cells = truth.codes.map((code) => {
        return `c${names[code * width + Math.floor(random() * width)] ?? 0}`;
      });
      return [{ name: "counter", type: "category", cells }];
    },
  }),
  columnLeak({
    id: "leak-noisy-copy",
    breaks:
      "A feature is the target with noise of two per cent (05: a column that nearly determines the target).",
    catalogue: "nearly determines the target",
    columns: (truth, random) => [noisy(truth.numbers, 0.02, random)],
    twinColumns: (truth, random) => [noisy(truth.numbers, 2.5, random)],
  }),
  columnLeak({
    id: "leak-copy-with-errors",
    breaks:
      "A feature is the label, wrong in three rows of a hundred (05: a column that nearly determines the target).",
    catalogue: "nearly determines the target",
    targets: "classes",
    columns: (truth, random) => [mistaken(truth.codes, truth.classes, 0.03, random)],
    twinColumns: (truth, random) => [mistaken(truth.codes, truth.classes, 0.85, random)],
  }),
  columnLeak({
    id: "leak-copy-of-half",
    breaks:
      "A feature is the target in every second row and empty elsewhere (05: a column that is the target, where present).",
    catalogue: COPY,
    columns: (truth) => [
      {
        name: "remark",
        type: truth.numeric ? "number" : "category",
        cells: truth.texts.map((text, row) => (row % 2 === 0 ? text : "")),
      },
    ],
  }),
  columnLeak({
    id: "leak-in-test-only",
    breaks:
      "A feature is noise in train and the very target in test (05: target absent from test; a column that is the target).",
    catalogue: "target absent from test (answers in a test column)",
    columns(truth, random) {
      const order = permutation(truth.trainRows, random);
      const cells = truth.texts.map((text, row) => {
        return row < truth.trainRows ? (truth.texts[order[row] ?? 0] ?? "") : text;
      });
      return [{ name: "audit", type: truth.numeric ? "number" : "category", cells }];
    },
  }),
  columnLeak({
    id: "leak-known-after-outcome",
    breaks:
      "A near copy of the target is documented as measured after the outcome (05: documented as known only after the outcome).",
    catalogue: "documented as known only after the outcome",
    columns: (truth, random) => [
      { ...noisy(truth.numbers, 0.12, random), note: "entered once the outcome was known" },
    ],
    twinColumns: (truth, random) => [
      { ...noisy(truth.numbers, 2.5, random), note: "entered before the outcome was known" },
    ],
  }),
  columnLeak({
    id: "leak-total-with-part",
    breaks:
      "A feature is the target plus another feature, so their difference is the target (05: deterministic mapping of two columns).",
    catalogue: "deterministic mapping of one or two columns",
    targets: "numeric",
    also: (draft) => numberFeature(draft) !== undefined,
    columns(truth, _random, draft) {
      const part = bothCells(draft, numberFeature(draft) ?? "").map((cell) => toNumber(cell) || 0);
      const scale = (3 * spread(truth.numbers)) / spread(part);
      const cells = truth.numbers.map((value, row) => show(value + scale * (part[row] ?? 0)));
      return [{ name: "total", type: "number", cells }];
    },
  }),
];

function noisy(values: number[], share: number, random: () => number) {
  const sigma = spread(values) * share;
  return {
    name: "gauge",
    type: "number",
    cells: values.map((value) => show(value + sigma * normal(random))),
  };
}

function mistaken(codes: number[], classes: number, share: number, random: () => number) {
  const cells = codes.map((code) => letter(random() < share ? Math.floor(random() * classes) : code));
  return { name: "clerk", type: "category", cells };
}
