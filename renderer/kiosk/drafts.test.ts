/** What goes out with a sale: the money, and what the receipt lists. */
import { describe, expect, it } from 'vitest';
import { addItem, addSum, type Cart } from './cart.ts';
import { cashSale, receiptItems, walletSale } from './drafts.ts';

const rice = { id: 'jira-rice', name: { en: 'Jira rice', ne: 'जिरा चामल' }, unit: { en: '1 kg', ne: '१ केजी' }, price: '11000' };
const cart: Cart = addSum(addItem(addItem([], rice), rice), 2_500n);

describe('a sale as it is asked for', () => {
  it('lists quantity, amount and both names of each line', () => {
    expect(receiptItems(cart)).toEqual({ 'item.1': '2|22000|Jira rice|जिरा चामल', 'item.2': '1|2500|By amount|रकमले' });
  });

  it('keeps a bar in a name from ending it', () => {
    const odd = addItem([], { ...rice, name: { en: 'A|B', ne: 'क|ख' } });
    expect(receiptItems(odd)['item.1']).toBe('1|11000|A/B|क/ख');
  });

  it('sends the lines with cash and with a wallet, and what was handed over with cash', () => {
    const cash = cashSale(cart, 30_000n, 'NPR').request('s.1').body as { amount: string; fields: Record<string, string> };
    expect(cash.amount).toBe('24500');
    expect(cash.fields).toMatchObject({ tendered: '30000', 'item.2': '1|2500|By amount|रकमले' });
    const wallet = walletSale(cart, { id: 'wallet:W-1', name: 'Kamala' }, 'NPR').request('s.2').body as { fields: Record<string, string> };
    expect(Object.keys(wallet.fields)).toEqual(['item.1', 'item.2']);
  });
});
