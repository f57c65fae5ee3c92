/** Services: what the shop does besides selling. */
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';
import { EmptyState } from '../shared/states.tsx';
import { Screen } from './screen.tsx';
import { hasMethod } from './tender-bar.tsx';
import { t } from './words.ts';

const services = [
  { id: 'top-up', icon: 'arrow-in', does: ['wallet', 'top-up'] },
  { id: 'cash-out', icon: 'arrow-out', does: ['wallet', 'cash-out'] },
  { id: 'transfer', icon: 'arrows-across', does: ['wallet', 'transfer'] },
  { id: 'repayment', icon: 'book-open', does: ['khata', 'repayment'] },
  { id: 'issue', icon: 'tag', does: ['voucher', 'issue'] },
  { id: 'energy', icon: 'zap', does: ['energy', 'sale'] },
] as const;

export const ServicesScreen = () => {
  const there = services.filter(({ does: [method, action] }) => hasMethod(method, action));
  return (
    <Screen class="page" title={t('rail.services')} showsTitle>
      <h1>{t('rail.services')}</h1>
      {there.length === 0 ? <EmptyState text={t('services.none')} /> : null}
      <ul class="svc">
        {there.map(({ id, icon }) => (
          <li key={id}>
            <a class="way" href={hashOf('services', id)}>
              <Icon name={icon} />
              <span>
                <b>{t(`service.${id}`)}</b>
                <small>{t(`service.${id}.say`)}</small>
              </span>
              <Icon name="chevron-right" />
            </a>
          </li>
        ))}
      </ul>
    </Screen>
  );
};
