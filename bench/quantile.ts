/** The sample below which that part of all lie; 0 of none. */
export function quantile(samples: readonly number[], part: number): number {
  return [...samples].sort((a, b) => a - b)[Math.floor((samples.length - 1) * part)] ?? 0
}
