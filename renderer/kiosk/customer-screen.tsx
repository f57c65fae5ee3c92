/** One customer: what of the wallet is here, the services, and the entries of this box. */
import { useEffect } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import type { HistoryItemBody } from '../shared/api-types.ts';
import { isSameDay, shortDayText, timeText } from '../shared/calendar.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';
import { Seal } from '../shared/seal.tsx';
import { EmptyState, ErrorState, Skeleton } from '../shared/states.tsx';
import { WhereLegend } from '../shared/where-bar.tsx';
import { BackLink } from './back-link.tsx';
import { now } from './box.ts';
import { Credit } from './credit.tsx';
import { cardNumber, siblingOf } from './customers.ts';
import { Avatar } from './person.tsx';
import { loadSales, marks, nextBefore, saleOf, sales, sealOf } from './sales.ts';
import { Screen } from './screen.tsx';
import { actionIcon, historyTitle } from './story-words.ts';
import { hasMethod } from './tender-bar.tsx';
import { useAccount, useListed } from './use-account.ts';
import { WhereMoney } from './where-money.tsx';
import { t } from './words.ts';

const services = [
  { id: 'top-up', icon: 'arrow-in' },
  { id: 'cash-out', icon: 'arrow-out' },
  { id: 'transfer', icon: 'arrows-across' },
] as const;

/** Whether the entry adds to this wallet. A reversal does what its original did not; where that is not at hand, nothing is guessed. */
export const isGain = (item: HistoryItemBody, account: string, original: HistoryItemBody | undefined): boolean | undefined => {
  if (item.action === 'reversal') {
    const before = original === undefined ? undefined : isGain(original, account, undefined);
    return before === undefined ? undefined : !before;
  }
  if (item.action === 'top-up' || item.action === 'refund' || item.action === 'open') return true;
  return item.action === 'transfer' && item.counterparty === account;
};

const Change = ({ item, account }: { readonly item: HistoryItemBody; readonly account: string }) => {
  const gain = isGain(item, account, item.refersTo === undefined ? undefined : saleOf(item.refersTo));
  return <Amount value={gain === false ? -BigInt(item.amount) : item.amount} sign={gain === true ? 'plus' : 'auto'} />;
};

const Entry = ({ item, account }: { readonly item: HistoryItemBody; readonly account: string }) => (
  <tr>
    <td>
      {isSameDay(item.at, now.value) ? t('today') : shortDayText(item.at, language.value)} {timeText(item.at, language.value)}
    </td>
    <th scope="row">
      <a class="wi" href={hashOf('sales', item.id)}>
        <Icon name={actionIcon(item.method, item.action)} />
        {historyTitle(item)}
      </a>
    </th>
    <td>
      <Seal state={sealOf(item.entry.number, item.seal, marks.value)} />
    </td>
    <td class="r">
      <Change item={item} account={account} />
    </td>
  </tr>
);

export const CustomerScreen = ({ id }: { readonly id: string }) => {
  const { account: own, error, retry } = useAccount(id);
  const isKhata = id.startsWith('khata:');
  const hasKhata = hasMethod('khata', 'sale');
  const other = useListed(isKhata ? siblingOf(id, 'wallet') : hasKhata ? siblingOf(id, 'khata') : undefined);
  const account = isKhata ? (other === 'none' ? undefined : other) : own;
  const khata = isKhata ? own : other;
  useEffect(() => {
    void loadSales();
  }, []);
  const name = own?.name ?? cardNumber(id);
  const walletId = account?.id;
  const entries = sales.value?.filter((item) => item.account === walletId || item.counterparty === walletId);
  return (
    <Screen class="page cust" title={name} showsTitle>
      <div class="cust__head">
        <BackLink to={['customers']} word={t('customers')} />
        <Avatar name={name} />
        <div>
          <h1>{name}</h1>
          <p class="idn">{cardNumber(id)}</p>
        </div>
      </div>
      {error === undefined ? null : <ErrorState error={error} onRetry={retry} />}
      {own === undefined && error === undefined ? <Skeleton rows={3} /> : null}
      {account === undefined ? null : (
        <article class="acct">
          <h2>
            <Icon name="wallet" />
            {t('wallet')}
          </h2>
          <WhereMoney account={account} />
          {account.elsewhere === undefined ? null : <WhereLegend />}
          <div class="acct__act">
            {services
              .filter((service) => hasMethod('wallet', service.id))
              .map((service, index) => (
                <a key={service.id} class={index === 0 ? 'btn btn--primary' : 'btn'} href={hashOf('services', service.id, account.id)}>
                  <Icon name={service.icon} />
                  {t(`service.${service.id}`)}
                </a>
              ))}
          </div>
        </article>
      )}
      {khata === undefined ? null : (
        <Credit
          show={({ KhataCard, KhataStatement }) => (
            <>
              <KhataCard khata={khata} owner={id} />
              {khata === 'none' ? null : <KhataStatement khata={khata} />}
            </>
          )}
        />
      )}
      {isKhata && account === undefined ? null : (
        <section class="stmt" aria-label={t('entries-here')}>
          <h2>{t('entries-here')}</h2>
          {entries === undefined ? <Skeleton /> : null}
          {entries?.length === 0 ? <EmptyState text={t('entries.none')} /> : null}
          {entries === undefined || entries.length === 0 ? null : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
            <section class="tscroll" tabIndex={0} aria-label={t('statement')}>
              <table class="tbl">
                <thead>
                  <tr>
                    <th scope="col">{t('when')}</th>
                    <th scope="col">{t('what')}</th>
                    <th scope="col">{t('seal.track')}</th>
                    <th scope="col" class="r">
                      {t('amount')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((item) => (
                    <Entry key={item.id} item={item} account={walletId ?? id} />
                  ))}
                </tbody>
              </table>
            </section>
          )}
          {nextBefore.value === undefined ? null : (
            <button type="button" class="btn" onClick={() => void loadSales(nextBefore.value)}>
              {t('older')}
            </button>
          )}
        </section>
      )}
    </Screen>
  );
};
