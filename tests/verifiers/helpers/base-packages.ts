import type { MetricName } from "../../../task/metrics/catalogue.ts";
import { type Draft, normal, stream } from "./draft.ts";
import { draftOf, type Row } from "./draft-of.ts";

/** Numbers and a category that tell a number in part: ridge and trees both find it. */
export function regressionPackage(seed = 1, count = 400): Draft {
  const random = stream(seed);
  const rows = Array.from({ length: count }, (): Row => {
    const [width, height, age] = [normal(random), normal(random), Math.floor(random() * 60)];
    const colour = ["red", "green", "blue"][Math.floor(random() * 3)] ?? "red";
    const price =
      100 + 20 * width - 12 * height + 0.5 * age + (colour === "red" ? 15 : 0) + 14 * normal(random);
    return {
      width: width.toFixed(4),
      height: height.toFixed(4),
      age: String(age),
      colour,
      price: price.toFixed(3),
    };
  });
  return draftOf({
    title: "Predict the price of a thing",
    objective: "regression",
    modality: "tabular",
    metric: "rmse",
    target: { name: "price", kind: "number", labels: null, columns: ["price"] },
    features: ["width", "height", "age", "colour"],
    rows,
    testRows: Math.floor(count / 4),
  });
}

/** Three classes that overlap. */
export function classificationPackage(seed = 2, count = 400, metric: MetricName = "macro_f1"): Draft {
  const random = stream(seed);
  const labels = ["ash", "birch", "cedar"];
  const rows = Array.from({ length: count }, (): Row => {
    const kind = Math.floor(random() * 3);
    const leaf = kind * 1.2 + normal(random);
    const bark = (kind === 1 ? 1.2 : 0) + normal(random);
    const site = ["north", "south", "east"][random() < 0.5 ? kind : Math.floor(random() * 3)] ?? "north";
    return {
      leaf: leaf.toFixed(3),
      bark: bark.toFixed(3),
      site,
      rain: (random() * 100).toFixed(1),
      tree: labels[kind] ?? "",
    };
  });
  return draftOf({
    title: "Tell the tree from its leaf",
    objective: "multiclass_classification",
    modality: "tabular",
    metric,
    target: { name: "tree", kind: "category", labels, columns: ["tree"] },
    features: ["leaf", "bark", "site", "rain"],
    rows,
    testRows: Math.floor(count / 4),
    split: { strategy: "stratified" },
  });
}

/** Few questions with few answers each: equal rows on both sides by nature. */
export function surveyPackage(seed = 3, count = 800): Draft {
  const random = stream(seed);
  const rows = Array.from({ length: count }, (): Row => {
    const answers = Array.from({ length: 5 }, () => Math.floor(random() * 3));
    const lean = answers.reduce((sum, answer) => sum + answer, 0) - 5 + 1.5 * normal(random);
    return {
      ...Object.fromEntries(answers.map((answer, index) => [`q${index + 1}`, String(answer)])),
      vote: lean > 0 ? "yes" : "no",
    };
  });
  return draftOf({
    title: "Predict a vote from five answers",
    objective: "binary_classification",
    modality: "tabular",
    metric: "roc_auc",
    target: { name: "vote", kind: "category", labels: ["no", "yes"], columns: ["vote"] },
    features: ["q1", "q2", "q3", "q4", "q5"],
    rows,
    testRows: Math.floor(count / 4),
  });
}
