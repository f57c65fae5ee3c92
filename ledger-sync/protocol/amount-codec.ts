/**
 * Amounts (SPEC B9): a mantissa and its trailing decimal zeros, because most are round. What is negative or beyond 2^53 goes as 64 bits in two halves.
 */
import type { ValueReader, ValueWriter } from './coded-values.ts';
import { NUMBER } from './columns.ts';

const ZEROS = 9;
const MAX_ZEROS = 7;
/** In the place of the zeros: two halves follow. */
const EXTREME = 8;
const LIMIT = 2n ** 53n;
const HALF = 2n ** 32n;

export function writeAmount(writer: ValueWriter, zerosColumn: number, mantissaColumn: number, amount: bigint): void {
  if (amount < 0n || amount >= LIMIT) {
    const bits = BigInt.asUintN(64, amount);
    writer.symbol(zerosColumn, EXTREME, ZEROS);
    writer.number(NUMBER.extreme, Number(bits / HALF));
    writer.number(NUMBER.extreme, Number(bits % HALF));
    return;
  }
  let mantissa = Number(amount);
  let zeros = 0;
  while (zeros < MAX_ZEROS && mantissa !== 0 && mantissa % 10 === 0) {
    mantissa /= 10;
    zeros++;
  }
  writer.symbol(zerosColumn, zeros, ZEROS);
  writer.number(mantissaColumn + zeros, mantissa);
}

/** Undefined where it does not fit 64 bits. */
export function readAmount(values: ValueReader, zerosColumn: number, mantissaColumn: number): bigint | undefined {
  const zeros = values.symbol(zerosColumn, ZEROS);
  if (zeros === EXTREME) {
    const high = values.number(NUMBER.extreme);
    const low = values.number(NUMBER.extreme);
    return high < 2 ** 32 && low < 2 ** 32 ? BigInt.asIntN(64, BigInt(high) * HALF + BigInt(low)) : undefined;
  }
  const mantissa = values.number(mantissaColumn + zeros);
  const plain = mantissa * 10 ** zeros;
  return Number.isSafeInteger(plain) ? BigInt(plain) : undefined;
}
