import { afterAll } from "vitest";
import { classificationPackage, regressionPackage, surveyPackage } from "../helpers/base-packages.ts";
import { openBench } from "../helpers/bench.ts";
import { addFeature, answersOf, editTable, normal, stream } from "../helpers/draft.ts";
import { testMutants, testTwins } from "../helpers/mutants.ts";

const bench = await openBench();
afterAll(() => bench.close());

const number = () => regressionPackage();
const classes = () => classificationPackage();
const random = stream(99);
const noise = (scale: number) => scale * normal(random);

testMutants(bench, [
  [
    "target-copied-in-feature",
    "negated and scaled",
    number,
    (draft) => addFeature(draft, "code", (target) => (-3 * Number(target) + 7).toFixed(2)),
  ],
  [
    "target-copied-in-feature",
    "binned",
    number,
    (draft) => addFeature(draft, "band", (target) => String(Math.floor(Number(target) / 12))),
  ],
  [
    "target-copied-in-feature",
    "labels as codes",
    classes,
    (draft) => addFeature(draft, "code", (target) => ({ ash: "17", birch: "4", cedar: "9" })[target] ?? ""),
  ],
  [
    "target-copied-in-feature",
    "labels beyond thresholds",
    classes,
    (draft) =>
      addFeature(
        draft,
        "level",
        (target) => (({ ash: 1, birch: 2, cedar: 3 })[target] ?? 0).toString() + random().toFixed(6).slice(1),
      ),
  ],
  [
    "target-copied-in-feature",
    "in the test alone",
    classes,
    (draft) => {
      addFeature(draft, "slot", () => String(Math.floor(random() * 3)));
      editTable(draft, "public/test.csv", (table) =>
        answersOf(draft).forEach((label, index) => {
          const row = table.rows[index];
          if (row) row[row.length - 1] = String(["ash", "birch", "cedar"].indexOf(label));
        }),
      );
    },
  ],
  [
    "target-encoded-in-feature",
    "in the last digit",
    classes,
    (draft) =>
      addFeature(
        draft,
        "serial",
        (target) => `${Math.floor(random() * 90_000) + 10_000}${["ash", "birch", "cedar"].indexOf(target)}`,
      ),
  ],
  [
    "target-encoded-in-feature",
    "in what is missing",
    () => surveyPackage(),
    (draft) => addFeature(draft, "score", (target) => (target === "yes" ? "" : normal(random).toFixed(4))),
  ],
  [
    "target-encoded-in-feature",
    "in a remainder",
    classes,
    (draft) =>
      addFeature(draft, "ticket", (target) =>
        String(3 * Math.floor(random() * 30_000) + ["ash", "birch", "cedar"].indexOf(target)),
      ),
  ],
  [
    "target-computed-from-features",
    "a sum of two columns",
    number,
    (draft) => {
      const parts = new Map<number, number>();
      addFeature(draft, "first", (_target, row) => {
        const part = Math.round(random() * 50_000) / 1000;
        parts.set(row, part);
        return part.toFixed(3);
      });
      addFeature(draft, "second", (target, row) => (Number(target) - (parts.get(row) ?? 0)).toFixed(3));
    },
  ],
  [
    "target-computed-from-features",
    "split over two columns",
    classes,
    (draft) => {
      const parts = new Map<number, number>();
      addFeature(draft, "left", (_target, row) => {
        const part = Math.floor(random() * 3);
        parts.set(row, part);
        return String(part);
      });
      addFeature(draft, "right", (target, row) =>
        String((["ash", "birch", "cedar"].indexOf(target) + (parts.get(row) ?? 0)) % 3),
      );
    },
  ],
  [
    "feature-nearly-determines-target",
    "a noisy copy",
    number,
    (draft) => addFeature(draft, "estimate", (target) => (Number(target) + noise(2)).toFixed(3)),
  ],
  [
    "level-reveals-target",
    "a gap of some rows of one class",
    () => surveyPackage(),
    (draft) =>
      addFeature(draft, "follow_up", (target) =>
        target === "yes" && random() < 0.5 ? "" : normal(random).toFixed(4),
      ),
  ],
  [
    "level-reveals-target",
    "a field that only the lapsed have",
    () => surveyPackage(),
    (draft) => {
      draft.manifest.title = "Predict whether the customer will cancel";
      addFeature(draft, "refund", (target) => (target === "yes" && random() < 0.4 ? "paid" : "none"));
    },
  ],
  [
    "level-reveals-target",
    "prices that only those have who bought",
    () => surveyPackage(),
    (draft) =>
      addFeature(draft, "paid", (target) => {
        const known = random() < 0.5;
        return String(99 + 30 * Math.floor(5 * random()) + (known ? (target === "yes" ? 10 : 20) : 0));
      }),
  ],
  [
    "next-row-reveals-target",
    "a state that the next row keeps",
    classes,
    (draft) => {
      let clock = Date.UTC(2021, 3, 1);
      let state = "ash";
      addFeature(draft, "stamp", () => {
        clock += 60_000;
        return new Date(clock).toISOString();
      });
      addFeature(draft, "last_seen", (target) => {
        const before = state;
        state = target;
        return before;
      });
    },
  ],
]);

testTwins(bench, [
  [
    "a strong feature",
    () => {
      const draft = regressionPackage();
      addFeature(draft, "appraisal", (target) => (Number(target) + noise(9)).toFixed(2));
      return draft;
    },
  ],
  [
    "a column of noise",
    () => {
      const draft = classificationPackage();
      addFeature(draft, "dust", () => normal(random).toFixed(4));
      return draft;
    },
  ],
]);
