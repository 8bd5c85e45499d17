import { Manifest } from "../../task/manifest.ts";
import type { CheckRecord, Defect } from "../../verifiers/defect.ts";
import { isTransformName } from "../brainstormer/rules/alike.ts";
import type { Design, Review } from "../roles.ts";
import { HARMFUL, HARMFUL_PHRASE, LATER } from "../words/inputs.ts";
import { singular, tokens } from "../words/tokens.ts";
import { metricSuits } from "./rules/metric.ts";

export interface ReviewByRules {
  /** `task.json`, parsed; when it is no manifest, all that rests on it is not assessed. */
  manifest: Manifest | null;
  design: Design;
  /** What the assertions measured. */
  records: readonly CheckRecord[];
  /** Titles and questions of the dataset's other tasks. */
  siblings: readonly string[];
}

type Score = Review["scores"][number];
type Objection = Review["objections"][number];

/**
 * The rubric by rules: only what was measured gets a score, the rest says why it was not assessed. A strong feature is
 * objected to only on evidence (it is named or documented as a copy or as known afterwards); strength alone is no leak.
 */
export function review(input: ReviewByRules): Review {
  const objections: Objection[] = [];
  const shortcut = noShortcut(input, objections);
  const scores: Score[] = [
    notAssessed("clarity", "how a text reads is not measured"),
    completeness(input.records),
    metricItem(input, objections),
    notAssessed(
      "realism",
      "whether somebody would ask this is not measured; the Brainstormer's rationale says what speaks for it",
    ),
    shortcut,
    sufficiency(input.manifest),
    distinctness(input),
    harmless(input, objections),
  ];
  return { scores, objections };
}

