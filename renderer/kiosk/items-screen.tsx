/** Items and prices: the whole catalogue as a list, each line opens its form. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { go, hashOf } from '../shared/router.ts';
import { EmptyState, Skeleton } from '../shared/states.tsx';
import { catalogue } from './box.ts';
import { categoryWord } from './category-bar.tsx';
import { ItemPicture } from './item-tile.tsx';
import { Screen } from './screen.tsx';
import { SearchField } from './search-field.tsx';
import { session } from './session.ts';
import { t } from './words.ts';

export const ItemsScreen = () => {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const items = catalogue.value?.items.filter(
    ({ name }) => wanted === '' || name.en.toLowerCase().includes(wanted) || name.ne.includes(wanted),
  );
  return (
    <Screen class="page" title={t('items-prices')} showsTitle>
      <div class="page__top">
        <h1>{t('items-prices')}</h1>
        <a class="btn btn--primary" href={hashOf('items', 'new')}>
          <Icon name="plus" />
          {t('item.new')}
        </a>
      </div>
      <SearchField label={t('find-item')} value={query} onChange={setQuery} />
      {items === undefined ? <Skeleton rows={6} /> : null}
      {items?.length === 0 ? <EmptyState text={t('shelf.none')} /> : null}
      {items === undefined || items.length === 0 ? null : (
        <ul class="people" aria-label={t('items')}>
          {items.map((item) => (
            <li key={item.id}>
              <button type="button" class="prow" onClick={() => go('items', item.id)}>
                <ItemPicture item={item} />
                <span class="prow__n">
                  {item.name[language.value]}
                  <small>
                    {item.unit[language.value]} · {categoryWord(item.category)}
                    {item.hidden === true ? ` · ${t('item.hidden')}` : ''}
                  </small>
                </span>
                <Amount value={item.price} currency={session.value?.currency} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Screen>
  );
};
