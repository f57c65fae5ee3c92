/** The cart of this screen, kept in the browser so that a reload loses nothing. */
import { effect, signal } from '@preact/signals';
import { keep, readJson } from '../shared/keep.ts';
import { showUndo } from '../shared/toast.tsx';
import { type Cart, isCart } from './cart.ts';

export const cart = signal<Cart>(readJson(keep, 'cart', isCart) ?? []);
/** The line whose quantity is being changed. */
export const openLine = signal<string | undefined>(undefined);

effect(() => {
  if (cart.value.length === 0) keep.remove('cart');
  else keep.write('cart', JSON.stringify(cart.value));
});

export const clearCart = (): void => {
  cart.value = [];
  openLine.value = undefined;
};

/** Changes the cart and offers the way back. */
export const changeWithUndo = (next: Cart, said: string): void => {
  const before = cart.value;
  cart.value = next;
  openLine.value = undefined;
  showUndo(said, () => {
    cart.value = before;
  });
};
