/**
 * Where an amount lies, part by part with its name: here solid, elsewhere dashed, on its way striped. The bar has one sentence as its name;
 * the parts' words stand below it. Invariant: no amount passes through a float but as a share of a thousand; no part is thinner than its words.
 */
import { Amount } from '../amount.tsx';
import { language } from '../i18n.ts';
import { amountText } from '../money.ts';

export type PosPart = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'here' | 'else' | 'transit';
  readonly value: bigint;
};

const share = (value: bigint, total: bigint): number => (total <= 0n || value <= 0n ? 0 : Number((value * 1000n) / total));

type PosBarProps = { readonly parts: readonly PosPart[]; readonly label: string; readonly currency: string; readonly amounts?: boolean };

export const PosBar = ({ parts, label, currency, amounts = true }: PosBarProps) => {
  const total = parts.reduce((sum, { value }) => (value > 0n ? sum + value : sum), 0n);
  const words = parts.map(({ name, value }) => `${name} ${amountText(value, language.value, { currency })}`).join(', ');
  return (
    <div class="posbar" role="img" aria-label={`${label}: ${words}`}>
      {parts.map(({ id, name, kind, value }) => (
        <span key={id} class="posbar__p" style={{ flexGrow: share(value, total) }}>
          <i class={`sw--${kind}`} />
          <b aria-hidden="true">{name}</b>
          {amounts ? (
            <span aria-hidden="true">
              <Amount value={value} />
            </span>
          ) : null}
        </span>
      ))}
    </div>
  );
};
