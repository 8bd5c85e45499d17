import {
  classificationPackage,
  draftOf,
  regressionPackage,
  surveyPackage,
} from "../verifiers/helpers/base-packages.ts";
import { type Draft, normal, stream } from "../verifiers/helpers/draft.ts";
import { greyPng, monoWav } from "./media.ts";

/** Sound packages made by hand, by name. */
export const syntheticPackages: Record<string, () => Draft> = {
  regression: () => regressionPackage(),
  classification: () => classificationPackage(),
  survey: () => surveyPackage(),
  patients,
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

const SHAPES = ["stripe", "wave", "spot"];

/** Rows of patients who are kept apart: each has a level of his own, which a dose and an hour change. */
function patients(): Draft {
  const draw = stream(21);
  const rows = Array.from({ length: 50 }, (_, patient) => ({ patient, level: normal(draw) })).flatMap(
    ({ patient, level }) =>
      Array.from({ length: 10 }, (_row, hour) => {
        const dose = 10 * draw();
        return {
          patient: `P${patient}`,
          dose: dose.toFixed(3),
          hour: String(hour),
          pressure: (50 + 3 * level + 2 * dose + 0.6 * hour + 2 * normal(draw)).toFixed(3),
        };
      }),
  );
  return draftOf({
    title: "Predict the pressure of a patient",
    objective: "regression",
    modality: "tabular",
    metric: "mae",
    target: { name: "pressure", kind: "number", labels: null, columns: ["pressure"] },
    features: ["patient", "dose", "hour"],
    rows,
    testRows: 120,
    split: { strategy: "group", groups: ["patient"] },
  });
}

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

/** A demand with a week's season; the last weeks are the test. */
function demand(): Draft {
  const draw = stream(31);
  const start = Date.UTC(2020, 0, 1);
  const rows = Array.from({ length: 400 }, (_, index) => ({
    day: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
    holiday: draw() < 0.05 ? "1" : "0",
    demand: (100 + 20 * Math.sin((2 * Math.PI * index) / 7) + 0.05 * index + 4 * normal(draw)).toFixed(3),
  }));
  return draftOf({
    title: "Forecast the demand of each day",
    objective: "forecasting",
    modality: "time_series",
    metric: "mae",
    target: { name: "demand", kind: "number", labels: null, columns: ["demand"] },
    features: ["day", "holiday"],
    rows,
    testRows: 90,
    split: { strategy: "time", time: "day" },
  });
}

/** Small grey pictures with a texture under noise. */
function textures(): Draft {
  const draw = stream(51);
  const size = 16;
  return mediaDraft("image", "pictures", "png", 360, draw, (shape) => {
    const [phase, turn] = [2 * Math.PI * draw(), draw() < 0.25 ? Math.floor(3 * draw()) : shape];
    return greyPng(size, (x, y) => {
      const wave = [Math.sin(x + phase), Math.sin(y + phase), Math.sin(x + phase) * Math.sin(y + phase)][
        turn
      ];
      return 128 + 40 * (wave ?? 0) + 30 * normal(draw);
    });
  });
}

/** Short sounds of a pitch under noise. */
function tones(): Draft {
  const draw = stream(61);
  return mediaDraft("audio", "sounds", "wav", 300, draw, (shape) => {
    const heard = draw() < 0.2 ? Math.floor(3 * draw()) : shape;
    const pitch = 400 * (heard + 1) * (0.9 + 0.2 * draw());
    const phase = 2 * Math.PI * draw();
    return monoWav(
      8000,
      1200,
      (time) => 6000 * Math.sin(2 * Math.PI * pitch * time + phase) + 2500 * normal(draw),
    );
  });
}

/** Short series in files of their own. */
function movements(): Draft {
  const draw = stream(41);
  return mediaDraft("series", "walks", "csv", 300, draw, (shape) => {
    const walked = draw() < 0.25 ? Math.floor(3 * draw()) : shape;
    const drift = [-0.1, 0, 0.1][walked] ?? 0;
    const lines = Array.from(
      { length: 30 },
      (_, step) => `${(drift * step + 2 * normal(draw)).toFixed(3)},${normal(draw).toFixed(3)}`,
    );
    return Buffer.from(`x,y\n${lines.join("\n")}\n`);
  });
}

function mediaDraft(
  kind: "image" | "audio" | "series",
  folder: string,
  ending: string,
  count: number,
  draw: () => number,
  make: (shape: number) => Uint8Array,
): Draft {
  const files = new Map<string, Uint8Array>();
  const rows = Array.from({ length: count }, (_, index) => {
    const shape = Math.floor(SHAPES.length * draw());
    const file = `${folder}/${(index * 7919 + 13) % 100_003}.${ending}`;
    files.set(`public/${file}`, make(shape));
    return { file, shape: SHAPES[shape] ?? "" };
  });
  return draftOf({
    title: "Tell the shape",
    objective: "multiclass_classification",
    modality: kind,
    metric: "accuracy",
    target: { name: "shape", kind: "category", labels: SHAPES, columns: ["shape"] },
    features: ["file"],
    rows,
    testRows: Math.floor(count / 4),
    media: { column: "file", kind },
    files,
    seed: 7,
  });
}
