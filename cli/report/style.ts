/** The page's only style sheet; light and dark by the reader's preference. */
export const style = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5d6878;--line:#dde2ea;--paper:#fff;--card:#f7f9fc;--accent:#2f6fde;--good:#1a7f4b;--bad:#b3372c;--warn:#8a6100}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b8;--line:#313a48;--paper:#12161d;--card:#1a2029;--accent:#7aa7ff;--good:#5cc98f;--bad:#ff8b80;--warn:#e0b64f}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:46rem;margin:0 auto;padding:3rem 1.25rem 6rem}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0}h2{margin:2.6rem 0 .4rem;font-size:1.35rem;overflow-wrap:anywhere}h3{margin:1.1rem 0 .4rem;font-size:1.08rem;overflow-wrap:anywhere}h4{margin:1rem 0 .2rem;font-size:.95rem;color:var(--soft)}
.eyebrow{color:var(--accent);font-weight:600;margin:0}.lead{font-size:1.1rem;color:var(--soft)}
article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.4rem 1.25rem 1.1rem;margin:1.1rem 0}
dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.15rem .9rem;margin:.6rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.status{display:inline-block;font-size:.82rem;font-weight:600;margin:0;color:var(--warn)}.status.accepted{color:var(--good)}.status.rejected,.status.failed{color:var(--bad)}
.reason,.evidence{color:var(--soft);overflow-wrap:anywhere}.evidence{font-size:.85rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.4rem 0}td,th{border-bottom:1px solid var(--line);padding:.3rem .4rem;text-align:left;vertical-align:top}td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.status.pass,td.status.accepted{color:var(--good)}.status.not_applicable{color:var(--soft);font-weight:400}.status.defect{color:var(--warn)}td.status{display:table-cell}
.checks{table-layout:fixed}.checks td:first-child,.checks th{width:15rem}.checks code{overflow-wrap:anywhere}.layer{padding-top:1rem;color:var(--soft)}.threshold{color:var(--soft);opacity:.85;margin-top:.15rem}
details summary{cursor:pointer;color:var(--accent);margin-top:.7rem}code{font:.86em ui-monospace,Menlo,Consolas,monospace}
svg{width:100%;height:auto;font:13px system-ui,sans-serif;fill:var(--ink)}svg .interval{stroke:var(--accent);stroke-width:3;opacity:.45;stroke-linecap:round}svg .dot,svg .bar{fill:var(--accent)}svg .perfect{stroke:var(--good);stroke-dasharray:4 3}svg .note{fill:var(--soft);font-size:12px}svg .number{font-variant-numeric:tabular-nums}
.timeline{font-size:12px}.timeline .tick{stroke:var(--line)}.timeline .span{stroke:var(--line);stroke-width:2}.timeline .begin{stroke:var(--paper);stroke-width:2}.timeline .resumed{stroke:var(--bad);stroke-dasharray:3 3}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.5rem 0;font-size:.85rem;color:var(--soft)}.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.4em;vertical-align:-.05em}
.stage-survey{fill:#5b8def;background:#5b8def}.stage-brainstorm{fill:#9b6bdf;background:#9b6bdf}.stage-design{fill:#d06fb0;background:#d06fb0}.stage-refactor{fill:#e08a4c;background:#e08a4c}.stage-assertions{fill:#cfae2f;background:#cfae2f}.stage-review{fill:#7fae3f;background:#7fae3f}.stage-execution{fill:#2fa58b;background:#2fa58b}.stage-publish{fill:#1f7a4d;background:#1f7a4d}.stage-other,.call{fill:#8b95a5;background:#8b95a5}
.timeline rect.failed{stroke:var(--bad);stroke-width:1.5}.legend .failed{background:none;box-shadow:inset 0 0 0 2px var(--bad)}
`;
