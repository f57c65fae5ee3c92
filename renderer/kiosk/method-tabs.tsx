/** How a sale is paid: the methods that work, as links. */

import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { hashOf } from '../shared/router.ts';
import { hasMethod } from './tender-bar.tsx';
import { t } from './words.ts';

const methods = [
  { id: 'cash', icon: 'banknote' },
  { id: 'wallet', icon: 'wallet' },
  { id: 'khata', icon: 'book-open' },
  { id: 'voucher', icon: 'tag' },
] as const satisfies readonly { id: string; icon: IconName }[];

export const MethodTabs = ({ value }: { readonly value: (typeof methods)[number]['id'] }) => (
  <nav class="methods" aria-label={t('how-paid')}>
    {methods
      .filter(({ id }) => hasMethod(id, 'sale'))
      .map(({ id, icon }) => (
        <a key={id} href={hashOf('pay', id)} aria-current={id === value ? 'page' : undefined}>
          <Icon name={icon} />
          <span>{t(id)}</span>
        </a>
      ))}
  </nav>
);
