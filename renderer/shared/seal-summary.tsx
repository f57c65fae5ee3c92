/** How many entries are kept, sent and settled, and from when that is. */
import { Count } from './amount.tsx';
import type { SealState } from './api-types.ts';
import { AsOf, type AsOfProps } from './as-of.tsx';
import { SealGlyph } from './seal.tsx';
import { t } from './words.ts';

type SealSummaryProps = { readonly counts: Readonly<Record<SealState, number>>; readonly asOf?: AsOfProps };

export const SealSummary = ({ counts, asOf }: SealSummaryProps) => (
  <ul class="sealsum" aria-label={t('seal.summary')}>
    {(['kept', 'sent', 'settled'] as const).map((state) => (
      <li key={state} class={`seal--${state}`}>
        <SealGlyph state={state} />
        <b>
          <Count value={counts[state]} />
        </b>{' '}
        {t(`seal.${state}`)}
      </li>
    ))}
    {asOf === undefined ? null : (
      <li>
        <AsOf {...asOf} />
      </li>
    )}
  </ul>
);
