/**
 * The cart: lines of items and of plain sums, in whole quantities.
 * Invariants: pure; sums are bigint; a quantity is 1 to 999; the total never passes what an amount can be.
 */
import type { CatalogueItemBody } from '../shared/api-types.ts';

export type Name = { readonly en: string; readonly ne: string };
export type CartLine = {
  /** The item's id, or `sum-1`, `sum-2`... for a plain sum. */
  readonly id: string;
  readonly name: Name;
  readonly unit: Name;
  readonly price: string;
  readonly quantity: number;
};
export type Cart = readonly CartLine[];

export const MAX_QUANTITY = 999;
export const MAX_TOTAL_MINOR = 10n ** 15n;
const MAX_LINES = 100;
const SUM_NAME: Name = { en: 'By amount', ne: 'रकमले' };
const NO_UNIT: Name = { en: '', ne: '' };

export const lineTotal = ({ price, quantity }: Pick<CartLine, 'price' | 'quantity'>): bigint => BigInt(price) * BigInt(quantity);
export const cartTotal = (cart: Cart): bigint => cart.reduce((sum, line) => sum + lineTotal(line), 0n);
export const cartCount = (cart: Cart): number => cart.reduce((sum, { quantity }) => sum + quantity, 0);
export const quantityOf = (cart: Cart, id: string): number => cart.find((line) => line.id === id)?.quantity ?? 0;

/** The cart after the change, or as it was where the change would pass a limit. */
const within = (cart: Cart, changed: Cart): Cart => (changed.length > MAX_LINES || cartTotal(changed) > MAX_TOTAL_MINOR ? cart : changed);

export const addItem = (cart: Cart, item: Pick<CatalogueItemBody, 'id' | 'name' | 'unit' | 'price'>): Cart => {
  const before = cart.find(({ id }) => id === item.id);
  if (before !== undefined) return setQuantity(cart, item.id, before.quantity + 1);
  return within(cart, [...cart, { id: item.id, name: item.name, unit: item.unit, price: item.price, quantity: 1 }]);
};

export const addSum = (cart: Cart, minor: bigint): Cart => {
  if (minor <= 0n) return cart;
  const numbers = cart.filter(({ id }) => id.startsWith('sum-')).map(({ id }) => Number(id.slice(4)));
  const id = `sum-${Math.max(0, ...numbers) + 1}`;
  return within(cart, [...cart, { id, name: SUM_NAME, unit: NO_UNIT, price: minor.toString(), quantity: 1 }]);
};

/** Sets a line's quantity; zero or less takes the line away. */
export const setQuantity = (cart: Cart, id: string, quantity: number): Cart => {
  if (!Number.isSafeInteger(quantity) || quantity > MAX_QUANTITY) return cart;
  if (quantity <= 0) return removeLine(cart, id);
  return within(
    cart,
    cart.map((line) => (line.id === id ? { ...line, quantity } : line)),
  );
};

export const removeLine = (cart: Cart, id: string): Cart => cart.filter((line) => line.id !== id);

const isName = (value: unknown): value is Name =>
  typeof value === 'object' && value !== null && typeof (value as Name).en === 'string' && typeof (value as Name).ne === 'string';

/** Whether a value that was kept is a cart: a damaged one is left, never guessed at. */
export const isCart = (value: unknown): value is Cart =>
  Array.isArray(value) &&
  value.length <= MAX_LINES &&
  value.every(
    (line: CartLine) =>
      typeof line === 'object' &&
      line !== null &&
      typeof line.id === 'string' &&
      isName(line.name) &&
      isName(line.unit) &&
      /^[1-9][0-9]{0,18}$/.test(line.price) &&
      Number.isSafeInteger(line.quantity) &&
      line.quantity >= 1 &&
      line.quantity <= MAX_QUANTITY,
  );
