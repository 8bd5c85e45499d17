/** Words of ordered answers with their rank; a set of labels is ordered when each has a rank and none twice. */
const RANKS: [RegExp, number][] = [
  [/\b(none|never|not at all|no)\b/i, -4],
  [/\b(strongly disagree|very low|very poor|very bad|very unlikely|very dissatisfied|lowest|worst)\b/i, -3],
  [/\b(fairly low|somewhat disagree|tend to disagree|rather low|moderately low)\b/i, -1.5],
  [/\b(disagree|low|poor|bad|unlikely|dissatisfied|rarely|seldom|small|short|mild|lower|weak)\b/i, -2],
  [/\b(medium|average|moderate|fair|neutral|neither|sometimes|middle|mid|ok|normal|intermediate)\b/i, 0],
  [/\b(fairly high|somewhat agree|tend to agree|rather high|moderately high)\b/i, 1.5],
  [
    /\b(strongly agree|very high|very good|very likely|very satisfied|highest|best|always|excellent|extreme|severe|critical)\b/i,
    3,
  ],
  [/\b(agree|high|good|likely|satisfied|often|large|long|strong|frequently|upper|big|tall)\b/i, 2],
];

/** The labels in ascending order, or null when their words give none. */
export function orderOf(labels: readonly string[]): string[] | null {
  const ranked = labels.map((label) => ({ label, rank: rankOf(label) }));
  const ranks = ranked.map((entry) => entry.rank);
  if (labels.length < 3 || ranks.some((rank) => rank === null) || new Set(ranks).size !== ranks.length)
    return null;
  return ranked.sort((left, right) => (left.rank ?? 0) - (right.rank ?? 0)).map((entry) => entry.label);
}

function rankOf(label: string): number | null {
  const words = label.replace(/[_.]/g, " ");
  // Longer phrases come first in meaning: "strongly disagree" before "disagree".
  const best = RANKS.filter(([pattern]) => pattern.test(words)).sort(
    (left, right) =>
      Math.abs((right[1] * 10) % 10 === 5 ? 9 : right[1]) - Math.abs((left[1] * 10) % 10 === 5 ? 9 : left[1]),
  )[0];
  return best === undefined ? null : best[1];
}
