import { z } from "zod";
import type { CheckRecord } from "../../verifiers/defect.ts";
import { converse } from "../model/conversation.ts";
import type { ModelPlayer } from "../model/player.ts";
import { clip, loadPrompt, printable, untrusted } from "../model/prompt.ts";
import type { GiveUp, ReviewInput } from "../players.ts";
import { Review } from "../roles.ts";
import { LOWEST_MEAN, scoresFail } from "./judge.ts";
import { quotationsOf } from "./quotes.ts";
import { parseManifest, review as reviewByRules } from "./rules.ts";

export const prompt = loadPrompt(new URL("./prompt.md", import.meta.url));

const items = Review.shape.scores.element.shape.item.options;
type Item = (typeof items)[number];

const Score = z.strictObject({ score: z.int().min(0).max(5).nullable(), reason: z.string() });
const scoreFields = Object.fromEntries(items.map((item) => [item, Score])) as Record<Item, typeof Score>;

/** One entry per item, so that none is missing and none twice. */
const Answer = z.strictObject({
  scores: z.strictObject(scoreFields),
  objections: Review.shape.objections,
});

/** Characters that a model's quotation must have. */
const LEAST_QUOTE = 6;

/** Characters of each part of what the Reviewer sees. */
const bounds = { description: 7_000, code: 4_000, samples: 1_500, measured: 4_000, one: 220 };

/** Asks a model to judge a package. Objections without a quotation that is really there are dropped. */
export async function review(player: ModelPlayer, input: ReviewInput): Promise<Review | GiveUp> {
  const shown = player.values ? packageText(input) : withoutValues(input);
  const measured = measurements(input.records, player.values);
  const siblings = input.siblings.map((title) => `- ${clip(title, 200)}`);
  const result = await converse({
    client: player.client,
    role: "reviewer",
    system: prompt.render({}),
    user: [
      untrusted("package", shown),
      untrusted("measured by checks", measured),
      siblings.length > 0
        ? `Other tasks of this dataset:\n${untrusted("titles", siblings.join("\n"))}`
        : "It is the only task of this dataset.",
    ].join("\n\n"),
    answer: { name: "review", schema: Answer },
    check: (answer) => ({ ok: true, value: answer }),
    signal: player.signal,
    onCall: player.onCall,
  });
  if (!result.ok) return { giveUp: result.reason };
  const { scores, objections } = result.value;
  return keepProven({ scores: items.map((item) => ({ item, ...scores[item] })), objections }, input, [
    shown,
    measured,
    ...Object.values(input.files),
  ]);
}

/**
 * The review without objections whose quotation is not in what the Reviewer was shown. Scores that send a task back need
 * one objection that is proven; without any, what rules measured takes the place of each score that does not pass.
 */
function keepProven(review: Review, input: ReviewInput, texts: readonly string[]): Review {
  const isQuoted = quotationsOf(texts, LEAST_QUOTE);
  const objections = review.objections.filter(({ quote }) => isQuoted(quote));
  const isUnproven = objections.length === 0 && scoresFail(review.scores);
  const low = review.scores.filter(({ score }) => isUnproven && score !== null && score < LOWEST_MEAN);
  const discarded = { objections: review.objections.length - objections.length, scores: low.length };
  if (low.length === 0) return { ...review, objections, discarded };
  const { design, records, siblings } = input;
  const byRules = reviewByRules({
    manifest: parseManifest(input.files["task.json"]),
    design,
    records,
    siblings,
  });
  const measured = new Map(byRules.scores.map((entry) => [entry.item, entry]));
  const scores = review.scores.map((entry) => {
    const other = low.includes(entry) ? measured.get(entry.item) : undefined;
    return other === undefined
      ? entry
      : { ...other, reason: `${other.reason} (scored ${entry.score} of 5 without evidence)` };
  });
  return { scores, objections, discarded };
}

