import { type Html, html } from "./html.ts";

/** One step of a ladder: its score with a 95% interval where there is one. */
export interface LadderStep {
  name: string;
  score: number;
  low: number | null;
  high: number | null;
}

/** The ladder as a dot plot: one row a step, the interval as a line, the score as a dot. Width in pixels. */
export function ladderPlot(steps: LadderStep[], metric: string, best: number): Html {
  const width = 560;
  const left = 90;
  const right = width - 80;
  const values = steps
    .flatMap((step) => [step.score, step.low ?? step.score, step.high ?? step.score])
    .filter(Number.isFinite);
  if (values.length === 0) return html``;
  // Perfect is drawn only when it is near: an RMSE of 0 would press all steps into a corner.
  const span = Math.max(...values) - Math.min(...values) || 1;
  const nearBest = [Math.min(...values), Math.max(...values)].some((edge) => Math.abs(edge - best) <= span);
  const all = nearBest ? [...values, best] : values;
  const low = Math.min(...all);
  const high = Math.max(...all);
  const x = (value: number) => left + ((value - low) / (high - low || 1)) * (right - left);
  const height = steps.length * 26 + 34;
  const rows = steps.map((step, index) => {
    const y = 18 + index * 26;
    const interval =
      step.low === null || step.high === null
        ? html``
        : html`<line x1="${x(step.low).toFixed(1)}" x2="${x(step.high).toFixed(1)}" y1="${y}" y2="${y}" class="interval"/>`;
    return html`<text x="${left - 10}" y="${y + 4}" text-anchor="end">${step.name}</text>${interval}<circle cx="${x(step.score).toFixed(1)}" cy="${y}" r="4.5" class="dot"/><text x="${right + 12}" y="${y + 4}" class="number">${number(step.score)}</text>`;
  });
  const perfect = nearBest
    ? html`<line x1="${x(best).toFixed(1)}" x2="${x(best).toFixed(1)}" y1="6" y2="${height - 26}" class="perfect"/><text x="${x(best).toFixed(1)}" y="${height - 12}" text-anchor="middle" class="note">perfect</text>`
    : html``;
  // The metric's name keeps out of the way of the word "perfect".
  const labelLeft = !nearBest || x(best) > (left + right) / 2;
  const labelX = labelLeft ? left : right;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Ladder of reference solvers by ${metric}">${perfect}${rows}<text x="${labelX}" y="${height - 12}" text-anchor="${labelLeft ? "start" : "end"}" class="note">${metric}</text></svg>`;
}

/** The funnel as bars: how many are left after each stage. */
export function funnelPlot(stages: { name: string; count: number }[]): Html {
  const width = 560;
  const most = Math.max(1, ...stages.map((stage) => stage.count));
  const bars = stages.map((stage, index) => {
    const y = index * 34;
    const length = Math.max(2, (stage.count / most) * (width - 260));
    return html`<text x="0" y="${y + 20}">${stage.name}</text><rect x="190" y="${y + 5}" width="${length.toFixed(1)}" height="22" rx="3" class="bar"/><text x="${(198 + length).toFixed(1)}" y="${y + 20}" class="number">${stage.count}</text>`;
  });
  return html`<svg viewBox="0 0 ${width} ${stages.length * 34}" role="img" aria-label="Funnel of candidates">${bars}</svg>`;
}

/** Four significant digits, without exponents for everyday sizes. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}
