/** Where money is: here (solid), elsewhere (dashed), on its way (striped); of a khata what is owed, what comes to it, what is free. Patterns as well as tone; one sentence is its name. */
import { t } from './words.ts';

export type WherePart = { readonly kind: 'here' | 'else' | 'transit' | 'owed' | 'new' | 'free'; readonly value: bigint };

/** Shares of a thousand, so that no amount passes through a float. */
const share = (value: bigint, total: bigint): number => (total === 0n ? 0 : Number((value * 1000n) / total));

export const WhereBar = ({ parts, name }: { readonly parts: readonly WherePart[]; readonly name: string }) => {
  const shown = parts.filter(({ value }) => value > 0n);
  const total = shown.reduce((sum, { value }) => sum + value, 0n);
  return (
    <div class="wbar" role="img" aria-label={name}>
      {shown.length === 0 ? <span class="wbar__p wbar__p--free" style={{ flexGrow: 1 }} /> : null}
      {shown.map(({ kind, value }) => (
        <span key={kind} class={`wbar__p wbar__p--${kind}`} style={{ flexGrow: share(value, total) || 1 }} />
      ))}
    </div>
  );
};

export const WhereLegend = () => (
  <ul class="legend">
    <li>
      <span class="sw sw--here" />
      {t('here')}
    </li>
    <li>
      <span class="sw sw--else" />
      {t('elsewhere')}
    </li>
    <li>
      <span class="sw sw--transit" />
      {t('on-its-way')}
    </li>
  </ul>
);