function packageText({ files, samples, design }: ReviewInput): string {
  const parts = [
    `--- description.md\n${printable(files["description.md"] ?? "").slice(0, bounds.description)}`,
  ];
  if (design.kind === "code") {
    for (const name of ["prepare.py", "metric.py"])
      parts.push(`--- ${name}\n${printable(files[name] ?? "").slice(0, bounds.code)}`);
  }
  parts.push(facts(files["task.json"]), withheld(design));
  // Compiled tables of answers and samples hold what the description shows; those of free code may not.
  const shown = Object.entries(samples).filter(([path]) => design.kind === "code" || /^public\/t/.test(path));
  const each = Math.floor(bounds.samples / Math.max(1, shown.length));
  for (const [path, text] of shown)
    parts.push(`--- first lines of ${clip(path, 80)}\n${wholeLines(printable(text), each)}`);
  return parts.filter((part) => part !== "").join("\n\n");
}

/** As many lines as fit; the first is cut when it alone does not. */
function wholeLines(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const end = text.lastIndexOf("\n", characters);
  return end > 0 ? text.slice(0, end) : text.slice(0, characters);
}

function features(design: ReviewInput["design"]): string {
  if (design.kind === "code") return "";
  return `features: ${listed(design.specification.features.map(({ column }) => column))}`;
}

/** Columns that solvers do not get: a Reviewer judges the features by what is missing among them, too. */
function withheld(design: ReviewInput["design"]): string {
  if (design.kind === "code" || design.specification.dropped.length === 0) return "";
  return `withheld: ${listed(design.specification.dropped.map(({ column }) => column))}`;
}

function listed(columns: readonly string[]): string {
  const names = columns.slice(0, 30).map((column) => clip(column, 60));
  return `${names.join(", ")}${columns.length > 30 ? ` … (${columns.length})` : ""}`;
}

/** What says no value of the data: names, kinds, sizes. The Reviewer then scores what it cannot see as null. */
function withoutValues({ files, design }: ReviewInput): string {
  const about = design.kind === "specification" ? design.specification : design.code;
  return [
    `title: ${clip(about.title, 150)}`,
    `question: ${clip(about.question, 400)}`,
    facts(files["task.json"], false),
    features(design),
    withheld(design),
    "The description and samples are withheld, as they quote the data.",
  ]
    .filter((line) => line !== "")
    .join("\n");
}

const ManifestFacts = z.object({
  objective: z.string(),
  target: z.object({
    columns: z.array(z.string()),
    kind: z.string(),
    labels: z.array(z.string()).nullable(),
  }),
  metric: z.object({
    name: z.string(),
    direction: z.string(),
    parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  split: z.object({
    strategy: z.string(),
    sizes: z.object({ train: z.number(), test: z.number() }),
    groups: z.array(z.string()),
    time: z.string().nullable(),
  }),
});

function facts(manifest: string | undefined, values = true): string {
  if (manifest === undefined) return "";
  const parsed = ManifestFacts.safeParse(JSON.parse(manifest));
  if (!parsed.success) return "";
  const { target, ...rest } = parsed.data;
  const columns = target.columns.length > 12 ? `${target.columns.length} columns` : target.columns;
  const labels = values && target.labels !== null ? { labels: target.labels.slice(0, 20) } : {};
  return `--- declared\n${JSON.stringify({ ...rest, target: { kind: target.kind, columns, ...labels } })}`;
}

/** Checks of form: that they passed is all there is to know of them. */
const form = /^(answers|columns|description|ids|manifest|metric|package|prepare|source|table)-(?!won)/;

/** One line per check that measured something of substance; without values only numbers are kept. */
function measurements(records: readonly CheckRecord[], values: boolean): string {
  const passed = records.filter(({ check, verdict }) => verdict === "pass" && form.test(check));
  const lines =
    passed.length === 0
      ? []
      : [`${passed.length} checks of files, formats, interfaces and the metric's code: pass`];
  let left = bounds.measured;
  for (const { check, verdict, measured, defects } of records) {
    if (verdict === "not_applicable" || (verdict === "pass" && form.test(check))) continue;
    const kept = values
      ? measured
      : Object.fromEntries(Object.entries(measured).filter(([, value]) => typeof value === "number"));
    const found = defects.map(({ severity, message }) => `${severity}: ${values ? message : ""}`).join("; ");
    const detail = Object.keys(kept).length === 0 ? "" : ` ${JSON.stringify(kept)}`;
    const line = clip(`${check}: ${verdict}${found === "" ? "" : ` (${found})`}${detail}`, bounds.one);
    left -= line.length + 1;
    if (left < 0) {
      lines.push("…");
      break;
    }
    lines.push(line);
  }
  return lines.join("\n");
}
