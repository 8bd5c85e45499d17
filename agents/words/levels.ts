/** Words of ordered answers with their rank; a set of labels is ordered when each has a rank and none twice. */
const RANKS: [RegExp, number][] = [
  [/\b(none|never|not at all|no)\b/i, -4],
  [
    /\b(strongly (disagree|disapprove|oppose|unfavou?rable)|very low|very poor|very bad|very unlikely|very dissatisfied|lowest|worst)\b/i,
    -3,
  ],
  [
    /\b(fairly low|(somewhat|moderately|slightly|leaning|lean|rather) (disagree|disapprove|oppose|no|against|unfavou?rable)|tend to disagree|rather low|moderately low)\b/i,
    -1.5,
  ],
  [
    /\b(disagree|disapprove|oppose|unfavou?rable|unsatisfactory|low|poor|bad|unlikely|dissatisfied|rarely|seldom|small|short|mild|lower|weak)\b/i,
    -2,
  ],
  [
    /\b(medium|average|moderate|fair|neutral|neither|undecided|acceptable|satisfactory|successful|sometimes|middle|mid|ok|normal|intermediate)\b/i,
    0,
  ],
  [
    /\b(fairly high|(somewhat|moderately|slightly|leaning|lean|rather) (agree|approve|support|favou?r|favou?rable|yes|for)|tend to agree|rather high|moderately high)\b/i,
    1.5,
  ],
  [
    /\b(strongly (agree|approve|support|favou?r|favou?rable)|very high|very good|very likely|very satisfied|highest|best|always|excellent|extreme|severe|critical|top|outstanding)\b/i,
    3,
  ],
  [
    /\b(agree|approve|support|favou?r|favou?rable|high|good|likely|satisfied|often|large|long|strong|frequently|upper|big|tall)\b/i,
    2,
  ],
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
  if (/\b(neither|neutral|undecided)\b/i.test(words)) return 0;
  // Longer phrases come first in meaning: "strongly disagree" before "disagree".
  const best = RANKS.filter(([pattern]) => pattern.test(words)).sort(
    (left, right) => strengthOf(right[1]) - strengthOf(left[1]),
  )[0];
  return best === undefined ? null : best[1];
}

/** Halves are longer phrases; they win over the single words in them. */
function strengthOf(rank: number): number {
  return Number.isInteger(rank) ? Math.abs(rank) : 9;
}

/** School grades and credit grades, worst first: F … A; null for other letters. */
export function gradesOf(labels: readonly string[]): string[] | null {
  if (labels.length < 3 || labels.some((label) => !/^[A-G][1-5]?$/.test(label))) return null;
  return [...labels].sort().reverse();
}
