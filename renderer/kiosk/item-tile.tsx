/** One item of the shelf: a touch adds one, holding opens its name and price. */
import { useRef } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { CatalogueItemBody } from '../shared/api-types.ts';
import { digits, language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { isIconName } from '../shared/icon-paths.ts';
import { t } from './words.ts';

const HOLD_MS = 600;
const grounds = ['grain', 'snack', 'tea', 'oil', 'home', 'light', 'dairy', 'school'];

type ItemTileProps = {
  readonly item: CatalogueItemBody;
  readonly name: string;
  readonly inCart: number;
  readonly currency: string | undefined;
  readonly onAdd: () => void;
  readonly onHold: () => void;
};

export const ItemPicture = ({ item }: { readonly item: Pick<CatalogueItemBody, 'icon' | 'category'> }) => (
  <span class={`tile__pic ground--${grounds.includes(item.category) ? item.category : 'tea'}`}>
    <Icon name={isIconName(item.icon) ? item.icon : 'package'} />
  </span>
);

export const ItemTile = ({ item, name, inCart, currency, onAdd, onHold }: ItemTileProps) => {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasHeld = useRef(false);
  const release = (): void => clearTimeout(timer.current);
  return (
    <button
      type="button"
      class={inCart > 0 ? 'tile is-in' : 'tile'}
      onPointerDown={() => {
        wasHeld.current = false;
        release();
        timer.current = setTimeout(() => {
          wasHeld.current = true;
          onHold();
        }, HOLD_MS);
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onClick={() => {
        release();
        if (!wasHeld.current) onAdd();
        wasHeld.current = false;
      }}
    >
      <ItemPicture item={item} />
      <span class="tile__name">{name}</span>
      <span class="tile__meta">
        <span>{item.unit[language.value]}</span>
        <Amount value={item.price} currency={currency} show="whole" />
      </span>
      {inCart === 0 ? null : (
        <span class="tile__q">
          <span class="vh">{t('in-the-cart')} </span>
          {digits(inCart)}
        </span>
      )}
    </button>
  );
};
