// What the number keys take.
import { describe, expect, it } from 'vitest';
import { typed } from './keypad.tsx';

describe('the number keys', () => {
  it('take whole sums up to their limit', () => {
    expect(typed('', '1', 'amount', 3)).toBe('1');
    expect(typed('0', '5', 'amount', 3)).toBe('5');
    expect(typed('12', '00', 'amount', 3)).toBeUndefined();
    expect(typed('12', '.', 'amount', 3)).toBeUndefined();
    expect(typed('12', 'Backspace', 'amount', 3)).toBe('1');
  });

  it('take one point and two places', () => {
    expect(typed('', '.', 'point', 5)).toBe('0.');
    expect(typed('12.', '.', 'point', 5)).toBeUndefined();
    expect(typed('12.5', '0', 'point', 5)).toBe('12.50');
    expect(typed('12.50', '1', 'point', 5)).toBeUndefined();
  });

  it('keep the zeros of a code', () => {
    expect(typed('00', '1', 'code', 8)).toBe('001');
    expect(typed('12345678', '9', 'code', 8)).toBeUndefined();
  });
});
