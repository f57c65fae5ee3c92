/** A box as head office sees it: an icon and a word, never a colour alone. Silent is a state of its own, not an error. */
import type { CentreGatewayBody } from '../../../ledger-sync/central/schemas.ts';
import { Count } from '../../shared/amount.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import type { IconName } from '../../shared/icon-paths.ts';
import { formatCount } from '../../shared/money.ts';
import { t } from '../words.ts';

const icons: Readonly<Record<CentreGatewayBody['state'], IconName>> = {
  live: 'satellite',
  silent: 'moon',
  waiting: 'clock',
  fenced: 'lock',
};

export const GatewayState = ({ state }: { readonly state: CentreGatewayBody['state'] }) => (
  <span class={`lst lst--${state}`}>
    <Icon name={icons[state]} />
    {t(`state.${state}`)}
  </span>
);

/** How many entries are on their way: of a silent box only a least number is known. */
export const wayText = ({ state, lag }: Pick<CentreGatewayBody, 'state' | 'lag'>): string => {
  if (state === 'waiting') return '–';
  if (state === 'silent') return lag === 0 ? t('way.any') : t('way.more', { n: formatCount(lag, language.value) });
  return lag === 0 ? t('way.none') : formatCount(lag, language.value);
};

export const WayCount = ({ gateway }: { readonly gateway: CentreGatewayBody }) => (
  <>
    <Count value={gateway.lag} />
    {gateway.state === 'silent' ? <small class="inl"> {t('at-least')}</small> : null}
  </>
);
