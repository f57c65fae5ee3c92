/**
 * Codes of vouchers: twelve Crockford characters in groups of four, 60 random bits. Whoever knows one has its value, so it is made by chance;
 * what is easily misread on paper (O, I, L) is read as what was meant.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** `random`: as many bytes as are asked for, each as likely as any other. */
export const newVoucherCode = (random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string =>
  grouped([...random(new Uint8Array(LENGTH))].map((byte) => ALPHABET[byte % ALPHABET.length]).join(''));

/** A code as its account is called, from what was typed or scanned; undefined where it is no whole code. */
export const readVoucherCode = (typed: string): string | undefined => {
  const plain = typed
    .toUpperCase()
    .replace(/^VOUCHER:/, '')
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return plain.length === LENGTH && [...plain].every((one) => ALPHABET.includes(one)) ? grouped(plain) : undefined;
};

export const voucherAccount = (code: string): string => `voucher:${code}`;
