/** The value that `share` of all do not exceed, by nearest rank; NaN where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const middle = (values: readonly number[]): number => quantile(values, 0.5);

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

export interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export function spread(values: readonly number[]): Spread {
  const at = (share: number) => rounded(quantile(values, share));
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** By how much `values` grow from one to the next: the slope of the straight line that fits them best (least squares). */
export function slope(values: readonly number[]): number {
  const centre = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const along = values.reduce((sum, value, index) => sum + (index - centre) * (value - mean), 0);
  const around = values.reduce((sum, _, index) => sum + (index - centre) ** 2, 0);
  return around === 0 ? 0 : along / around;
}
