/** Crockford's base32: its digits, and bytes written in it, in capitals: what a QR code packs well, and what a person can read out. */
export const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const ALPHABET = CROCKFORD.toUpperCase();

/** A digit a byte, five bits of it used: for what is made by chance. */
export const digitsFromRandom = (random: Uint8Array): string => Array.from(random, (byte) => CROCKFORD[byte & 31]).join('');

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** As somebody types it: small letters, blanks and hyphens do not matter, i and l are read as 1, o as 0. Undefined where it is none. */
export function fromBase32(typed: string): Uint8Array | undefined {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let used = 0;
  for (const digit of text) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[used++] = held >>> bits;
    held &= (1 << bits) - 1;
  }
  // What is left over is padding: fewer bits than a digit has, all 0, so that a text has one spelling.
  return bits < 5 && held === 0 ? bytes : undefined;
}
