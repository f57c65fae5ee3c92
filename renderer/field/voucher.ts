/**
 * A voucher as it is typed: 20 Crockford characters in groups of four. Pure.
 * Invariants: what a hand writes as O, I or L is read as 0, 1, 1; nothing else is guessed; never more than 20 characters.
 */
export const VOUCHER_LENGTH = 20;
export const CROCKFORD_KEYS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The characters of a voucher in what was typed or scanned, without blanks and hyphens; others are left out and counted. */
export const readVoucher = (typed: string): { readonly text: string; readonly strange: number } => {
  let text = '';
  let strange = 0;
  for (const character of typed.toUpperCase().replace(/[\s-]/g, '').slice(0, 64)) {
    const read = character === 'O' ? '0' : character === 'I' || character === 'L' ? '1' : character;
    if (!CROCKFORD_KEYS.includes(read)) strange += 1;
    else if (text.length < VOUCHER_LENGTH) text += read;
    else strange += 1;
  }
  return { text, strange };
};

/** In groups of four with hyphens, as it stands on paper. */
export const inGroups = (text: string): string => text.match(/.{1,4}/g)?.join('-') ?? '';

export const isComplete = (text: string): boolean => text.length === VOUCHER_LENGTH;
