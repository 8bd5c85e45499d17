import { type Defect, personChecks } from "../../verifiers/defect.ts";
import type { EarlierDefect } from "../players.ts";
import { clip } from "./prompt.ts";

/** Defects of one attempt that are shown, and characters of each. */
const most = 10;
const bounds = { message: 300, evidence: 400, earlier: 160, remark: 1000 };

/** Earlier defects for an author: those of the latest attempt in full, those before in one line each, none twice. */
export function defectText(
  history: readonly EarlierDefect[],
  values: boolean,
  names: ReadonlySet<string> = noNames,
): string {
  const latest = Math.max(...history.map(({ attempt }) => attempt));
  const found = history.filter(({ defect }) => defect.check !== personChecks.sentBack);
  const now = found.filter(({ attempt }) => attempt === latest).map(({ defect }) => defect);
  const before = found.filter(
    ({ attempt, defect }) => attempt < latest && !now.some((other) => same(other, defect)),
  );
  const lines = openDefects(now, values, history, names);
  for (const { attempt, defect } of before.slice(-most)) {
    lines.push(
      `- attempt ${attempt}: ${defect.check}: ${clip(masked(defect.message, values, names), bounds.earlier)}`,
    );
  }
  return lines.join("\n");
}

/**
 * What a person asked for who sent designs back, the latest last; empty when nobody did. Whole and with its quotations even
 * where values are kept from models: it is written to be read by one.
 */
export function remarkText(history: readonly EarlierDefect[]): string {
  return history
    .filter(({ defect }) => defect.check === personChecks.sentBack)
    .map(({ attempt, defect }) => `- of attempt ${attempt}: ${clip(defect.message, bounds.remark)}`)
    .join("\n");
}

/**
 * One entry per open defect, the severest first. What earlier attempts of `history` had too is said to be so: it tells
 * an author that the last change did not help, and keeps a repeated request from being answered from the record.
 */
export function openDefects(
  defects: readonly Defect[],
  values: boolean,
  history: readonly EarlierDefect[],
  names: ReadonlySet<string> = noNames,
): string[] {
  const order = { fatal: 0, major: 1, minor: 2 };
  const sorted = [...defects].sort((a, b) => order[a.severity] - order[b.severity]);
  const lines = sorted.slice(0, most).map((defect) => {
    const evidence =
      values && defect.evidence !== "" ? ` Evidence: ${clip(defect.evidence, bounds.evidence)}` : "";
    return `- ${defect.check} (${defect.severity}): ${clip(masked(defect.message, values, names), bounds.message)}${evidence}${repairText(defect)}${repeatText(defect, history)}`;
  });
  if (sorted.length > most) lines.push(`- … and ${sorted.length - most} more`);
  return lines;
}

/** The repair that a check suggests: it names columns, never values. */
function repairText({ repair }: Defect): string {
  if (repair === null) return "";
  const columns = "columns" in repair ? ` ${clip(repair.columns.join(", "), 200)}` : "";
  return ` Suggested: ${repair.kind.replaceAll("_", " ")}${columns}.`;
}

function repeatText(defect: Defect, history: readonly EarlierDefect[]): string {
  const attempts = new Set(
    history.filter((entry) => same(entry.defect, defect)).map(({ attempt }) => attempt),
  );
  return attempts.size > 1
    ? ` Found in attempts ${[...attempts].join(", ")}: what was changed did not mend it.`
    : "";
}

function same(a: Defect, b: Defect): boolean {
  return a.check === b.check && a.message === b.message;
}

const noNames: ReadonlySet<string> = new Set();

/** Without values, quoted texts of a message go too: they may quote the data. What is in `names`, of columns, stays. */
export function masked(text: string, values: boolean, names: ReadonlySet<string> = noNames): string {
  if (values) return text;
  return text.replace(/(["“'`])(.{1,200}?)["”'`]/g, (whole, sign: string, inner: string) =>
    names.has(inner) ? whole : `${sign}…${sign}`,
  );
}
