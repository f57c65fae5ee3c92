/** A sum that may leave 64 bits, as the two integers of a row: value = high x 2^64 + low, low a signed 64-bit integer. */
export type Wide = { readonly low: bigint; readonly high: bigint };

export const toWide = (value: bigint): Wide => {
  const high = (value + (1n << 63n)) >> 64n;
  return { low: value - (high << 64n), high };
};
export const fromWide = (low: bigint, high: bigint): bigint => (high === 0n ? low : (high << 64n) + low);
