import { type Draft, normal, stream } from "./draft.ts";
import { draftOf } from "./draft-of.ts";

/** Packages whose rows belong together: by a patient, a nest, a molecule, or by time. */

/**
 * Rows of patients, kept apart or not: each has a level of his own, which a dose and an hour change.
 * @param spread standard deviation of the levels; what else tells of the pressure has one of 6.
 */
export function patients(strategy: "random" | "group" = "group", spread = 3): Draft {
  const draw = stream(21);
  const rows = Array.from({ length: 50 }, (_, patient) => ({ patient, level: normal(draw) })).flatMap(
    ({ patient, level }) =>
      Array.from({ length: 10 }, (_row, hour) => {
        const dose = 10 * draw();
        return {
          patient: `P${patient}`,
          dose: dose.toFixed(3),
          hour: String(hour),
          pressure: (50 + spread * level + 2 * dose + 0.6 * hour + 2 * normal(draw)).toFixed(3),
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
    // The last patients are the test, unless rows are drawn.
    rows: strategy === "random" ? rows.sort(() => draw() - 0.5) : rows,
    testRows: 120,
    split: strategy === "group" ? { strategy, groups: ["patient"] } : { strategy },
  });
}

/** Two birds of a nest, `N7A1` and `N7A2`, of which one has the species of the other; names of nests recur each year. */
export function nests(strategy: "random" | "group"): Draft {
  const draw = stream(23);
  const kinds = ["gentoo", "adelie", "chinstrap"];
  const rows = Array.from({ length: 200 }, (_, nest) => {
    const species = Math.floor(draw() * 3);
    const egg = `2008-11-${10 + Math.floor(draw() * 20)}`;
    return [1, 2].map((mate) => ({
      bird: `N${nest % 100}A${mate}`,
      egg,
      bill: (species + 1.2 * normal(draw)).toFixed(3),
      mass: (4 + 0.3 * species + 0.5 * normal(draw)).toFixed(3),
      species: kinds[species] ?? "",
    }));
  });
  const together = Array.from({ length: 100 }, (_, name) =>
    [...(rows[name] ?? []), ...(rows[name + 100] ?? [])].sort(() => draw() - 0.5),
  ).flat();
  const shuffled = (part: typeof together) => part.sort(() => draw() - 0.5);
  const order =
    strategy === "random"
      ? shuffled(together)
      : [...shuffled(together.slice(0, -120)), ...shuffled(together.slice(-120))];
  return draftOf({
    title: "Tell the species of a bird",
    objective: "multiclass_classification",
    modality: "tabular",
    metric: "accuracy",
    target: { name: "species", kind: "category", labels: kinds, columns: ["species"] },
    features: ["bird", "egg", "bill", "mass"],
    rows: order,
    testRows: 120,
    split: strategy === "group" ? { strategy, groups: ["bird"] } : { strategy },
  });
}

/** Carbon chains that dissolve the worse the longer they are; in every fifth pair the second is a salt of the first. */
export function molecules(salts: boolean): Draft {
  const draw = stream(24);
  const ends = ["O", "N", "Cl", "Br", "S", "F"];
  const of = (from: number) => ends[from % ends.length] ?? "O";
  const rows = Array.from({ length: 400 }, (_, index) => {
    const chain = "C".repeat(1 + (index % 20));
    const smiles = `${chain}(${of(index)})${"C".repeat(1 + Math.floor(index / 20))}${of(Math.floor(index / 6))}`;
    return { smiles, soluble: chain.length + Math.floor(index / 20) + 6 * normal(draw) < 20 ? "yes" : "no" };
  }).sort(() => draw() - 0.5);
  if (salts)
    for (let row = 300; row < 400; row += 5)
      rows[row] = {
        ...(rows[row - 300] ?? { smiles: "", soluble: "" }),
        smiles: `[Na+].${rows[row - 300]?.smiles ?? ""}`,
      };
  return draftOf({
    title: "Tell whether a molecule dissolves",
    objective: "binary_classification",
    modality: "molecules",
    metric: "roc_auc",
    target: { name: "soluble", kind: "category", labels: ["no", "yes"], columns: ["soluble"] },
    features: ["smiles"],
    rows,
    testRows: 100,
  });
}

/** A demand with a week's season; the last weeks are the test. */
export function demand(): Draft {
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
