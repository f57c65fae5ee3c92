/** A mark for each kind of break. */
import type { BreakBody } from '../../../ledger-sync/central/schemas.ts';
import type { IconName } from '../../shared/icon-paths.ts';

const icons: Readonly<Record<BreakBody['kind'], IconName>> = {
  'rule-broken': 'scale',
  'unknown-account': 'info',
  'forked-journal': 'split',
  'payment-twice': 'arrows-across',
  undecodable: 'lock',
};

export const breakIcon = (kind: BreakBody['kind']): IconName => icons[kind];
