/** What a payment is called: in the history, on its own screen, on the receipt. */
import type { HistoryItemBody } from '../shared/api-types.ts';
import type { IconName } from '../shared/icon-paths.ts';
import type { PaymentStory } from './payment-store.ts';
import { type KioskKey, kioskEnglish, t } from './words.ts';

const known = (key: string): key is KioskKey => Object.hasOwn(kioskEnglish, key);

export const actionWord = (method: string, action: string): string => {
  const key = `did.${method}.${action}`;
  if (known(key)) return t(key);
  const plain = `did.${action}`;
  return known(plain) ? t(plain) : `${method} ${action}`;
};

export const actionIcon = (method: string, action: string): IconName => {
  if (action === 'refund' || action === 'reversal') return 'undo';
  if (action === 'top-up' || action === 'repayment') return 'arrow-in';
  if (action === 'cash-out') return 'arrow-out';
  if (action === 'transfer') return 'arrows-across';
  if (method === 'energy') return 'zap';
  if (method === 'khata') return 'book-open';
  if (action === 'limit-raise' || action === 'limit-lower' || action === 'open') return 'pencil';
  return method === 'cash' ? 'banknote' : method === 'wallet' ? 'wallet' : 'tag';
};

export const storyTitle = ({ method, kind }: PaymentStory): string => actionWord(method, kind === 'energy' ? 'sale' : kind);

/** Whether the entry takes from what the shop was paid: shown with a minus in the history. */
export const isBackward = (action: string): boolean => action === 'refund' || action === 'reversal';

export const historyTitle = ({ method, action }: HistoryItemBody): string => actionWord(method, action);
