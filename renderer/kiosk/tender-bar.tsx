/** The ways to pay. One that cannot be used stays, dashed, with its reason; a second touch within 400 ms is not taken. */
import { useRef } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { go } from '../shared/router.ts';
import { showToast } from '../shared/toast.tsx';
import { status } from './box.ts';
import { t } from './words.ts';

const SECOND_TOUCH_MS = 400;

type Method = { readonly id: 'wallet' | 'khata' | 'voucher'; readonly icon: IconName };
const others: readonly Method[] = [
  { id: 'wallet', icon: 'wallet' },
  { id: 'khata', icon: 'book-open' },
  { id: 'voucher', icon: 'tag' },
];

export const hasMethod = (method: string, action: string): boolean => {
  const methods = status.value?.methods;
  return methods === undefined || methods.some((one) => one.method === method && one.actions.includes(action));
};

export const TenderBar = ({ total, currency }: { readonly total: bigint; readonly currency: string | undefined }) => {
  const touched = useRef(0);
  const isEmpty = total === 0n;
  const tender = (method: 'cash' | Method['id']): void => {
    const time = Date.now();
    if (isEmpty || time - touched.current < SECOND_TOUCH_MS) return;
    touched.current = time;
    go('pay', method);
  };
  return (
    <div class="tbar">
      <button type="button" class="btn btn--primary btn--xl" aria-disabled={isEmpty ? true : undefined} onClick={() => tender('cash')}>
        <Icon name="banknote" />
        <span>{t('cash')}</span>
        <Amount value={total} currency={currency} />
      </button>
      <div class="tbar__row">
        {others.map(({ id, icon }) => {
          const isThere = hasMethod(id, 'sale');
          return (
            <button
              key={id}
              type="button"
              class="btn"
              aria-disabled={isEmpty || !isThere ? true : undefined}
              onClick={() => (isThere ? tender(id) : showToast({ text: t('method.not-here.say', { method: t(id) }) }))}
            >
              <Icon name={icon} />
              <span>
                {t(id)}
                {isThere ? null : <small>{t('method.not-here')}</small>}
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
};
