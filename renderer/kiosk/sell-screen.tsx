/** Sell: the shelf, the cart, the tender bar. On a phone the cart is a bar, and a screen of its own. */
import { useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { language, sentence } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { Note } from '../shared/note.tsx';
import { go, hashOf, path } from '../shared/router.ts';
import { EmptyState, Skeleton } from '../shared/states.tsx';
import { showToast } from '../shared/toast.tsx';
import { catalogue, status } from './box.ts';
import { addItem, cartCount, cartTotal, quantityOf } from './cart.ts';
import { CartPanel } from './cart-panel.tsx';
import { cart, openLine } from './cart-state.ts';
import { CategoryBar, categoriesOf } from './category-bar.tsx';
import { ItemTile } from './item-tile.tsx';
import { Screen } from './screen.tsx';
import { SearchField } from './search-field.tsx';
import { session } from './session.ts';
import { t } from './words.ts';

const category = { chosen: 'all' };

const Notices = () => {
  const box = status.value;
  if (box?.fenced !== undefined) {
    return (
      <Note kind="wrong">
        <b>{sentence(t('error.fenced'))}</b> {t('error.fenced.do')}
      </Note>
    );
  }
  if (box?.accepted === false) {
    return (
      <Note kind="calm">
        <b>{sentence(t('error.not-enrolled'))}</b> {t('not-accepted.say')}
      </Note>
    );
  }
  return null;
};

export const SellScreen = () => {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(category.chosen);
  const items = catalogue.value?.items.filter(({ hidden }) => hidden !== true);
  const lines = cart.value;
  const currency = session.value?.currency;

  const wanted = query.trim().toLowerCase();
  const shown = items?.filter(
    (item) =>
      (chosen === 'all' || item.category === chosen || wanted !== '') &&
      (wanted === '' || item.id === wanted || item.name.en.toLowerCase().includes(wanted) || item.name.ne.includes(wanted)),
  );
  const add = (item: NonNullable<typeof items>[number]): void => {
    // The cart as it is now, not as it was drawn: two touches may come before the next drawing.
    const before = cart.value;
    const next = addItem(before, item);
    if (next === before) showToast({ text: t('cart.limit') });
    cart.value = next;
    openLine.value = undefined;
  };
  const enter = (): void => {
    const only = shown?.length === 1 ? shown[0] : shown?.find(({ id }) => id === wanted);
    if (only === undefined) return;
    add(only);
    setQuery('');
  };
  const choose = (next: string): void => {
    category.chosen = next;
    setChosen(next);
    setQuery('');
  };

  return (
    <Screen class={path.value[0] === 'cart' ? 'sell sell--cart' : 'sell'} title={t('sell')}>
      <section class="shelf" aria-label={t('items')}>
        <Notices />
        <div class="shelf__top">
          <SearchField label={t('find-item')} value={query} onChange={setQuery} onEnter={enter} />
          <a class="btn shelf__sum" href={hashOf('amount')}>
            <Icon name="keyboard" />
            <span>{t('by-amount')}</span>
          </a>
        </div>
        <CategoryBar categories={categoriesOf(items ?? [])} value={wanted === '' ? chosen : ''} onChange={choose} />
        {shown === undefined ? <Skeleton rows={6} /> : null}
        {shown?.length === 0 ? <EmptyState text={t(items?.length === 0 ? 'shelf.empty' : 'shelf.none')} /> : null}
        <ul class="tiles">
          {shown?.map((item) => (
            <li key={item.id}>
              <ItemTile
                item={item}
                name={item.name[language.value]}
                inCart={quantityOf(lines, item.id)}
                currency={currency}
                onAdd={() => add(item)}
                onHold={() => go('items', item.id)}
              />
            </li>
          ))}
        </ul>
      </section>
      <CartPanel />
      <div class="cartbar">
        <a class="btn btn--quiet" href={hashOf('cart')}>
          <Icon name="basket" />
          {t('cart.count', { count: cartCount(lines) })}
        </a>
        <a
          class="btn btn--primary btn--xl"
          aria-disabled={lines.length === 0 ? true : undefined}
          href={lines.length === 0 ? hashOf('sell') : hashOf('cart')}
        >
          {t('pay')} <Amount value={cartTotal(lines)} currency={currency} />
        </a>
      </div>
    </Screen>
  );
};
