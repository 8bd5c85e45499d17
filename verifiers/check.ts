import type { Blame, CheckRecord, Defect, Layer } from "./defect.ts";

/** What a check is. Its id is named for the defect that it finds. */
export interface CheckFacts {
  id: string;
  layer: (typeof Layer)["options"][number];
  title: string;
  /** Of the defects that it finds, unless a finding says otherwise. */
  severity: Defect["severity"];
  blame: Blame;
  /** Why it matters; `references.ts` says where the field met the problem. */
  why: string;
  /** What it looks for, where the title does not say it all. */
  looksFor?: string;
  /** Names of what it measures, as certificates have them; filled in from the source by the catalogue. */
  measures?: string[];
  /** Empty when there is none: any occurrence is a defect. */
  threshold?: string;
  /** Where the threshold comes from: what it is derived from, or that it is a judgement. */
  origin?: string;
}

/** One thing wrong: what to change, and what was measured. */
export interface Finding {
  message: string;
  evidence: string;
  severity?: Defect["severity"];
  blame?: Blame;
  repair?: Defect["repair"];
}

/** What a check measured, with what is wrong; or why it does not apply. */
export type Outcome = { measured: CheckRecord["measured"]; findings: Finding[] } | { skipped: string };

/** A check that judges from a context: the package, the scores that its metric gave, the ladder. */
export interface Check<Context> extends CheckFacts {
  run(context: Context): Outcome;
}

const DEFECTS_KEPT = 12;

/** Runs one check on its context and gives its record. */
export function runCheck<Context>(check: Check<Context>, context: Context): CheckRecord {
  return recordOf(check, check.run(context));
}

/** The record of an outcome: texts clipped and cleaned, as they may quote hostile data. */
export function recordOf(check: CheckFacts, outcome: Outcome): CheckRecord {
  if ("skipped" in outcome)
    return {
      check: check.id,
      layer: check.layer,
      verdict: "not_applicable",
      measured: { reason: outcome.skipped },
      defects: [],
    };
  return {
    check: check.id,
    layer: check.layer,
    verdict: outcome.findings.length > 0 ? "defect" : "pass",
    measured: outcome.measured,
    defects: outcome.findings.slice(0, DEFECTS_KEPT).map((finding) => ({
      check: check.id,
      layer: check.layer,
      severity: finding.severity ?? check.severity,
      blame: finding.blame ?? check.blame,
      message: clip(finding.message, 600),
      evidence: clip(finding.evidence, 1200),
      repair: finding.repair ?? null,
    })),
  };
}

// Control characters and marks that reverse the direction of text.
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;

/** Text of bounded length without control characters. */
export function clip(text: string, length: number): string {
  const clean = text.replace(UNPRINTABLE, "\u{FFFD}");
  return clean.length <= length ? clean : `${clean.slice(0, length - 1)}…`;
}

/** True when the records hold nothing that sends the task back. */
export function isAccepted(records: CheckRecord[]): boolean {
  return records.every((record) => record.defects.every((defect) => defect.severity === "minor"));
}