export function parseManifest(text: string | undefined): Manifest | null {
  if (text === undefined) return null;
  try {
    const parsed = Manifest.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function notAssessed(item: Score["item"], reason: string): Score {
  return { item, score: null, reason: `not assessed: ${reason}` };
}

function completeness(records: readonly CheckRecord[]): Score {
  const own = records.filter(
    (record) => /description/.test(record.check) && record.verdict !== "not_applicable",
  );
  if (own.length === 0) return notAssessed("completeness", "no check of the description was run");
  const failed = own.filter((record) => record.verdict === "defect");
  if (failed.length > 0)
    return {
      item: "completeness",
      score: 2,
      reason: `${failed.length} of ${own.length} checks of the description found something: ${failed.map((record) => record.check).join(", ")}`,
    };
  return { item: "completeness", score: 4, reason: `all ${own.length} checks of the description pass` };
}

function metricItem(input: ReviewByRules, objections: Objection[]): Score {
  if (input.design.kind === "code") return notAssessed("metric", "the design is free code");
  const verdict = metricSuits(input.design.specification);
  if (!verdict.suits) {
    objections.push({
      severity: "major",
      blame: "designer",
      message: verdict.reason,
      quote: input.manifest?.metric.name ?? input.design.specification.metric.name,
    });
    return { item: "metric", score: 2, reason: verdict.reason };
  }
  return { item: "metric", score: 4, reason: verdict.reason };
}

function sufficiency(manifest: Manifest | null): Score {
  if (manifest === null) return notAssessed("sufficiency", "the manifest could not be read");
  const { train, test } = manifest.split.sizes;
  const score = train < 60 || test < 40 ? 2 : train < 300 ? 3 : train < 2_000 ? 4 : 5;
  return { item: "sufficiency", score, reason: `${train} rows to learn from, ${test} hidden` };
}

function distinctness(input: ReviewByRules): Score {
  if (input.siblings.length === 0)
    return { item: "distinctness", score: 5, reason: "the dataset has no other task" };
  const title =
    input.manifest?.title ??
    (input.design.kind === "code" ? input.design.code.title : input.design.specification.title);
  const own = new Set(tokens(title.split(":")[0] ?? title));
  let closest = 0;
  for (const sibling of input.siblings) {
    const other = new Set(tokens(sibling.split(":")[0] ?? sibling));
    const shared = [...own].filter((word) => other.has(word)).length;
    closest = Math.max(closest, shared / Math.max(1, Math.min(own.size, other.size)));
  }
  if (closest >= 0.95)
    return {
      item: "distinctness",
      score: 2,
      reason: "its title says the same as another task's of this dataset",
    };
  return {
    item: "distinctness",
    score: 4,
    reason: `it asks for another target than the ${input.siblings.length} other task(s) of this dataset`,
  };
}

function harmless(input: ReviewByRules, objections: Objection[]): Score {
  const target = input.manifest?.target;
  if (target === undefined) return notAssessed("harmless", "the manifest could not be read");
  const asked = `${target.columns.join(" ")} ${target.meaning}`;
  const words = target.columns.flatMap((column) => tokens(column)).map(singular);
  if (
    target.columns.length <= 3 &&
    (words.some((word) => HARMFUL.has(word)) ||
      HARMFUL_PHRASE.test(target.meaning.split(/\b(?:of|by|for)\b/)[0] ?? ""))
  ) {
    objections.push({
      severity: "major",
      blame: "brainstormer",
      message: `asks for a protected trait of people: ${asked}`,
      quote: target.meaning,
    });
    return { item: "harmless", score: 1, reason: `the target is a protected trait: ${asked}` };
  }
  return {
    item: "harmless",
    score: 4,
    reason: "the target is no protected trait of people by name or description",
  };
}

/** Findings of leakage checks, judged by what names and documentation say of the columns they name. */
function noShortcut(input: ReviewByRules, objections: Objection[]): Score {
  const findings = input.records
    .flatMap((record) => record.defects)
    .filter((defect) => defect.repair?.kind === "drop_features" && defect.severity !== "fatal");
  const leaks = input.records.filter(
    (record) =>
      record.layer === "assertions" &&
      /leak|strong|shortcut|copy|copied|determin|single|nearest|neighbour|order/.test(record.check) &&
      record.verdict !== "not_applicable",
  );
  if (leaks.length === 0) return notAssessed("no_shortcut", "no leakage check was run");
  const strong: string[] = [];
  for (const finding of findings) {
    for (const column of columnsOf(finding)) {
      const why = suspicion(input.design, column);
      if (why === null) strong.push(column);
      else
        objections.push({
          severity: "major",
          blame: "designer",
          message: `${column} gives the target away: ${why}`,
          quote: finding.evidence.slice(0, 200),
        });
    }
  }
  if (objections.some((objection) => /gives the target away/.test(objection.message)))
    return {
      item: "no_shortcut",
      score: 2,
      reason: "a strong feature is named or documented as a copy or as known only afterwards",
    };
  if (strong.length > 0)
    return {
      item: "no_shortcut",
      score: 4,
      reason: `${strong.join(", ")} is strong, but nothing says that it is a copy or known only afterwards`,
    };
  return { item: "no_shortcut", score: 5, reason: `${leaks.length} leakage checks found nothing` };
}

function columnsOf(defect: Defect): string[] {
  return defect.repair?.kind === "drop_features" ? defect.repair.columns : [];
}

function suspicion(design: Design, column: string): string | null {
  if (design.kind === "code") return null;
  const { specification } = design;
  const feature = specification.features.find((entry) => entry.column === column);
  const spaced = tokens(column).join(" ");
  if (
    isTransformName(specification.target.name, column) ||
    isTransformName(column, specification.target.name)
  )
    return `its name makes it ${specification.target.name} in another form`;
  if (LATER.test(spaced)) return "its name says that it is known only afterwards";
  const said = feature?.description ?? "";
  if (LATER.test(said.slice(0, 120)))
    return `its description says that it is known only afterwards ("${said.slice(0, 80)}")`;
  return null;
}
