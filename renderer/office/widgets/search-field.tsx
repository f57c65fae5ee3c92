/** The search of the bar. `/` focuses it from anywhere; Enter looks; Esc leaves it. */
import { useEffect, useRef } from 'preact/hooks';
import type { CentreEntriesBody, CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Icon } from '../../shared/icon.tsx';
import { go } from '../../shared/router.ts';
import { showToast } from '../../shared/toast.tsx';
import { ask, gateways } from '../centre.ts';
import { readSearch } from '../search.ts';
import { t } from '../words.ts';
import { isTyping } from './keys.ts';

const PAGES = 10;

/** An entry by its number: the centre lists by its own order, so the newest pages of that box are looked through. */
const findNumber = async (gateway: string, number: number): Promise<CentreEntryBody | undefined> => {
  let after: number | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await ask<CentreEntriesBody>(`/v1/entries?gateway=${gateway}&limit=500${after === undefined ? '' : `&after=${after}`}`);
    if (!answer.ok) return undefined;
    const found = answer.value.entries.find((entry) => entry.number === number);
    if (found !== undefined || answer.value.next === undefined) return found;
    after = answer.value.next;
  }
  return undefined;
};

export const SearchField = () => {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const look = async (): Promise<void> => {
    const search = readSearch(field.current?.value ?? '', gateways.value);
    switch (search.kind) {
      case 'nothing':
        return;
      case 'too-long':
        showToast({ text: t('search.too-long') });
        return;
      case 'hash':
        return go('ledger', 'entries', search.hash);
      case 'number': {
        const found = await findNumber(search.gateway, search.number);
        if (found === undefined) showToast({ text: t('search.none', { what: `${search.gateway} #${search.number}` }), icon: 'search' });
        else go('ledger', 'entries', found.hash);
        return;
      }
      case 'account':
        return go('accounts', search.account);
      case 'text':
        return go('accounts', 'find', search.text);
      default: {
        const never: never = search;
        void never;
      }
    }
  };
  return (
    <search>
      <form
        class="osearch"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        <Icon name="search" />
        <label class="vh" for="osearch">
          {t('search.label')}
        </label>
        <input
          id="osearch"
          ref={field}
          type="search"
          maxLength={80}
          placeholder={t('search.place')}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <span class="kbd" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
};
