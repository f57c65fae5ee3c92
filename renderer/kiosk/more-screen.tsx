/** What is needed seldom: items and prices, this screen's language and light, what box this is. */
import { Facts } from '../shared/facts.tsx';
import { Icon } from '../shared/icon.tsx';
import { LanguageButton } from '../shared/language-button.tsx';
import { hashOf } from '../shared/router.ts';
import { ThemeButton } from '../shared/theme-button.tsx';
import { status } from './box.ts';
import { printerWords } from './printer-words.ts';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { t } from './words.ts';

export const MoreScreen = () => {
  const box = status.value;
  const printer = box?.printer.state;
  const idn = (text: string | undefined) => <span class="idn">{text ?? '–'}</span>;
  return (
    <Screen class="page" title={t('rail.more')} showsTitle>
      <h1>{t('rail.more')}</h1>
      <ul class="svc">
        <li>
          <a class="way" href={hashOf('items')}>
            <Icon name="tag" />
            <span>
              <b>{t('items-prices')}</b>
              <small>{t('items-prices.say')}</small>
            </span>
            <Icon name="chevron-right" />
          </a>
        </li>
      </ul>
      <section class="card more" aria-label={t('this-screen')}>
        <h2>{t('this-screen')}</h2>
        <div class="more__b">
          <LanguageButton />
          <ThemeButton />
        </div>
      </section>
      <section class="card more" aria-label={t('this-box')}>
        <h2>{t('this-box')}</h2>
        <Facts
          facts={[
            { name: t('shop'), value: box?.site ?? session.value?.site ?? '–' },
            { name: t('box'), value: idn(session.value?.gateway) },
            { name: t('screen'), value: idn(session.value?.kiosk) },
            { name: t('last-entry'), value: idn(box === undefined ? undefined : `#${box.head.number}`) },
            {
              name: t('printer'),
              value:
                printer === undefined
                  ? '–'
                  : printer === 'ready'
                    ? t('printer.ready')
                    : printer === 'none'
                      ? t('printer.none')
                      : printerWords(printer),
            },
            { name: t('version'), value: idn(box?.version) },
          ]}
        />
      </section>
    </Screen>
  );
};
