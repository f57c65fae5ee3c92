/** The cart beside the shelf: lines, one of them open for its quantity, the total and the ways to pay. */
import { useEffect, useRef } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { digits, language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';
import { EmptyState } from '../shared/states.tsx';
import { type CartLine, cartCount, cartTotal, lineTotal, removeLine, setQuantity } from './cart.ts';
import { cart, changeWithUndo, openLine } from './cart-state.ts';
import { session } from './session.ts';
import { TenderBar } from './tender-bar.tsx';
import { t } from './words.ts';

const Line = ({ line, isOpen, currency }: { readonly line: CartLine; readonly isOpen: boolean; readonly currency: string | undefined }) => {
  const name = line.name[language.value];
  const remove = (): void => changeWithUndo(removeLine(cart.value, line.id), t('cart.removed', { name }));
  const change = (by: number): void => {
    if (line.quantity + by <= 0) remove();
    else cart.value = setQuantity(cart.value, line.id, line.quantity + by);
  };
  return (
    <li class={isOpen ? 'cline is-open' : 'cline'}>
      <button
        type="button"
        class="cline__main"
        aria-expanded={isOpen}
        onClick={() => {
          openLine.value = isOpen ? undefined : line.id;
        }}
      >
        <span class="cline__q">{digits(line.quantity)}</span>
        <span class="cline__name">
          {name}
          <small>
            {line.quantity > 1 ? (
              <>
                <Amount value={line.price} currency={currency} show="whole" /> × {digits(line.quantity)}
              </>
            ) : (
              line.unit[language.value]
            )}
          </small>
        </span>
        <Amount value={lineTotal(line)} />
      </button>
      {isOpen ? (
        <div class="cline__edit">
          <button type="button" class="kbtn" aria-label={t('one-less')} onClick={() => change(-1)}>
            <Icon name="minus" />
          </button>
          <button type="button" class="kbtn" aria-label={t('one-more')} onClick={() => change(1)}>
            <Icon name="plus" />
          </button>
          <button type="button" class="kbtn kbtn--text" onClick={remove}>
            <Icon name="x" />
            {t('remove')}
          </button>
        </div>
      ) : null}
    </li>
  );
};

export const CartPanel = () => {
  const lines = cart.value;
  const currency = session.value?.currency;
  const list = useRef<HTMLUListElement>(null);
  const before = useRef(lines.length);
  useEffect(() => {
    if (lines.length > before.current) list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
    before.current = lines.length;
  }, [lines.length]);
  return (
    <section class="cart" aria-label={t('cart')}>
      <div class="cart__top">
        <a class="btn btn--quiet cart__back" href={hashOf('sell')}>
          <Icon name="arrow-left" />
          {t('to-the-shelf')}
        </a>
        <h2 class="cart__t">{t('cart')}</h2>
        <span class="cart__n">{t('cart.count', { count: cartCount(lines) })}</span>
        {lines.length === 0 ? null : (
          <button type="button" class="btn btn--quiet" onClick={() => changeWithUndo([], t('cart.emptied'))}>
            {t('cart.empty')}
          </button>
        )}
      </div>
      {lines.length === 0 ? (
        <div class="cart__lines">
          <EmptyState text={t('cart.begin')} />
        </div>
      ) : (
        // A long list scrolls; it is focusable so that a keyboard can scroll it too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ul class="cart__lines" ref={list} tabIndex={0} aria-label={t('lines')}>
          {lines.map((line) => (
            <Line key={line.id} line={line} isOpen={openLine.value === line.id} currency={currency} />
          ))}
        </ul>
      )}
      <div class="cart__foot">
        <p class="total">
          <span>{t('total')}</span>
          <Amount value={cartTotal(lines)} currency={currency} size="display" />
        </p>
        <TenderBar total={cartTotal(lines)} currency={currency} />
      </div>
    </section>
  );
};
