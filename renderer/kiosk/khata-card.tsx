/** A customer's khata: what is owed, the limit, what can be done, and the statement. Without one, the way to open it. */
import { useEffect, useState } from 'preact/hooks';
import { Amount } from '../shared/amount.tsx';
import { type ApiError, api } from '../shared/api.ts';
import type { AccountBody, StatementBody } from '../shared/api-types.ts';
import { isSameDay, shortDayText, timeText } from '../shared/calendar.ts';
import { language } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';
import { ErrorState, Skeleton } from '../shared/states.tsx';
import { now } from './box.ts';
import { OwedMoney } from './owed-money.tsx';
import { actionIcon, actionWord } from './story-words.ts';
import { t } from './words-credit.ts';

const PAGE = 50;

/** `owner`: the account by which the customer's page is reached. */
export const KhataCard = ({ khata, owner }: { readonly khata: AccountBody | 'none'; readonly owner: string }) => (
  <article class="acct">
    <h2>
      <Icon name="book-open" />
      {t('khata')}
    </h2>
    {khata === 'none' ? null : <OwedMoney account={khata} />}
    <div class="acct__act">
      {khata === 'none' ? (
        <a class="btn" href={hashOf('customers', owner, 'limit')}>
          <Icon name="plus" />
          {t('khata.open')}
        </a>
      ) : (
        <>
          <a class="btn btn--primary" href={hashOf('services', 'repayment', khata.id)}>
            <Icon name="arrow-in" />
            {t('service.repayment')}
          </a>
          <a class="btn" href={hashOf('customers', owner, 'limit')}>
            <Icon name="pencil" />
            {t('limit.change')}
          </a>
        </>
      )}
    </div>
  </article>
);

type Line = StatementBody['lines'][number];

const StatementRow = ({ line }: { readonly line: Line }) => {
  const owed = -BigInt(line.balance);
  // More is owed where less is held: a sale stands with a plus in a book of debts.
  const change = -BigInt(line.change);
  return (
    <tr>
      <td>
        {isSameDay(line.at, now.value) ? t('today') : shortDayText(line.at, language.value)} {timeText(line.at, language.value)}
      </td>
      <th scope="row">
        <span class="wi">
          <Icon name={actionIcon(line.method, line.action)} />
          {actionWord(line.method, line.action)}
        </span>
      </th>
      <td class="r">
        <Amount value={change === 0n ? line.amount : change} {...(change === 0n ? {} : { sign: change > 0n ? 'plus' : 'auto' })} />
      </td>
      <td class="r">
        <Amount value={owed} />
      </td>
    </tr>
  );
};

/** Newest first; read again when the khata changed. */
export const KhataStatement = ({ khata }: { readonly khata: AccountBody }) => {
  const [lines, setLines] = useState<readonly Line[] | undefined>(undefined);
  const [next, setNext] = useState<string | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const read = async (before?: string): Promise<void> => {
    const from = before === undefined ? '' : `&before=${encodeURIComponent(before)}`;
    const answer = await api<StatementBody>(`/v1/accounts/${encodeURIComponent(khata.id)}/statement?limit=${PAGE}${from}`);
    setError(answer.ok ? undefined : answer.error);
    if (!answer.ok) return;
    setLines((held) => (before === undefined ? answer.value.lines : [...(held ?? []), ...answer.value.lines]));
    setNext(answer.value.next);
  };
  useEffect(() => {
    void read();
  }, [khata.id, khata.availableHere, khata.limit]);
  return (
    <section class="stmt" aria-label={t('khata.statement')}>
      <h2>{t('khata.statement')}</h2>
      {error === undefined ? null : <ErrorState error={error} onRetry={() => void read()} />}
      {lines === undefined && error === undefined ? <Skeleton /> : null}
      {lines === undefined ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section class="tscroll" tabIndex={0} aria-label={t('statement')}>
          <table class="tbl">
            <thead>
              <tr>
                <th scope="col">{t('when')}</th>
                <th scope="col">{t('what')}</th>
                <th scope="col" class="r">
                  {t('amount')}
                </th>
                <th scope="col" class="r">
                  {t('legend.owed')}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <StatementRow key={line.number} line={line} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {next === undefined ? null : (
        <button type="button" class="btn" onClick={() => void read(next)}>
          {t('older')}
        </button>
      )}
    </section>
  );
};
