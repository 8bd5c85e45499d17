import { basename } from "node:path";
import { type Html, html } from "./html.ts";
import type { Bar, DatasetTimeline, Lane, Timeline } from "./timeline.ts";

/** Stages that have a colour of their own, in the order of the way of the data. */
const stages = ["survey", "brainstorm", "design", "refactor", "assertions", "review", "execution", "publish"];
const width = 700;
const labelled = 40;
const axis = 24;

/**
 * All datasets of a run over time, one row each: with its name where there are few, thin rows where there are many, whose names
 * show when they are pointed at.
 */
export function overviewPlot({ length, resumed, datasets }: Timeline): Html {
  if (datasets.length === 0 || length === 0) return html``;
  const few = datasets.length <= labelled;
  const row = few ? 22 : Math.max(3, Math.min(10, Math.floor(1600 / datasets.length)));
  const scale = scaleOf(few ? 150 : 0, length);
  const height = datasets.length * row + axis;
  const rows = datasets.map((dataset, index) => {
    const y = index * row;
    const bars = dataset.lanes.flatMap(({ bars }) => bars).sort((a, b) => a.from - b.from);
    const name = basename(dataset.dataset);
    const label = few
      ? html`<text x="142" y="${y + 15}" text-anchor="end">${short(name, 20)}</text>`
      : html``;
    const room = few ? 4 : 0;
    return html`<g><title>${name}: ${duration(dataset.to - dataset.from)}</title>${label}<line x1="${scale.x(dataset.from)}" x2="${scale.x(dataset.to)}" y1="${y + row / 2}" y2="${y + row / 2}" class="span"/>${bars.map((bar) => rectangle(bar, scale, y + room, Math.max(2, row - room * 2 - (few ? 0 : 1))))}</g>`;
  });
  const breaks = resumed.map(
    (at) =>
      html`<line x1="${scale.x(at)}" x2="${scale.x(at)}" y1="0" y2="${height - axis}" class="resumed"><title>resumed</title></line>`,
  );
  const text = `${datasets.length} datasets over ${duration(length)}`;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline: ${text}" class="timeline">${grid(scale, height)}${rows}${breaks}</svg>`;
}

/** One dataset: a row for itself, one for each candidate, and below it the calls of models. */
export function datasetPlot({ from, to, lanes }: DatasetTimeline): Html {
  if (to <= from) return html``;
  const scale = scaleOf(210, to - from, from);
  const heights = lanes.map((lane) => (lane.calls.length > 0 ? 30 : 22));
  const height = heights.reduce((sum, one) => sum + one, 0) + axis;
  let y = 0;
  const rows = lanes.map((lane, index) => {
    const top = y;
    y += heights[index] ?? 0;
    return laneRow(lane, scale, top);
  });
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline of the dataset over ${duration(to - from)}" class="timeline">${grid(scale, height)}${rows}</svg>`;
}

/** What the colours mean. */
export function legend(timeline: Timeline): Html {
  const lanes = timeline.datasets.flatMap((dataset) => dataset.lanes);
  const met = new Set(lanes.flatMap(({ bars }) => bars.map(({ stage }) => stage)));
  const shown = [
    ...stages.filter((stage) => met.has(stage)),
    ...[...met].filter((stage) => !stages.includes(stage)),
  ];
  const calls = lanes.some((lane) => lane.calls.length > 0)
    ? html`<li><i class="call"></i>model call</li>`
    : html``;
  const failed = lanes.some(({ bars }) => bars.some((bar) => bar.failed))
    ? html`<li><i class="failed"></i>failed or cut off</li>`
    : html``;
  return html`<ul class="legend">${shown.map((stage) => html`<li><i class="${classOf(stage)}"></i>${stage}</li>`)}${calls}${failed}</ul>`;
}

function laneRow({ candidate, bars, calls }: Lane, scale: Scale, y: number): Html {
  const name = candidate ?? "dataset";
  return html`<g><text x="202" y="${y + 15}" text-anchor="end"><title>${name}</title>${short(name, 28)}</text>${bars.map((bar) => rectangle(bar, scale, y + 4, 14))}${calls.map(
    (call) =>
      html`<rect x="${scale.x(call.from)}" y="${y + 20}" width="${scale.width(call.from, call.to)}" height="6" rx="1" class="call${call.failed ? " failed" : ""}"><title>${call.role}: model call, ${duration(call.to - call.from)}${call.failed ? ", failed" : ""}</title></rect>`,
  )}</g>`;
}

function rectangle(bar: Bar, scale: Scale, y: number, height: number): Html {
  const attempt = bar.attempt === undefined ? "" : `, attempt ${bar.attempt}`;
  return html`<rect x="${scale.x(bar.from)}" y="${y}" width="${scale.width(bar.from, bar.to)}" height="${height}" class="${classOf(bar.stage)}${bar.failed ? " failed" : ""}"><title>${bar.stage}${attempt}: ${duration(bar.to - bar.from)}${bar.failed ? ", failed or cut off" : ""}</title></rect>`;
}

function classOf(stage: string): string {
  return stages.includes(stage) ? `stage-${stage}` : "stage-other";
}

interface Scale {
  x(at: number): string;
  width(from: number, to: number): string;
  /** Times that have a line, and what it says. */
  ticks: { x: string; text: string }[];
}

function scaleOf(left: number, length: number, origin = 0): Scale {
  const right = width - 8;
  const place = (at: number) => left + ((at - origin) / length) * (right - left);
  const step = stepOf(length);
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => ({
    x: place(origin + index * step).toFixed(1),
    text: index === 0 ? "0" : duration(index * step),
  }));
  return {
    x: (at) => place(at).toFixed(1),
    // What is too short to be seen is still there.
    width: (from, to) => Math.max(1, place(to) - place(from)).toFixed(1),
    ticks,
  };
}

/** Milliseconds between two lines: about six of them, at round times. */
function stepOf(length: number): number {
  const round = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5,
    72e5,
  ];
  return round.find((step) => length / step <= 7) ?? 36e5 * Math.ceil(length / 36e5 / 6);
}

function grid({ ticks }: Scale, height: number): Html {
  return html`${ticks.map(({ x, text }, index) => html`<line x1="${x}" x2="${x}" y1="0" y2="${height - axis + 4}" class="tick"/><text x="${x}" y="${height - 6}" text-anchor="${index === 0 ? "start" : "middle"}" class="note">${text}</text>`)}`;
}

function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Number(minutes.toFixed(1))} min` : `${Number((minutes / 60).toFixed(1))} h`;
}

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
