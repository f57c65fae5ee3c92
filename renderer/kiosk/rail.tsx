/** The rail: only what works. On a phone it lies at the foot. */

import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { hashOf } from '../shared/router.ts';
import { t } from './words.ts';

const places = [
  { id: 'sell', icon: 'basket' },
  { id: 'sales', icon: 'history' },
  { id: 'customers', icon: 'users' },
  { id: 'services', icon: 'coins' },
  { id: 'more', icon: 'ellipsis' },
] as const satisfies readonly { id: string; icon: IconName }[];

export const Rail = ({ at }: { readonly at: string }) => {
  const current = at === 'items' ? 'more' : at === 'cart' ? 'sell' : at;
  return (
    <nav class="krail" aria-label={t('rail')}>
      {places.map(({ id, icon }) => (
        <a key={id} href={hashOf(id)} aria-current={id === current ? 'page' : undefined}>
          <Icon name={icon} />
          <span>{t(`rail.${id}`)}</span>
        </a>
      ))}
    </nav>
  );
};
