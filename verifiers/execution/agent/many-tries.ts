/**
 * Standard errors by which the best of several tries must be better than a level, so that the chance of one lucky try
 * among them stays at 2.5 percent on that side (Bonferroni): 1.96 for one try, 2.73 for eight.
 */
export function errorsForTries(tries: number): number {
  const tail = 0.025 / Math.max(1, tries);
  let [low, high] = [0, 10];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Chance that a standard normal number is above `z` ≥ 0 (Abramowitz and Stegun 26.2.17, error under 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return (
    density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  );
}
