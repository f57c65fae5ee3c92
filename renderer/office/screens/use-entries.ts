/** The entries that the filters let through, live: older pages when asked for, newer ones when the centre says that some came. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CentreEntriesBody } from '../../../ledger-sync/central/schemas.ts';
import type { ApiError } from '../../shared/api.ts';
import { ask, entryTick } from '../centre.ts';
import { type EntryList, firstPage, withNewest, withOlder } from '../entries.ts';
import { endOfDay, startOfDay } from '../hours.ts';

export type Filters = {
  readonly gateway?: string;
  readonly account?: string;
  /** Days of Kathmandu, ISO. */
  readonly from?: string;
  readonly to?: string;
};

const PAGE = 50;

const queryOf = (filters: Filters): string => {
  const query = new URLSearchParams();
  if (filters.gateway !== undefined) query.set('gateway', filters.gateway);
  if (filters.account !== undefined) query.set('account', filters.account);
  if (filters.from !== undefined) query.set('from', startOfDay(filters.from));
  if (filters.to !== undefined) query.set('to', endOfDay(filters.to));
  query.set('limit', String(PAGE));
  return query.toString();
};

export type Entries = {
  readonly list?: EntryList;
  readonly error?: ApiError;
  readonly isReading: boolean;
  readonly older: () => void;
  readonly again: () => void;
};

export const useEntries = (filters: Filters): Entries => {
  const query = queryOf(filters);
  const [state, setState] = useState<{ readonly query: string; readonly list?: EntryList; readonly error?: ApiError }>({ query });
  const [isReading, setReading] = useState(false);
  const [tries, setTries] = useState(0);
  const asked = useRef(query);
  asked.current = query;
  const tick = entryTick.value;
  useEffect(() => {
    void ask<CentreEntriesBody>(`/v1/entries?${query}`).then((answer) => {
      if (asked.current !== query) return;
      setState((before) => {
        const list = before.query === query ? before.list : undefined;
        if (!answer.ok) return list === undefined ? { query, error: answer.error } : before;
        return { query, list: list === undefined ? firstPage(answer.value) : withNewest(list, answer.value) };
      });
    });
  }, [query, tick, tries]);
  const shown = state.query === query ? state : { query };
  const older = async (): Promise<void> => {
    const next = shown.list?.next;
    if (next === undefined || isReading) return;
    setReading(true);
    const answer = await ask<CentreEntriesBody>(`/v1/entries?${query}&after=${next}`);
    setReading(false);
    if (!answer.ok || asked.current !== query) return;
    setState((before) =>
      before.query === query && before.list !== undefined ? { query, list: withOlder(before.list, answer.value) } : before,
    );
  };
  return {
    ...(shown.list === undefined ? {} : { list: shown.list }),
    ...(shown.error === undefined ? {} : { error: shown.error }),
    isReading,
    older: () => void older(),
    again: () => setTries((count) => count + 1),
  };
};
