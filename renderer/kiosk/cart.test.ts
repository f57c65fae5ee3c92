// The cart's arithmetic: whole, in bigint, within its limits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addItem,
  addSum,
  type Cart,
  cartCount,
  cartTotal,
  isCart,
  MAX_QUANTITY,
  MAX_TOTAL_MINOR,
  removeLine,
  setQuantity,
} from './cart.ts';

const name = { en: 'Rice', ne: 'चामल' };
const item = (id: string, price: string) => ({ id, name, unit: name, price });

describe('the cart', () => {
  it('adds an item once more instead of twice', () => {
    const cart = addItem(addItem([], item('rice', '11000')), item('rice', '11000'));
    expect(cart).toHaveLength(1);
    expect(cartTotal(cart)).toBe(22000n);
    expect(cartCount(cart)).toBe(2);
  });

  it('sums exactly what a float could not', () => {
    const cart: Cart = [{ ...item('a', '900719925474099'), quantity: 1 }];
    expect(cartTotal(addItem(cart, item('b', '1')))).toBe(900719925474100n);
  });

  it('keeps plain sums apart and takes no zero', () => {
    const cart = addSum(addSum(addSum([], 500n), 700n), 0n);
    expect(cart.map(({ id }) => id)).toEqual(['sum-1', 'sum-2']);
    expect(cartTotal(cart)).toBe(1200n);
  });

  it('stops at its limits and stays as it was', () => {
    const cart = setQuantity(addItem([], item('a', '100')), 'a', MAX_QUANTITY);
    expect(addItem(cart, item('a', '100'))).toBe(cart);
    expect(addSum(cart, MAX_TOTAL_MINOR)).toBe(cart);
    expect(setQuantity(cart, 'a', 1.5)).toBe(cart);
    expect(setQuantity(cart, 'a', 0)).toEqual([]);
  });

  it('has a total that is the sum of its lines, whatever was done', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), id: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('sum' as const), minor: fc.bigInt({ min: -5n, max: 10n ** 14n }) }),
      fc.record({ kind: fc.constant('set' as const), id: fc.constantFrom('a', 'b'), quantity: fc.integer({ min: -2, max: 1500 }) }),
      fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('a', 'sum-1') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let cart: Cart = [];
        for (const one of steps) {
          if (one.kind === 'add') cart = addItem(cart, item(one.id, '12345'));
          else if (one.kind === 'sum') cart = addSum(cart, one.minor);
          else if (one.kind === 'set') cart = setQuantity(cart, one.id, one.quantity);
          else cart = removeLine(cart, one.id);
        }
        const sum = cart.reduce((total, line) => total + BigInt(line.price) * BigInt(line.quantity), 0n);
        expect(cartTotal(cart)).toBe(sum);
        expect(sum <= MAX_TOTAL_MINOR).toBe(true);
        expect(isCart(JSON.parse(JSON.stringify(cart)))).toBe(true);
      }),
    );
  });

  it('does not take a damaged cart for one', () => {
    expect(isCart([{ id: 'a', name, unit: name, price: '1.5', quantity: 1 }])).toBe(false);
    expect(isCart([{ id: 'a', name, unit: name, price: '100', quantity: 0 }])).toBe(false);
    expect(isCart([null])).toBe(false);
    expect(isCart({})).toBe(false);
  });
});
