/** How long to wait before the next try: doubling from the first to the last, and again from the first after a success. */
export type BackoffLimits = { readonly firstMs: number; readonly lastMs: number };

export const backoffMs = (failures: number, limits: BackoffLimits): number =>
  Math.min(limits.lastMs, limits.firstMs * 2 ** Math.min(failures, 30));
