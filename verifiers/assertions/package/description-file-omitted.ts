import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";

const check: Check<TaskPackage> = {
  id: "description-file-omitted",
  layer: "assertions",
  title: "The description does not mention a public file",
  severity: "major",
  blame: "refactor",
  why: "A file that is handed out and not explained is either needed and unknown, or should not be there.",
  run({ texts, entries }) {
    const description = texts.description;
    if (description === null) return { skipped: "there is no description" };
    const files = entries
      .filter((entry) => entry.path.startsWith("public/"))
      .map((entry) => entry.path.slice("public/".length));
    const mentioned = (path: string) =>
      description.includes(path) || description.includes(path.split("/").at(-1) ?? path);
    // A folder of files is explained as a whole.
    const folderMentioned = (path: string) => {
      const parts = path.split("/");
      return (
        parts.length > 1 &&
        parts.slice(0, -1).some((_, index) => description.includes(`${parts.slice(0, index + 1).join("/")}/`))
      );
    };
    const omitted = files.filter(
      (path) => path !== "description.md" && !folderMentioned(path) && !mentioned(path),
    );
    return {
      measured: { files: files.length, omitted: omitted.length },
      findings: omitted.slice(0, 5).map((path) => ({
        message: `Explain the file ${path} in the description.`,
        evidence: `'${path}' does not occur in description.md`,
      })),
    };
  },
};
export default check;
