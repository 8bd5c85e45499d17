import type { Survey, ViewSurvey } from "../../dataset/survey.ts";
import { columnLines } from "./digest-columns.ts";
import { clip, printable } from "./prompt.ts";

export interface DigestOptions {
  /** False: names and statistics only; no value, no text of the data or of its documentation. */
  values: boolean;
  /** Only this view; all when not given. */
  view?: string;
}

/** Characters of a digest by part: about a quarter as many tokens. */
const bounds = { documentation: 3_000, columns: 8_000, probes: 2_500, notes: 800 };

/** What a survey says, as compact text for a prompt. It is untrusted: wrap it (see `untrusted`). */
export function digest(survey: Survey, options: DigestOptions): string {
  const views = survey.views.filter((view) => options.view === undefined || view.view.id === options.view);
  const share = Math.max(1, views.length);
  const parts = [header(survey, options), ...views.map((view) => viewDigest(view, options, share))];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header(survey: Survey, { values }: DigestOptions): string {
  const kinds = Object.entries(survey.files.byExtension).map(
    ([extension, count]) => `${count} ${clip(extension, 12)}`,
  );
  const lines = [
    `dataset: ${clip(survey.dataset.title || survey.dataset.name, 150)}`,
    `files: ${kinds.slice(0, 8).join(", ")}; ${size(survey.files.bytes)}`,
  ];
  if (values && survey.setAside.length > 0) {
    const aside = survey.setAside.slice(0, 6).map(({ path, why }) => `${clip(path, 60)} (${clip(why, 100)})`);
    lines.push(`set aside: ${aside.join("; ")}`);
  }
  if (values) {
    const texts = survey.documentation.filter(({ text }) => text.trim() !== "");
    const each = Math.floor(bounds.documentation / Math.max(1, Math.min(3, texts.length)));
    for (const { path, text } of texts.slice(0, 3))
      lines.push(`documentation ${clip(path, 60)}:\n${excerpt(text, each)}`);
  }
  return lines.join("\n");
}

function viewDigest(survey: ViewSurvey, options: DigestOptions, share: number): string {
  const { view } = survey;
  const { values } = options;
  const lines = [`view ${view.id} (${clip(survey.title, 100)}): ${survey.modality}, ${survey.rows} rows`];
  if (survey.duplicates > 0) lines[0] += `, ${survey.duplicates} exact duplicates`;
  if (view.joins.length > 0) {
    const joins = view.joins.map((join) => `${join.table} on ${join.leftOn.join("+")} (${join.kind})`);
    lines.push(`joined: ${view.base} with ${clip(joins.join(", "), 400)}`);
  }
  if (view.media !== null)
    lines.push(`media: column ${clip(view.media.column, 60)} names an ${view.media.kind} file`);
  lines.push(
    `columns${survey.columnsClipped ? " (more than are listed)" : ""}: name | type | missing | distinct | values | flags | documented as`,
  );
  lines.push(...columnLines(survey.columns, { values, characters: bounds.columns / share }));
  lines.push(...roleLines(survey, values));
  lines.push(...probeLines(survey, bounds.probes / share));
  if (values && survey.notes.length > 0)
    lines.push(`notes: ${clip(survey.notes.join("; "), bounds.notes / share)}`);
  return lines.join("\n");
}

function roleLines(survey: ViewSurvey, values: boolean): string[] {
  const lines: string[] = [];
  for (const axis of survey.time.slice(0, 4)) {
    const span = values ? `, ${clip(axis.from, 30)} to ${clip(axis.to, 30)}` : "";
    const series = axis.series.length > 0 ? `, one series per ${clip(axis.series.join("+"), 100)}` : "";
    lines.push(
      `time: ${clip(axis.column, 60)}, step ${axis.step}${axis.regular ? "" : " (irregular)"}, ${axis.points} points${span}${series}`,
    );
  }
  for (const group of survey.groups.slice(0, 6)) {
    lines.push(
      `group: ${group.groups} of ${clip(group.column, 60)}, ${figure(group.rows)} rows each (${clip(group.why, 100)})`,
    );
  }
  if (survey.published !== null) {
    const { column, train, test } = survey.published;
    const parts = values ? `: train ${listed(train, 4)}; test ${listed(test, 4)}` : "";
    lines.push(`published split: ${clip(column, 60)}${parts}`);
  }
  const { labels, multilabel, ...named } = survey.roles;
  if (labels.length > 0) lines.push(`labels by layout: ${listed(labels, 6)}`);
  if (multilabel.length > 0)
    lines.push(`one multi-label target (${multilabel.length}): ${listed(multilabel, 20)}`);
  const roles = Object.entries(named).flatMap(([role, column]) =>
    column === null ? [] : [`${role} ${clip(column, 60)}`],
  );
  if (roles.length > 0) lines.push(`roles: ${roles.join(", ")}`);
  return lines;
}

/** Probes, the most predictable first; those in which nothing was found are only named. */
function probeLines(survey: ViewSurvey, characters: number): string[] {
  const sorted = [...survey.probes].sort((a, b) => b.gain - a.gain);
  const found = sorted.filter(
    (probe) => probe.gain >= 0.05 || probe.determinedBy.length > 0 || probe.copies.length > 0,
  );
  const nothing = sorted.filter((probe) => !found.includes(probe)).map((probe) => probe.column);
  if (sorted.length === 0) return [];
  const lines = [
    "predictable from the other columns (gain over a constant, 1 = perfect; best single features):",
  ];
  let left = characters;
  let dropped = 0;
  for (const probe of found) {
    const singles = probe.singles.filter(({ gain }) => gain >= 0.05).slice(0, 3);
    const parts = [`${clip(probe.column, 60)} ${fixed(probe.gain)}`];
    if (singles.length > 0)
      parts.push(singles.map(({ column, gain }) => `${clip(column, 40)} ${fixed(gain)}`).join(", "));
    if (probe.copies.length > 0) parts.push(`copies: ${listed(probe.copies, 5)}`);
    if (probe.determinedBy.length > 0)
      parts.push(
        `determined by: ${listed(
          probe.determinedBy.map((by) => by.join("+")),
          4,
        )}`,
      );
    if (probe.orderGain >= 0.2) parts.push(`row order ${fixed(probe.orderGain)}`);
    const line = parts.join(" | ");
    left -= line.length + 1;
    if (left < 0) dropped += 1;
    else lines.push(line);
  }
  if (dropped > 0) lines.push(`… and ${dropped} less predictable ones`);
  if (nothing.length > 0) lines.push(`not predictable: ${listed(nothing, 30)}`);
  return lines;
}

/** The start of a document with blank runs and rules of signs squeezed out, cut at a line's end. */
function excerpt(text: string, characters: number): string {
  const lines = printable(text)
    .split("\n")
    .map((line) =>
      line
        .replace(/[ \t]+/g, " ")
        .replace(/([-=*_#~])\1{3,}/g, "$1$1$1")
        .trim(),
    )
    .filter((line, at, all) => line !== "" || all[at - 1] !== "");
  const joined = lines.join("\n").trim();
  if (joined.length <= characters) return joined;
  const cut = joined.slice(0, characters);
  const end = cut.lastIndexOf("\n");
  return `${end > characters / 2 ? cut.slice(0, end) : cut}\n… (${joined.length - characters} more characters)`;
}

function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) => clip(name, 60));
  return names.length > most ? `${shown.join(", ")} … (${names.length})` : shown.join(", ");
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
