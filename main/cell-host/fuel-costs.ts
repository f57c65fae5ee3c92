/**
 * What a call of the host costs a cell, in the unit that its own instructions are metered in (about one a simple instruction). Fixed
 * numbers, because fuel must come out the same on every run: a reading of the facts is a query, a write is kept in memory until the
 * decision. Bytes are those of strings and lists that cross the border, in either direction.
 */
export const FUEL_COSTS = {
  byInterface: { accounts: 2_000, state: 2_000, outbox: 1_000 } as Readonly<Record<string, number>>,
  other: 500,
  /** In the class slow: any call from a core module into JavaScript, that is jco's text with the host or WASI behind it. */
  crossing: 2_000,
  perByte: 2,
} as const;
