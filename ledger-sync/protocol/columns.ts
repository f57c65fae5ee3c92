/**
 * The columns of a payload (SPEC B6-B9). A number only chooses the statistics that the range coder keeps for a column; it is never sent.
 * Changing one changes the bytes, so it takes a new wire version.
 */
export const NUMBER = {
  count: 0,
  textLength: 1,
  memberDelta: 2,
  time: 3,
  counter: 4,
  refersTo: 5,
  memoGap: 6,
  extreme: 7,
  sharedPrefix: 8,
  firstMember: 9,
  /** + trailing zeros (0-7): the mantissa of an entry's amount. */
  amount: 10,
  /** + trailing zeros (0-7): the mantissa of a posting's own amount. */
  posting: 18,
  firstTime: 26,
} as const;
export const NUMBER_COLUMNS = 27;

export const CONTEXTS = 16;
/** Statistics by shape or family: those from the sixteenth on share theirs. */
export const contextOf = (index: number): number => Math.min(index, CONTEXTS - 1);

export const SYMBOL = {
  label: 0,
  form: 1,
  flag: 2,
  session: 3,
  sessionDigit: 4,
  shape: 5,
  coefficient: 6,
  family: 7,
  sign: 8,
  postingZeros: 9,
  backwards: 10,
  /** + context of the shape. */
  zeros: 11,
  /** + context of the family. */
  subject: 11 + CONTEXTS,
  /** + context of the family. */
  counterparty: 11 + CONTEXTS * 2,
} as const;
export const SYMBOL_COLUMNS = 11 + CONTEXTS * 3;
