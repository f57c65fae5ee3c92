/**
 * Notes: what a customer likely hands over, and how the change may be counted out.
 * Invariants: pure; bigint; every offered sum is above what is due; the notes of a change sum to it as far as notes reach.
 */
const ROUNDING_RUPEES = [5n, 10n, 50n, 100n, 500n, 1000n];
const NOTES_RUPEES = [1000n, 500n, 100n, 50n, 20n, 10n, 5n, 2n, 1n];

/** The next likely sums above what is due, at most four. */
export const likelyCash = (dueMinor: bigint, minorPerUnit = 100n): readonly bigint[] => {
  const sums = new Set<bigint>();
  for (const rupees of ROUNDING_RUPEES) {
    const step = rupees * minorPerUnit;
    const sum = ((dueMinor + step - 1n) / step) * step;
    if (sum > dueMinor) sums.add(sum);
  }
  return [...sums].sort((a, b) => (a < b ? -1 : 1)).slice(0, 4);
};

export type NoteCount = { readonly rupees: bigint; readonly count: bigint };

/** The change in the fewest notes and coins; paisa, for which there are none, are left out. */
export const changeNotes = (changeMinor: bigint, minorPerUnit = 100n): readonly NoteCount[] => {
  let left = changeMinor > 0n ? changeMinor / minorPerUnit : 0n;
  const notes: NoteCount[] = [];
  for (const rupees of NOTES_RUPEES) {
    const count = left / rupees;
    if (count > 0n) notes.push({ rupees, count });
    left -= count * rupees;
  }
  return notes;
};
