import { basename } from "node:path";
import { type Html, type HtmlValue, html } from "./html.ts";
import type { Bar, DatasetTimeline, Lane, Timeline } from "./timeline.ts";

/** Stages that have a colour of their own, in the order of the way of the data. */
const stages = ["survey", "brainstorm", "design", "refactor", "assertions", "review", "execution", "publish"];
const width = 700;
const labelled = 40;
const axis = 24;

/** All datasets of a run over time: a row with its name for each where there are few, bands of time where there are many. */
export function overviewPlot(timeline: Timeline): Html {
  const { datasets, length } = timeline;
  if (datasets.length === 0 || length === 0) return html``;
  return datasets.length <= labelled ? rowsPlot(timeline) : bandsPlot(timeline);
}

function rowsPlot({ length, resumed, datasets }: Timeline): Html {
  const row = 22;
  const scale = scaleOf(150, length);
  const height = datasets.length * row + axis;
  const rows = datasets.map((dataset, index) => {
    const y = index * row;
    const name = short(basename(dataset.dataset), 20);
    return html`<g>${titleOf(dataset)}<text x="142" y="${y + 15}" text-anchor="end">${name}</text><line x1="${scale.x(dataset.from)}" x2="${scale.x(dataset.to)}" y1="${y + row / 2}" y2="${y + row / 2}" class="span"/>${barsOf(dataset).map((bar) => rectangle(bar, scale, y + 4, 14))}</g>`;
  });
  return drawing(height, `${datasets.length} datasets over ${duration(length)}`, [
    grid(scale, height),
    rows,
    resumed.map((at) => resumedLine(scale, at, 0, height - axis)),
  ]);
}

/**
 * The whole time cut into bands, one below the other; in each, the datasets that were worked on side by side. Names show when a
 * dataset is pointed at: hundreds of rows would be a thin diagonal.
 */
function bandsPlot({ length, resumed, datasets }: Timeline): Html {
  const { places, count } = lanesOf(datasets);
  const row = count > 8 ? 8 : 14;
  const bands = Math.min(24, Math.max(1, Math.ceil((datasets.length * 30) / (width * count))));
  const bandLength = length / bands;
  const bandHeight = count * row + axis;
  const drawn = Array.from({ length: bands }, (_, band) => {
    const from = band * bandLength;
    const to = from + bandLength;
    const top = band * bandHeight;
    const scale = scaleOf(0, bandLength, from, { from, to });
    const shown = datasets.filter((dataset) => dataset.from < to && dataset.to >= from);
    const rows = shown.map((dataset) => {
      const y = top + (places.get(dataset) ?? 0) * row;
      const bars = barsOf(dataset).filter((bar) => bar.from < to && bar.to >= from);
      const mark = html`<line x1="${scale.x(dataset.from)}" x2="${scale.x(dataset.from)}" y1="${y}" y2="${y + row - 2}" class="begin"/>`;
      return html`<g>${titleOf(dataset)}${bars.map((bar) => rectangle(bar, scale, y, row - 2))}${dataset.from >= from ? mark : html``}</g>`;
    });
    const lines = resumed
      .filter((at) => at >= from && at < to)
      .map((at) => resumedLine(scale, at, top, top + count * row));
    return [grid(scale, top + bandHeight, top), rows, lines];
  });
  return drawing(bands * bandHeight, `${datasets.length} datasets over ${duration(length)}`, drawn);
}

/** Places each dataset into the first row that is free when it begins. */
function lanesOf(datasets: DatasetTimeline[]): { places: Map<DatasetTimeline, number>; count: number } {
  const ends: number[] = [];
  const places = new Map<DatasetTimeline, number>();
  for (const dataset of datasets) {
    const free = ends.findIndex((end) => end <= dataset.from);
    const place = free < 0 ? ends.length : free;
    ends[place] = dataset.to;
    places.set(dataset, place);
  }
  return { places, count: ends.length };
}

function barsOf({ lanes }: DatasetTimeline): Bar[] {
  return lanes.flatMap(({ bars }) => bars).sort((a, b) => a.from - b.from);
}

function titleOf({ dataset, from, to }: DatasetTimeline): Html {
  return html`<title>${basename(dataset)}: ${duration(to - from)}</title>`;
}

function resumedLine(scale: Scale, at: number, top: number, bottom: number): Html {
  return html`<line x1="${scale.x(at)}" x2="${scale.x(at)}" y1="${top}" y2="${bottom}" class="resumed"><title>resumed</title></line>`;
}

function drawing(height: number, text: string, parts: HtmlValue[]): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline: ${text}" class="timeline">${parts}</svg>`;
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
  return drawing(height, `the dataset over ${duration(to - from)}`, [grid(scale, height), rows]);
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

/** @param bounds what lies outside of them is drawn at their edge. */
function scaleOf(left: number, length: number, origin = 0, bounds?: { from: number; to: number }): Scale {
  const right = width - 8;
  const inside = (at: number) => (bounds ? Math.min(bounds.to, Math.max(bounds.from, at)) : at);
  const place = (at: number) => left + ((inside(at) - origin) / length) * (right - left);
  const step = stepOf(length);
  // Lines stand at round times of the whole run where this is a part of it.
  const first = bounds ? Math.ceil(origin / step) * step - origin : 0;
  const count = Math.floor((length - first) / step) + 1;
  const ticks = Array.from({ length: count }, (_, index) => first + index * step).map((offset) => ({
    x: place(origin + offset).toFixed(1),
    text: duration(bounds ? origin + offset : offset),
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

function grid({ ticks }: Scale, bottom: number, top = 0): Html {
  return html`${ticks.map(({ x, text }) => html`<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom - axis + 4}" class="tick"/><text x="${x}" y="${bottom - 8}" text-anchor="${Number(x) < 12 ? "start" : Number(x) > width - 24 ? "end" : "middle"}" class="note">${text}</text>`)}`;
}

function duration(milliseconds: number): string {
  if (milliseconds === 0) return "0";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Number(minutes.toFixed(1))} min` : `${Number((minutes / 60).toFixed(1))} h`;
}

function short(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
