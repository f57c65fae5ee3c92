/** The kiosk: unpaired, it asks for the code; paired, it shows the screen that the address names. */
import { useEffect } from 'preact/hooks';
import { api } from '../shared/api.ts';
import { language } from '../shared/i18n.ts';
import { amountText } from '../shared/money.ts';
import { go, path } from '../shared/router.ts';
import { ErrorState } from '../shared/states.tsx';
import { showToast, ToastHost } from '../shared/toast.tsx';
import { Bar } from './bar.tsx';
import { catalogue, followBox, lastError, type Printing, readStatus, status } from './box.ts';
import { ByAmount } from './by-amount.tsx';
import { Credit, loadCredit } from './credit.tsx';
import { CustomerScreen } from './customer-screen.tsx';
import { CustomersScreen } from './customers-screen.tsx';
import { EnergyScreen } from './energy-screen.tsx';
import { ItemScreen } from './item-screen.tsx';
import { ItemsScreen } from './items-screen.tsx';
import { MoreScreen } from './more-screen.tsx';
import { PairScreen } from './pair-screen.tsx';
import { PaymentScreen } from './payment-screen.tsx';
import type { PaymentRecord } from './payment-store.ts';
import { inHand, onOutcome, resumePayments } from './payments.ts';
import { printerWords } from './printer-words.ts';
import { Rail } from './rail.tsx';
import { RefundScreen } from './refund-screen.tsx';
import { SalesScreen } from './sales-screen.tsx';
import { SellScreen } from './sell-screen.tsx';
import { ServiceScreen } from './service-screen.tsx';
import { ServicesScreen } from './services-screen.tsx';
import { checkSession, session } from './session.ts';
import { TenderCash } from './tender-cash.tsx';
import { TenderWallet } from './tender-wallet.tsx';
import { t } from './words.ts';

/** Screens without the rail: they are tasks with one way out. */
const tasks = ['pay', 'payment', 'amount'];

const tenderOf = (method: string | undefined) => {
  if (method === 'wallet') return <TenderWallet />;
  if (method === 'khata') return <Credit show={({ TenderKhata }) => <TenderKhata />} />;
  return method === 'voucher' ? <Credit show={({ TenderVoucher }) => <TenderVoucher />} /> : <TenderCash />;
};

const screen = (parts: readonly string[]) => {
  const [first, second, third] = parts;
  if (first === 'amount') return <ByAmount />;
  if (first === 'pay') return tenderOf(second);
  if (first === 'payment' && second !== undefined) return <PaymentScreen key={second} id={second} />;
  if (first === 'sales' && second !== undefined && (third === 'refund' || third === 'reversal')) {
    return <RefundScreen key={second} id={second} isReversal={third === 'reversal'} />;
  }
  if (first === 'sales') return <SalesScreen chosen={second} />;
  if (first === 'customers' && second !== undefined && third === 'limit')
    return <Credit show={({ LimitScreen }) => <LimitScreen key={second} id={second} />} />;
  if (first === 'customers') return second === undefined ? <CustomersScreen /> : <CustomerScreen key={second} id={second} />;
  if (first === 'services' && (second === 'top-up' || second === 'cash-out' || second === 'transfer')) {
    return <ServiceScreen key={`${second}/${third}`} kind={second} account={third} />;
  }
  if (first === 'services' && second === 'repayment')
    return <Credit show={({ RepaymentScreen }) => <RepaymentScreen key={third} account={third} />} />;
  if (first === 'services' && second === 'issue') return <Credit show={({ IssueScreen }) => <IssueScreen />} />;
  if (first === 'services' && second === 'energy') return <EnergyScreen key={third} account={third} />;
  if (first === 'services') return <ServicesScreen />;
  if (first === 'items') return second === undefined ? <ItemsScreen /> : <ItemScreen key={second} id={second} />;
  if (first === 'more') return <MoreScreen />;
  return <SellScreen />;
};

/** An outcome that comes when the person has gone on: said at the foot, with the way to it. */
const sayOutcome = (record: PaymentRecord): void => {
  if (inHand.id === record.id || (path.value[0] === 'payment' && path.value[1] === record.id)) return;
  const sum = amountText(record.story.amount, language.value, { currency: session.value?.currency });
  const isTaken = record.outcome.state === 'answered' && record.outcome.answer.status === 'approved';
  showToast({
    text: t(isTaken ? 'toast.taken' : 'toast.not-taken', { sum }),
    icon: isTaken ? 'check' : 'info',
    action: { word: t('show'), run: () => go('payment', record.id) },
  });
};

const sayPrinter = (payment: string, printed: Printing): void => {
  if (printed.state !== 'refused' && printed.state !== 'unsure') return;
  showToast({
    text: `${printerWords(printed.reason ?? printed.state)} ${t('sale-is-kept')}`,
    icon: 'printer',
    action: {
      word: t('print'),
      run: () => void api(`/v1/payments/${encodeURIComponent(payment)}/prints`, { method: 'POST' }),
    },
  });
};

const Paired = () => {
  useEffect(() => {
    const stop = onOutcome(sayOutcome);
    const open = resumePayments();
    const latest = open.at(-1);
    if (latest !== undefined) go('payment', latest.id);
    void checkSession();
    const stopBox = followBox(sayPrinter);
    void loadCredit();
    return () => {
      stop();
      stopBox();
    };
  }, []);

  const parts = path.value;
  const isTask =
    tasks.includes(parts[0] ?? '') ||
    parts[2] === 'refund' ||
    parts[2] === 'reversal' ||
    parts[2] === 'limit' ||
    (parts[0] === 'services' && parts.length > 1);
  const error = lastError.value;
  const isBlind = status.value === undefined && catalogue.value === undefined && error !== undefined && parts[0] !== 'payment';
  return (
    <div class={isTask ? 'kiosk kiosk--task' : 'kiosk'}>
      <Bar />
      {isTask ? null : <Rail at={parts[0] ?? 'sell'} />}
      {isBlind ? (
        <main class="kmain kmain--state">
          <h1 class="vh">{t('sell')}</h1>
          <ErrorState error={error} onRetry={() => void readStatus()} />
        </main>
      ) : (
        screen(parts)
      )}
      <ToastHost />
    </div>
  );
};

export const App = ({ code }: { readonly code: string | undefined }) =>
  session.value === undefined ? <PairScreen code={code} /> : <Paired />;
