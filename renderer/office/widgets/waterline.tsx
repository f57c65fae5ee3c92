/** Above each list: what is sure, and what is still on its way, box by box, as the boxes announced it. */
import type { CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Seal } from '../../shared/seal.tsx';
import { t } from '../words.ts';
import { wayText } from './gateway-state.tsx';

const NAMED = 4;

export const Waterline = ({ gateways }: { readonly gateways: readonly CentreGatewayBody[] }) => {
  const onWay = gateways.filter(({ lag }) => lag > 0).sort((a, b) => b.lag - a.lag);
  const hasSilent = gateways.some(({ state }) => state === 'silent');
  const named = onWay.slice(0, NAMED).map((one) => `${one.site} ${wayText(one)}`);
  const rest = onWay.length - named.length;
  return (
    <p class="waterline">
      <Seal state="settled" word={t('water.sure')} />
      <span>
        {onWay.length === 0 && !hasSilent ? t('water.all') : null}
        {onWay.length === 0 ? null : `${t('water.way')} ${named.join(', ')}${rest > 0 ? ` +${rest}` : ''}. `}
        {hasSilent ? t('water.silent') : null}
      </span>
    </p>
  );
};
