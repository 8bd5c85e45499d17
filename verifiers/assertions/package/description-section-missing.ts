import type { Check } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";
import { sectionsOf } from "../description.ts";

const SECTIONS: { name: string; heading: RegExp }[] = [
  { name: "Overview", heading: /overview|description|background|introduction|task|question|goal/i },
  { name: "Data", heading: /data|files/i },
  { name: "Evaluation", heading: /evaluat|metric|scor/i },
  { name: "Submission format", heading: /submi/i },
];

const check: Check<TaskPackage> = {
  id: "description-section-missing",
  layer: "assertions",
  title: "The description lacks a section",
  severity: "major",
  blame: "refactor",
  why: "A solver has nothing but the description: what is asked, with what data, how it is scored, what to hand in.",
  run({ texts }) {
    if (texts.description === null) return { skipped: "there is no description" };
    const sections = sectionsOf(texts.description);
    const missing = SECTIONS.filter(
      ({ heading }) =>
        !sections.some((section) => heading.test(section.heading) && hasText(section, sections)),
    );
    return {
      measured: { sections: sections.length - 1, characters: texts.description.length },
      findings: missing.map(({ name }) => ({
        message: `Give the description a section '${name}'.`,
        evidence: `headings: ${sections
          .map((section) => section.heading)
          .filter(Boolean)
          .slice(0, 20)
          .join(" | ")}`,
      })),
    };
  },
};
export default check;

/** A section counts when something stands in it, or in the sections right after it. */
function hasText(section: { text: string }, sections: { text: string }[]): boolean {
  const following = sections[sections.indexOf(section) + 1];
  return section.text.trim().length > 0 || (following?.text.trim().length ?? 0) > 0;
}
