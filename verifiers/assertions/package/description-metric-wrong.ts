import { METRICS } from "../../../task/metrics/catalogue.ts";
import type { Check, Finding } from "../../check.ts";
import type { TaskPackage } from "../../package.ts";
import { sectionsOf } from "../description.ts";

const UP = /\b(higher|larger|greater|maximi[sz]e[sd]?|maximi[sz]ing)\b/i;
const DOWN = /\b(lower|smaller|minimi[sz]e[sd]?|minimi[sz]ing)\b/i;

const check: Check<TaskPackage> = {
  id: "description-metric-wrong",
  layer: "assertions",
  title: "The description does not state the metric, or states another direction than the manifest",
  severity: "fatal",
  blame: "refactor",
  why: "A solver optimises what the description says; a wrong direction turns the ranking round.",
  run({ texts, manifest }) {
    if (texts.description === null || manifest === null)
      return { skipped: "there is no description or no valid manifest" };
    const findings: Finding[] = [];
    const sections = sectionsOf(texts.description);
    const evaluation = sections
      .filter((section) => /evaluat|metric|scor/i.test(section.heading))
      .map((section) => section.text)
      .join("\n");
    const text = evaluation.trim() === "" ? texts.description : evaluation;
    const names = [
      manifest.metric.title,
      manifest.metric.name,
      manifest.metric.name.replaceAll("_", " "),
    ].map(normalise);
    if (!names.some((name) => normalise(text).includes(name)))
      findings.push({
        message: `State the metric '${manifest.metric.title}' in the section on evaluation.`,
        evidence: `neither '${manifest.metric.title}' nor '${manifest.metric.name}' occurs there`,
      });
    const other = otherTitle(text, manifest.metric.title);
    if (other !== null)
      findings.push({
        message: `The section on evaluation speaks of the ${other}; the metric is the ${manifest.metric.title}.`,
        evidence: `'${other}' occurs there, '${manifest.metric.title}' does not`,
      });
    const best =
      /\bperfect (?:submission|prediction|score)s?\s+(?:scores|gets|is|of)\s+(-?\d+(?:\.\d+)?)/i.exec(text);
    if (best !== null && Number(best[1]) !== manifest.metric.best)
      findings.push({
        message: `A perfect submission scores ${manifest.metric.best}: say so.`,
        evidence: best[0],
      });
    const maximize = manifest.metric.direction === "maximize";
    const sentence = directionSentence(text);
    if (sentence === null)
      findings.push({
        message: `Say that ${maximize ? "higher" : "lower"} is better.`,
        evidence: "no sentence of the section on evaluation says which direction is better",
        severity: "major",
      });
    else if (sentence.up !== maximize)
      findings.push({
        message: `The description says that ${maximize ? "lower" : "higher"} is better; the manifest's direction is ${manifest.metric.direction}.`,
        evidence: sentence.text,
      });
    return { measured: { metric: manifest.metric.name, direction: manifest.metric.direction }, findings };
  },
};
export default check;

/** The title of another metric of the catalogue that stands there in place of this one's. */
function otherTitle(text: string, own: string): string | null {
  const said = ` ${normalise(text)} `;
  if (said.includes(` ${normalise(own)} `)) return null;
  const titles = Object.values(METRICS).map((metric) => metric.title);
  return titles.find((title) => said.includes(` ${normalise(title)} `)) ?? null;
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9²@]+/g, " ")
    .trim();
}

/** The first sentence that says which direction is better. */
function directionSentence(text: string): { text: string; up: boolean } | null {
  for (const sentence of text.split(/(?<=[.!?;])\s+|\n+/)) {
    const [up, down] = [UP.test(sentence), DOWN.test(sentence)];
    const aboutScores = /\b(better|best|score[sd]?|scoring|good|goal|metric|maximi|minimi)/i.test(sentence);
    if (up !== down && aboutScores) return { text: sentence.trim(), up };
  }
  return null;
}
