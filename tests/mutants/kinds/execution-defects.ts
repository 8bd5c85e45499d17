import { type Draft, normal } from "../../verifiers/helpers/draft.ts";
import { placeOf } from "../table.ts";
import { addFeatureCells } from "./columns.ts";
import type { MutantKind } from "./kind.ts";
import { editSides, isUnordered, keepRows } from "./rows.ts";
import { permutation, shuffledTruth, type Truth, truthOf } from "./truth.ts";

const ZERO = "Fatal: the paired 95% bootstrap interval of strong over trivial contains zero";
const SMALL = "Fatal: the normalised gain (strong − trivial) / (perfect − trivial) is under 0.05";
const PERFECT = "Fatal: strong's interval contains perfect";

/** Exchanges the targets of a share of all rows among each other, across both sides. */
function mix(
  draft: Draft,
  share: number,
  within: (draft: Draft) => "both" | "train",
  random: () => number,
): void {
  const { columns } = draft.manifest.target;
  editSides(draft, (sides) => {
    const rows = [
      ...sides.train.rows.map((row) => ({ row, places: columns.map((name) => placeOf(sides.train, name)) })),
      ...(within(draft) === "both" ? sides.answers.rows : []).map((row) => ({
        row,
        places: columns.map((name) => placeOf(sides.answers, name)),
      })),
    ].filter(() => random() < share);
    const values = rows.map(({ row, places }) => places.map((place) => row[place] ?? ""));
    for (const [target, source] of permutation(rows.length, random).entries()) {
      const goal = rows[target];
      for (const [place, value] of (values[source] ?? []).entries()) {
        if (goal !== undefined) goal.row[goal.places[place] ?? 0] = value;
      }
    }
  });
  keepRows(
    draft,
    () => true,
    () => true,
  );
}

function mixed(
  id: string,
  breaks: string,
  catalogue: string,
  share: number,
  within: "both" | "train",
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) =>
      isUnordered(draft) && new Set(truthOf(draft).texts).size > 1 && draft.manifest.auxiliary.length === 0,
    mutate: (draft, random) => mix(draft, share, () => within, random),
    // A few wrong targets are in every data set: two in a hundred rows of train leave the task as it is.
    twin: (draft, random) => mix(draft, 0.02, () => "train", random),
  };
}

/** Weak views of the target, which together give it away; the twin has views of other rows' targets. */
function views(id: string, breaks: string, count: number, sigma: number): MutantKind {
  const add = (draft: Draft, truth: Truth, random: () => number): void => {
    const level = (code: number, place: number): number =>
      Math.cos((2 * Math.PI * (place + 1) * (code + 1)) / (truth.classes + 2));
    for (let place = 0; place < count; place += 1) {
      const cells = truth.codes.map((code) => (level(code, place) + sigma * normal(random)).toFixed(4));
      addFeatureCells(draft, { name: `sensor_${place + 1}`, type: "number", cells });
    }
  };
  return {
    id,
    breaks,
    catalogue: PERFECT,
    applies: (draft) => {
      const truth = isUnordered(draft) ? truthOf(draft) : undefined;
      return truth !== undefined && !truth.numeric && truth.classes <= 6 && draft.manifest.media === null;
    },
    mutate: (draft, random) => add(draft, truthOf(draft), random),
    twin: (draft, random) => add(draft, shuffledTruth(truthOf(draft), random), random),
  };
}

/** Tasks that nobody can learn, or that anybody solves. */
export const mutants: MutantKind[] = [
  mixed(
    "execution-no-signal",
    "All targets are shuffled over all rows (05: strong over trivial contains zero).",
    ZERO,
    1.01,
    "both",
  ),
  mixed(
    "execution-train-shuffled",
    "The targets of train are shuffled, those of test are true (05: strong over trivial contains zero).",
    ZERO,
    1.01,
    "train",
  ),
  mixed(
    "execution-hardly-signal",
    "The targets of ninety-seven rows of a hundred are shuffled (05: normalised gain under 0.05).",
    SMALL,
    0.97,
    "both",
  ),
  views(
    "execution-solved-by-twenty",
    "Twenty noisy columns, each weak alone, together give the label without error (05: strong's interval contains perfect).",
    20,
    0.7,
  ),
];
