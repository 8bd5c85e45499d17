import type { Certificate } from "../../task/certificate.ts";
import type { Manifest } from "../../task/manifest.ts";

/** The manifest of a task with one feature and two rows, but for its files. */
export const someManifest: Omit<Manifest, "files"> = {
  schema: "mle-smith/task@1",
  id: "some-task-00000000",
  title: "A task",
  question: "What is y?",
  objective: "regression",
  modality: "tabular",
  category: "tests",
  target: { columns: ["y"], kind: "number", labels: null, unit: null, meaning: "y" },
  submission: { id: "id", columns: ["y"], kind: "value" },
  auxiliary: [],
  metric: { name: "rmse", title: "RMSE", direction: "minimize", parameters: {}, best: 0, noSkill: null },
  split: { strategy: "random", seed: 1, sizes: { train: 1, test: 1 }, groups: [], time: null, series: [] },
  media: null,
  features: [{ column: "x", type: "integer" }],
  budget: { seconds: 60, memoryMb: 1024, cpus: 1 },
  runtime: { python: "3.11", requirements: [] },
  lineage: { dataset: "some", fingerprint: "ab", source: null, licence: null, redistributable: "unknown" },
  author: { kind: "rules", version: "1" },
};

/** Its certificate, with nothing checked. */
export const someCertificate: Certificate = {
  schema: "mle-smith/certificate@1",
  task: someManifest.id,
  checks: [],
  review: null,
  ladder: [],
  personalData: [],
  labelsPublic: "unknown",
  versions: {},
};
