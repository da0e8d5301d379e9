/** The result of the Mann–Whitney test for two samples. */
export interface RankTest {
  /** The share of pairs in which the second sample's value is larger (ties count half). 0.5: no difference. */
  larger: number;
  /** Two-sided probability of ranks as uneven as these, or more, if the samples do not differ. */
  p: number;
}

/**
 * Mann–Whitney's U of two samples, by the normal approximation with ties: valid from some 20 values each. Times are
 * skewed and have outliers, which do not affect ranks.
 */
export function rankTest(first: number[], second: number[]): RankTest {
  const all = [...first.map(value => ({ value, of: 1 })), ...second.map(value => ({ value, of: 2 }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    // Equal values share the mean of their ranks.
    const rank = (start + 1 + end) / 2;
    rankSum += rank * all.slice(start, end).filter(({ of }) => of === 2).length;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const [n, m] = [first.length, second.length];
  const total = n + m;
  const u = rankSum - (m * (m + 1)) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const z = deviation === 0 ? 0 : (u - (n * m) / 2) / deviation;
  return { larger: u / (n * m), p: 2 * upperTail(Math.abs(z)) };
}

/** P(Z > z) of the standard normal distribution, for z ≥ 0: Abramowitz and Stegun 26.2.17, error below 1e-7. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
