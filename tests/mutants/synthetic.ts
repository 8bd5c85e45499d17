import {
  classificationPackage,
  regressionPackage,
  surveyPackage,
} from "../verifiers/helpers/base-packages.ts";
import { type Draft, normal, stream } from "../verifiers/helpers/draft.ts";
import { draftOf } from "../verifiers/helpers/draft-of.ts";
import { demand, patients } from "../verifiers/helpers/grouped-packages.ts";
import { movements, textures, tones } from "../verifiers/helpers/media-packages.ts";

/** Sound packages made by hand, by name. */
export const syntheticPackages: Record<string, () => Draft> = {
  regression: () => regressionPackage(),
  classification: () => classificationPackage(),
  survey: () => surveyPackage(),
  patients: () => patients(),
  demand,
  textures,
  tones,
  movements,
  waiting,
  callers,
  churn,
};
/** Made for kinds that no other package suits: a unit and R², counts, probabilities of two classes. */
export const spare: ReadonlySet<string> = new Set(["waiting", "callers", "churn"]);

/** Times to wait, in minutes: the target has a unit, which the description states. */
function waiting(): Draft {
  const draw = stream(71);
  const rows = Array.from({ length: 480 }, () => {
    const [queue, counters, noise] = [Math.floor(20 * draw()), 1 + Math.floor(4 * draw()), normal(draw)];
    return {
      queue: String(queue),
      counters: String(counters),
      hour: String(8 + Math.floor(10 * draw())),
      wait: (3 + (2.5 * queue) / Math.sqrt(counters) + 4 * noise).toFixed(2),
    };
  });
  const draft = draftOf({
    title: "Predict how long a visitor waits",
    objective: "regression",
    modality: "tabular",
    metric: "r2",
    target: { name: "wait", kind: "number", labels: null, columns: ["wait"] },
    features: ["queue", "counters", "hour"],
    rows,
    testRows: 120,
  });
  draft.manifest.target.unit = "minutes";
  for (const path of ["description.md", "public/description.md"]) {
    const text = String(draft.files.get(path));
    draft.files.set(path, text.replace("the target.\n", "the target, the time of waiting in minutes.\n"));
  }
  return draft;
}

/** Counts of calls in an hour. */
function callers(): Draft {
  const draw = stream(81);
  const rows = Array.from({ length: 480 }, () => {
    const [hour, staff] = [Math.floor(24 * draw()), 2 + Math.floor(6 * draw())];
    const mean = 8 * Math.exp(0.9 * Math.sin((Math.PI * hour) / 12) + 0.15 * staff);
    return {
      hour: String(hour),
      staff: String(staff),
      weekend: draw() < 0.3 ? "yes" : "no",
      calls: String(Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(draw)))),
    };
  });
  return draftOf({
    title: "Predict the number of calls",
    objective: "regression",
    modality: "tabular",
    metric: "rmsle",
    target: { name: "calls", kind: "count", labels: null, columns: ["calls"] },
    features: ["hour", "staff", "weekend"],
    rows,
    testRows: 120,
  });
}

/** Two classes, asked for as probabilities. */
function churn(): Draft {
  const draw = stream(91);
  const rows = Array.from({ length: 600 }, () => {
    const [months, visits] = [normal(draw), normal(draw)];
    return {
      months: (24 + 8 * months).toFixed(2),
      visits: (10 + 3 * visits).toFixed(2),
      plan: ["basic", "family", "student"][Math.floor(3 * draw())] ?? "basic",
      left: 1.2 * months - visits + 0.9 * normal(draw) > 0 ? "no" : "yes",
    };
  });
  return draftOf({
    title: "Predict whether a member leaves",
    objective: "binary_classification",
    modality: "tabular",
    metric: "log_loss",
    target: { name: "left", kind: "category", labels: ["no", "yes"], columns: ["left"] },
    features: ["months", "visits", "plan"],
    rows,
    testRows: 150,
  });
}
