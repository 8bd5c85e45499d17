import type { Certificate } from "../../task/certificate.ts";
import type { Manifest } from "../../task/manifest.ts";
import type { DatasetOutcome, Summary } from "../summary.ts";
import { certificateSections } from "./certificate.ts";
import { Html, html } from "./html.ts";
import { funnelPlot, number } from "./plots.ts";
import { style } from "./style.ts";
import type { Timeline } from "./timeline.ts";
import { datasetPlot, legend, overviewPlot } from "./timeline-plot.ts";

/** A task as the report shows it; the package may be gone by the time of a later report. */
export interface TaskCard {
  folder: string;
  manifest: Manifest;
  certificate: Certificate;
}

/** The whole page: self-contained, without scripts, nothing loaded from anywhere. */
export function page(summary: Summary, cards: Map<string, TaskCard>, timeline: Timeline): string {
  const { funnel } = summary;
  const title = `mle-smith run ${summary.run}`;
  const body = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Html(style)}</style></head>
<body><main>
<header><p class="eyebrow">mle-smith</p><h1>Run ${summary.run}</h1>
<p class="lead">${funnel.accepted} verified ${funnel.accepted === 1 ? "task" : "tasks"} from ${funnel.datasets} ${funnel.datasets === 1 ? "dataset" : "datasets"} in ${number(summary.seconds)} s${summary.cost > 0 ? html`, $${summary.cost.toFixed(4)}` : ""}.</p></header>
<section><h2>Funnel</h2>${funnelPlot([
    { name: "datasets", count: funnel.datasets },
    { name: "candidates", count: funnel.candidates },
    { name: "attempts", count: funnel.attempts },
    { name: "accepted tasks", count: funnel.accepted },
  ])}${rejections(funnel.rejectionsByCheck)}${seconds("stage", funnel.secondsByStage)}${seconds("check", funnel.secondsByCheck)}</section>
${overview(timeline)}
${summary.datasets.map((dataset) => section(dataset, cards, timeline))}
</main></body></html>
`;
  return body.text;
}

function rejections(counts: Record<string, number>): Html {
  const entries = Object.entries(counts);
  if (entries.length === 0) return html``;
  return html`<h3>Rejected by</h3><table><tbody>${entries.map(([check, count]) => html`<tr><td><code>${check}</code></td><td class="number">${count}</td></tr>`)}</tbody></table>`;
}

/** Rows of these tables at most; stages are fewer. */
const ROWS = 15;

function seconds(what: "stage" | "check", sums: Record<string, number>): Html {
  const rows = Object.entries(sums).slice(0, ROWS);
  if (rows.length === 0) return html``;
  return html`<h3>Seconds by ${what}</h3><table><tbody>${rows.map(([stage, value]) => html`<tr><td>${stage}</td><td class="number">${value.toFixed(1)}</td></tr>`)}</tbody></table>`;
}

function overview(timeline: Timeline): Html {
  if (timeline.datasets.length === 0) return html``;
  return html`<section><h2>Timeline</h2>${legend(timeline)}${overviewPlot(timeline)}</section>`;
}

function section(dataset: DatasetOutcome, cards: Map<string, TaskCard>, timeline: Timeline): Html {
  const own = timeline.datasets.find((other) => other.dataset === dataset.path);
  const candidates = own?.lanes.some(({ candidate }) => candidate !== undefined);
  const reason = dataset.reason ? html`<p class="reason">${dataset.reason}</p>` : html``;
  return html`<section><h2>${dataset.path.split("/").pop() ?? dataset.path}</h2><p class="status ${dataset.status}">${dataset.status.replaceAll("_", " ")}</p>${reason}${own && candidates ? datasetPlot(own) : html``}
${dataset.tasks.map((task) => {
  const card = cards.get(task.id);
  return card
    ? taskCard(card, task.seconds, task.cost)
    : html`<p>${task.title} (${task.id}): the package is not at ${task.path} any more.</p>`;
})}
${dataset.rejected.map((rejected) => html`<article class="rejected"><h3>${rejected.title}</h3><p class="status rejected">rejected</p><ul>${rejected.defects.map((defect) => html`<li><code>${defect.check}</code> (attempt ${defect.attempt}, ${defect.blame}): ${defect.message}<br><span class="evidence">${defect.evidence}</span></li>`)}</ul></article>`)}</section>`;
}

function taskCard({ manifest, certificate, folder }: TaskCard, seconds: number, cost: number): Html {
  const facts: [string, string][] = [
    ["Objective", manifest.objective.replaceAll("_", " ")],
    [
      "Target",
      `${manifest.target.columns.slice(0, 6).join(", ")}${manifest.target.columns.length > 6 ? ` and ${manifest.target.columns.length - 6} more` : ""}`,
    ],
    [
      "Metric",
      `${manifest.metric.title} (${manifest.metric.direction === "maximize" ? "higher" : "lower"} is better)`,
    ],
    [
      "Rows",
      `${manifest.split.sizes.train} train, ${manifest.split.sizes.test} test (${manifest.split.strategy} split)`,
    ],
    ["Licence", manifest.lineage.licence ?? "unknown"],
    ["Made in", `${number(seconds)} s of work${cost > 0 ? `, $${cost.toFixed(4)}` : ""}`],
    ["Package", folder],
  ];
  return html`<article><h3>${manifest.title}</h3><p class="question">${manifest.question}</p>
<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${certificateSections(certificate, manifest, folder)}</article>`;
}
