import { createHash } from "node:crypto";
import type { Draft } from "../../verifiers/helpers/draft.ts";
import type { MutantKind } from "./kind.ts";

const VALID = "files present, manifest valid, nothing else there";

interface Listed {
  path: string;
  bytes: number;
  sha256: string;
}
type Fields = Record<string, unknown>;

/** The package's task.json as it ought to be, or spoilt. */
function writeManifest(draft: Draft, change: (manifest: Fields, files: Listed[]) => Fields): void {
  const files = [...draft.files]
    .filter(([path]) => path !== "task.json" && path !== "certificate.json")
    .map(([path, content]) => ({
      path,
      bytes: Buffer.byteLength(content),
      sha256: createHash("sha256").update(content).digest("hex"),
    }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
  const manifest: Fields = { ...draft.manifest, files };
  draft.files.set("task.json", JSON.stringify(change(manifest, files)));
}

function written(
  id: string,
  breaks: string,
  change: (manifest: Fields, files: Listed[]) => Fields,
  catalogue = VALID,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: (draft) => draft.files.size > 0,
    mutate: (draft) => writeManifest(draft, change),
    twin: (draft) => writeManifest(draft, (manifest) => manifest),
  };
}

function absent(id: string, breaks: string, path: string): MutantKind {
  return {
    id,
    breaks,
    catalogue: VALID,
    applies: (draft) => draft.files.has(path),
    mutate: (draft) => void draft.files.delete(path),
    twin: (draft) => void draft.files.set(path, draft.files.get(path) ?? ""),
  };
}

/** A change to what the manifest says of a sound package. */
function stated(
  id: string,
  breaks: string,
  catalogue: string,
  change: (draft: Draft) => void,
  also: (draft: Draft) => boolean = () => true,
): MutantKind {
  return {
    id,
    breaks,
    catalogue,
    applies: also,
    mutate: change,
    twin(draft) {
      draft.manifest.title = `${draft.manifest.title}`;
    },
  };
}

/** Packages whose files and manifest do not fit. */
export const mutants: MutantKind[] = [
  absent("package-lacks-metric", "There is no metric.py (05: files present).", "metric.py"),
  absent("package-lacks-prepare", "There is no prepare.py (05: files present).", "prepare.py"),
  absent("package-lacks-description", "There is no description.md (05: files present).", "description.md"),
  absent(
    "package-lacks-public-description",
    "There is no description in public (05: files present).",
    "public/description.md",
  ),
  absent("package-lacks-train", "There is no train.csv (05: files present).", "public/train.csv"),
  absent("package-lacks-test", "There is no test.csv (05: files present).", "public/test.csv"),
  absent(
    "package-lacks-sample",
    "There is no sample submission (05: files present).",
    "public/sample_submission.csv",
  ),
  written(
    "manifest-wrong-hash",
    "The manifest lists a file with another hash than it has (05: files present, manifest valid).",
    (manifest, files) => ({
      ...manifest,
      files: files.map((file) =>
        file.path === "metric.py" ? { ...file, sha256: file.sha256.split("").reverse().join("") } : file,
      ),
    }),
  ),
  written(
    "manifest-lists-absent-file",
    "The manifest lists a file that is not there (05: files present).",
    (manifest, files) => ({
      ...manifest,
      files: [...files, { path: "public/weights.csv", bytes: 12, sha256: "0".repeat(64) }],
    }),
  ),
  {
    ...written(
      "manifest-unlisted-file",
      "A file is there that the manifest does not list (05: nothing else there).",
      (manifest, files) => ({
        ...manifest,
        files: files.filter(
          (file) => file.path !== "public/attribution.txt" && file.path !== "private/units.csv",
        ),
      }),
    ),
    // Corrected after the first run: a package without either file has nothing to leave out of the list.
    applies: (draft) => draft.files.has("public/attribution.txt") || draft.files.has("private/units.csv"),
  },
  written(
    "manifest-other-schema",
    "The manifest has another schema version (05: manifest valid).",
    (manifest) => ({ ...manifest, schema: "mle-smith/task@0" }),
  ),
  written(
    "manifest-unknown-field",
    "The manifest has a field that the schema lacks (05: manifest valid).",
    (manifest) => ({ ...manifest, seconds: 12 }),
  ),
  written(
    "manifest-lacks-metric",
    "The manifest names no metric (05: manifest valid).",
    ({ metric: _metric, ...rest }) => rest,
  ),
  written(
    "manifest-direction-unknown",
    "The manifest's direction is none of the two (05: manifest valid).",
    (manifest) => ({
      ...manifest,
      metric: { ...(manifest.metric as Fields), direction: "higher" },
    }),
  ),
  stated(
    "manifest-direction-turned",
    "The manifest says the opposite direction of metric and description (05: description states the direction as the manifest does).",
    "states the metric and its direction as the manifest does",
    ({ manifest }) => {
      manifest.metric = {
        ...manifest.metric,
        direction: manifest.metric.direction === "maximize" ? "minimize" : "maximize",
      };
    },
  ),
  stated(
    "manifest-best-wrong",
    "The manifest states another best value than the answers score (05: the answers score the best value).",
    "the answers score the best value",
    ({ manifest }) => {
      manifest.metric = { ...manifest.metric, best: manifest.metric.best === 0 ? 1 : 0 };
    },
  ),
  stated(
    "manifest-metric-unknown",
    "The manifest names a metric that no catalogue has (05: a named metric means one thing).",
    "a named metric means one thing",
    ({ manifest }) => {
      manifest.metric = { ...manifest.metric, name: "goodness" };
    },
  ),
  stated(
    "manifest-target-absent",
    "The manifest's target is no column of train (05: target present in train).",
    "target absent from test and present in train",
    ({ manifest }) => {
      manifest.target = { ...manifest.target, columns: [`${manifest.target.columns[0]}_2`] };
    },
  ),
  stated(
    "manifest-feature-absent",
    "The manifest lists a feature that the tables lack (05: train and test agree in columns).",
    "train and test agree in columns and types (as in the manifest)",
    ({ manifest }) => {
      manifest.features = [...manifest.features, { column: "altitude_of_site", type: "number" }];
    },
  ),
  stated(
    "manifest-feature-mistyped",
    "The manifest calls a text feature a number (05: train and test agree in types).",
    "train and test agree in columns and types (as in the manifest)",
    ({ manifest }) => {
      manifest.features = manifest.features.map((feature) =>
        isWord(feature.type) ? { ...feature, type: "number" } : feature,
      );
    },
    ({ manifest }) => manifest.features.some((feature) => isWord(feature.type)),
  ),
  stated(
    "manifest-label-missing",
    "The manifest lacks a label that train and answers hold (05: answers in range).",
    "answers complete, in range, of the declared type",
    ({ manifest }) => {
      manifest.target = { ...manifest.target, labels: manifest.target.labels?.slice(1) ?? null };
    },
    ({ manifest }) => (manifest.target.labels?.length ?? 0) > 2 && manifest.target.kind !== "multilabel",
  ),
  stated(
    "manifest-groups-absent",
    "The manifest names a group column that no table has (05: groups on both sides).",
    "manifest valid (its group columns)",
    ({ manifest }) => {
      manifest.split = { ...manifest.split, strategy: "group", groups: ["household_number"] };
    },
    ({ manifest, files }) => manifest.split.groups.length === 0 && !files.has("private/units.csv"),
  ),
  stated(
    "budget-one-second",
    "The manifest allows a solver one second (05: everything stays inside the compute budget).",
    "Everything stays inside the compute budget that the manifest declares",
    ({ manifest }) => {
      manifest.budget = { ...manifest.budget, seconds: 1 };
    },
  ),
  stated(
    "budget-no-memory",
    "The manifest allows a solver eight megabytes (05: everything stays inside the compute budget).",
    "Everything stays inside the compute budget that the manifest declares",
    ({ manifest }) => {
      manifest.budget = { ...manifest.budget, memoryMb: 8 };
    },
  ),
];

function isWord(type: string): boolean {
  return type === "category" || type === "text";
}
