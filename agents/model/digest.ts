import type { Survey, ViewSurvey } from "../../dataset/survey.ts";
import { columnLines } from "./digest-columns.ts";
import { probeLines } from "./digest-probes.ts";
import { clip, printable } from "./prompt.ts";

export interface DigestOptions {
  /** False: names and statistics only; no value, no text of the data or of its documentation. */
  values: boolean;
  /** Only this view; all when not given. */
  view?: string;
  /** Only what predicts these columns; every column when not given. */
  focus?: readonly string[];
}

/** Characters of a digest by part: about a quarter as many tokens. */
const bounds = { documentation: 3_000, columns: 9_000, probes: 2_500, notes: 800 };

/** Views with fewer rows are only named: no hidden test can be cut from them. */
const fewestRows = 80;

/** What a survey says, as compact text for a prompt. It is untrusted: wrap it (see `untrusted`). */
export function digest(survey: Survey, options: DigestOptions): string {
  const named = survey.views.filter((view) => options.view === undefined || view.view.id === options.view);
  const views = named.filter((view) => view.rows >= fewestRows || options.view !== undefined);
  const small = named.filter((view) => !views.includes(view)).map((view) => `${view.view.id} (${view.rows})`);
  // What small views leave of their share goes to the large ones.
  const shares = fairShares(
    views.map((view) => view.columns.length),
    Math.max(
      1,
      views.reduce((sum, view) => sum + view.columns.length, 0),
    ),
  );
  const parts = [
    header(survey, options),
    ...views.map((view, at) => viewDigest(view, options, Math.max(0.1, shares[at] ?? 1))),
    small.length === 0 ? "" : `views with too few rows for a task: ${listed(small, 20)}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header(survey: Survey, { values }: DigestOptions): string {
  const kinds = Object.entries(survey.files.byExtension).map(
    ([extension, count]) => `${count} ${clip(extension, 12) || "without extension"}`,
  );
  const lines = [
    // A title is a text of the documentation; the name is that of the folder or file.
    `dataset: ${clip((values && survey.dataset.title) || survey.dataset.name, 150)}`,
    `files: ${kinds.slice(0, 8).join(", ")}; ${size(survey.files.bytes)}`,
  ];
  if (!values) return [...lines, "values, texts and documentation are withheld"].join("\n");
  if (survey.setAside.length > 0) {
    const aside = survey.setAside.slice(0, 6).map(({ path, why }) => `${clip(path, 60)} (${clip(why, 100)})`);
    lines.push(`set aside: ${aside.join("; ")}`);
  }
  const texts = survey.documentation
    .map(({ path, text }) => ({ path, text: squeezed(text) }))
    .filter(({ text }) => text !== "")
    .slice(0, 3);
  const lengths = fairShares(
    texts.map(({ text }) => text.length),
    bounds.documentation,
  );
  for (const [at, { path, text }] of texts.entries()) {
    const length = Math.max(200, Math.floor((lengths[at] ?? 0) * bounds.documentation));
    lines.push(`documentation ${clip(path, 60)}:\n${excerpt(text, length)}`);
  }
  return lines.join("\n");
}

/** Shares of a whole for several needs: what the modest leave is divided among the others. */
function fairShares(needs: readonly number[], whole: number): number[] {
  const shares = needs.map(() => 0);
  const order = needs.map((need, at) => ({ need, at })).sort((a, b) => a.need - b.need);
  let left = 1;
  for (const [position, { need, at }] of order.entries()) {
    const share = Math.min(need / whole, left / (order.length - position));
    shares[at] = share;
    left -= share;
  }
  return shares;
}

function viewDigest(survey: ViewSurvey, options: DigestOptions, share: number): string {
  const { view } = survey;
  const { values } = options;
  const title = values && survey.title !== view.id ? ` (${clip(survey.title, 100)})` : "";
  const duplicates = survey.duplicates > 0 ? `, ${survey.duplicates} exact duplicates` : "";
  const lines = [`view ${view.id}${title}: ${survey.modality}, ${survey.rows} rows${duplicates}`];
  if (view.joins.length > 0) {
    const joins = view.joins.map((join) => `${join.table} on ${join.leftOn.join("+")} (${join.kind})`);
    lines.push(`joined: ${view.base} with ${clip(joins.join(", "), 400)}`);
  }
  if (view.media !== null)
    lines.push(`media: column ${clip(view.media.column, 60)} names an ${view.media.kind} file`);
  lines.push(
    `columns${survey.columnsClipped ? " (more than are listed)" : ""}: name | type | missing | distinct | values | flags | documented as`,
  );
  lines.push(...columnLines(survey.columns, { values, characters: bounds.columns * share }));
  lines.push(...roleLines(survey, values));
  lines.push(...probeLines(survey.probes, { characters: bounds.probes * share, focus: options.focus }));
  if (values && survey.notes.length > 0)
    lines.push(`notes: ${clip(mergedNotes(survey.notes), bounds.notes)}`);
  return lines.join("\n");
}

/** Notes that say the same of several columns, as one. */
function mergedNotes(notes: readonly string[]): string {
  const about = new Map<string, string[]>();
  for (const note of notes) {
    const at = note.indexOf(": ");
    const said = at > 0 ? note.slice(at + 2) : note;
    about.set(said, [...(about.get(said) ?? []), ...(at > 0 ? [note.slice(0, at)] : [])]);
  }
  return [...about]
    .map(([said, names]) => (names.length === 0 ? said : `${listed(names, 3)}: ${said}`))
    .join("; ");
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
  if (survey.groups.length > 0) {
    const groups = survey.groups
      .slice(0, 8)
      .map(({ column, groups, rows }) => `${clip(column, 60)} (${groups} of ${figure(rows)})`);
    lines.push(`rows come in groups (how many, of how many rows as a rule): ${groups.join(", ")}`);
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

/** Markdown and HTML that costs tokens and says nothing: links' addresses, images, rules, blank lines; short lines are joined. */
function squeezed(text: string): string {
  const plain = printable(text)
    .replace(/<[^<>\n]{1,300}>/g, " ")
    .replace(/!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)/g, "$1");
  const lines: string[] = [];
  for (const raw of plain.split("\n")) {
    const line = raw
      .replace(/([-=*_#~|:.])\1{2,}/g, "$1$1")
      .replace(/[ \t]+/g, " ")
      .trim();
    if (!/[\p{L}\p{N}]/u.test(line)) continue;
    const last = lines.at(-1);
    if (last !== undefined && last.length < 100 && line.length < 40 && !/^[-*#]/.test(line))
      lines[lines.length - 1] = `${last} / ${line}`;
    else lines.push(line);
  }
  return lines.join("\n");
}

/** The start of a text, cut at a line's end. */
function excerpt(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const cut = text.slice(0, characters);
  const end = cut.lastIndexOf("\n");
  const shown = end > characters / 2 ? cut.slice(0, end) : cut;
  return `${shown}\n… (${text.length - shown.length} more characters)`;
}

function listed(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) => clip(name, 60));
  return names.length > most ? `${shown.join(", ")} … (${names.length})` : shown.join(", ");
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
