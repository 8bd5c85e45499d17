import type { Certificate } from "../../task/certificate.ts";
import type { Manifest } from "../../task/manifest.ts";
import { type Html, html } from "./html.ts";
import { ladderPlot, number } from "./plots.ts";

type Check = Certificate["checks"][number];

/** A certificate as a person reads it: what was scored, who judged, what was measured, how to do it again. */
export function certificateSections(certificate: Certificate, manifest: Manifest, folder: string): Html {
  return html`${ladder(certificate, manifest)}${agent(certificate, manifest)}${rubric(certificate)}${checks(certificate)}${again(certificate, folder)}`;
}

function ladder({ ladder: steps }: Certificate, { metric }: Manifest): Html {
  const plot = ladderPlot(
    steps.map(({ name, score, interval }) => ({
      name,
      score,
      low: interval?.[0] ?? null,
      high: interval?.[1] ?? null,
    })),
    metric.title,
    metric.best,
  );
  const rows = steps
    .filter(({ name }) => name !== "agent")
    .map(
      ({ name, method, score, interval }) =>
        html`<tr><td>${name}</td><td>${method}</td><td class="number">${number(score)}</td><td class="number">${interval === null ? "" : html`${number(interval[0])} to ${number(interval[1])}`}</td></tr>`,
    );
  return html`<h4>Ladder</h4>${plot}
<table><thead><tr><th>step</th><th>method</th><th class="number">${metric.title}</th><th class="number">95% interval</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** How a coding agent played; why none did, where the certificate says it. */
function agent({ agent: play, checks: all }: Certificate, { metric }: Manifest): Html {
  if (play === null || play === undefined) {
    const reason = all.find(({ check }) => check === "solver-agent-trivial")?.measured.reason;
    return typeof reason === "string" ? html`<h4>Coding agent</h4><p class="reason">${reason}</p>` : html``;
  }
  const rows = play.steps.map(
    ({ action, status, score, note }, place) =>
      html`<tr><td class="number">${place + 1}</td><td><code>${action}</code></td><td class="status ${status === "SUCCESS" ? "accepted" : "rejected"}">${status.toLowerCase()}</td><td class="number">${score === null ? "" : number(score)}</td><td class="evidence">${note === "scored" ? "" : note}</td></tr>`,
  );
  return html`<h4>Coding agent</h4><p>${play.agent} took ${play.steps.length} of ${play.budget} actions.${play.approach === "" ? "" : html` In its words: <q>${play.approach}</q>`}</p>
<table><thead><tr><th></th><th>action</th><th></th><th class="number">${metric.title}</th><th></th></tr></thead><tbody>${rows}</tbody></table>`;
}

function rubric({ review }: Certificate): Html {
  if (review === null) return html``;
  const rows = review.scores.map(
    ({ item, score, reason }) =>
      html`<tr><td>${item.replaceAll("_", " ")}</td><td class="number">${score ?? "–"}</td><td class="evidence">${reason}</td></tr>`,
  );
  return html`<h4>Review by ${review.reviewer}</h4><table><thead><tr><th>item</th><th class="number">of 5</th><th>reason</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function checks({ checks: all }: Certificate): Html {
  const count = (verdict: Check["verdict"]) => all.filter((check) => check.verdict === verdict).length;
  const counts = [
    `${count("pass")} passed`,
    `${count("not_applicable")} not applicable`,
    ...(count("defect") > 0 ? [`${count("defect")} with remarks`] : []),
  ];
  const remarks = all.flatMap(({ check, remarks: found }) =>
    found.map(
      ({ severity, message, evidence }) =>
        html`<li><code>${check}</code> (${severity}): ${message}<br><span class="evidence">${evidence}</span></li>`,
    ),
  );
  const layers = (["assertions", "review", "execution"] as const).map(
    (layer) =>
      html`<tr><th colspan="2" class="layer">${layer}</th></tr>${all.filter((check) => check.layer === layer).map(row)}`,
  );
  return html`<h4>Checks</h4><p>${all.length} checks: ${counts.join(", ")}.</p>${remarks.length === 0 ? "" : html`<ul>${remarks}</ul>`}
<details><summary>What each measured</summary><table class="checks"><tbody>${layers}</tbody></table></details>`;
}

/** One check: its name and verdict, what it measured, the threshold, and how to repeat it. */
function row({ check, verdict, measured, threshold, repeat }: Check): Html {
  return html`<tr><td><code>${check}</code><br><span class="status ${verdict}">${verdict.replaceAll("_", " ")}</span></td><td class="evidence"><div>${facts(measured)}</div>${threshold === undefined ? "" : html`<div class="threshold">Threshold: ${threshold}</div>`}${repeat === undefined || repeat === "verify" ? "" : html`<div class="threshold">${repeat === "none" ? "A reader's judgement, not repeated" : html`Repeated by <code>${repeat}</code>`}</div>`}</td></tr>`;
}

/** Names and values of what was measured, without the signs of JSON. */
function facts(measured: Check["measured"]): string {
  return Object.entries(measured)
    .map(([name, value]) => `${name}: ${fact(value)}`)
    .join("; ");
}

function fact(value: unknown): string {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(fact).join(", ");
  return `(${Object.entries(value)
    .map(([name, inner]) => `${name} ${fact(inner)}`)
    .join(", ")})`;
}

/** How to measure all of it again, and with which versions it was. */
function again({ versions, personalData }: Certificate, folder: string): Html {
  const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return html`<h4>Again</h4><p><code>mle-smith verify ${folder}</code> measures all but the review again and says what differs; <code>--raw</code> with the dataset repeats the preparation, and <code>--model</code> lets a coding agent solve the task.</p>
<p class="evidence">Measured with ${known.join(", ")}.${personalData.length === 0 ? "" : ` Personal data: ${personalData.join("; ")}.`}</p>`;
}
