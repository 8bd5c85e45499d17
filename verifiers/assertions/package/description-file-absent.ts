import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";
import { codeSpansOf } from "../description.ts";

const FILE =
  /^[\w][\w./-]*\.(csv|tsv|json|jsonl|parquet|txt|md|zip|png|jpe?g|wav|flac|mp3|npy|xlsx?|py|sqlite|db)$/i;
// What a solver writes, not reads.
const WRITTEN = new Set(["submission.csv", "submissions.csv"]);

const check: Check<TaskPackage> = {
  id: "description-file-absent",
  layer: "assertions",
  title: "The description names a file that is not there",
  severity: "major",
  blame: "refactor",
  why: "A solver looks for the file, and an agent spends its budget on it.",
  run({ texts, entries, manifest }) {
    if (texts.description === null) return { skipped: "there is no description" };
    const files = entries
      .filter((entry) => entry.path.startsWith("public/"))
      .map((entry) => entry.path.slice("public/".length));
    const known = new Set(files.flatMap((path) => [path, `public/${path}`, path.split("/").at(-1) ?? path]));
    const columns = new Set(manifest?.features.map((feature) => feature.column) ?? []);
    const absent = [...new Set(codeSpansOf(texts.description))].filter(
      (name) =>
        FILE.test(name) &&
        !known.has(name) &&
        !known.has(name.replace(/^\.?\//, "")) &&
        !WRITTEN.has(name) &&
        !columns.has(name),
    );
    return {
      measured: { files: files.length, absent: absent.length },
      findings: absent.slice(0, 5).map((name) => ({
        message: `Take the file ${name} out of the description, or provide it.`,
        evidence: `description.md names \`${name}\`; the public folder does not hold it`,
      })),
    };
  },
};
export default check;
