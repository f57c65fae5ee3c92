/**
 * Numbers for what repeats: accounts and words. The maps only save a lookup; they are bounded, and forgotten whenever a transaction
 * did not commit, because they may then name rows that do not exist.
 */
import type Database from 'better-sqlite3';
import { type AccountId, kindOf } from '../../ledger/account.ts';

const MAX_CACHED = 200_000;

export type Words = {
  wordId(text: string): number;
  /** The account's row, made by this journal where it is new. */
  accountRow(account: AccountId, currency: string, journal: number): number;
  accountRowIfKnown(account: string, currency: string): number | undefined;
  forget(): void;
};

export function createWords(database: Database.Database): Words {
  const findWord = database.prepare<[string], { id: number }>('SELECT id FROM word WHERE text = ?');
  const addWord = database.prepare<[string]>('INSERT INTO word (text) VALUES (?)');
  const findAccount = database.prepare<[string, string], { id: number }>('SELECT id FROM account WHERE name = ? AND currency = ?');
  const addAccount = database.prepare<[string, string, string, number]>(
    'INSERT INTO account (name, currency, kind, first_journal) VALUES (?, ?, ?, ?)',
  );
  const words = new Map<string, number>();
  const accounts = new Map<string, Map<string, number>>();
  let cachedAccounts = 0;

  const rememberAccount = (account: string, currency: string, id: number): number => {
    if (cachedAccounts >= MAX_CACHED) {
      accounts.clear();
      cachedAccounts = 0;
    }
    let ofCurrency = accounts.get(currency);
    if (ofCurrency === undefined) {
      ofCurrency = new Map();
      accounts.set(currency, ofCurrency);
    }
    ofCurrency.set(account, id);
    cachedAccounts += 1;
    return id;
  };

  const accountRowIfKnown = (account: string, currency: string): number | undefined => {
    const cached = accounts.get(currency)?.get(account);
    if (cached !== undefined) return cached;
    const found = findAccount.get(account, currency);
    return found === undefined ? undefined : rememberAccount(account, currency, found.id);
  };

  return {
    wordId(text) {
      const cached = words.get(text);
      if (cached !== undefined) return cached;
      const id = findWord.get(text)?.id ?? Number(addWord.run(text).lastInsertRowid);
      if (words.size >= MAX_CACHED) words.clear();
      words.set(text, id);
      return id;
    },
    accountRow(account, currency, journal) {
      const known = accountRowIfKnown(account, currency);
      if (known !== undefined) return known;
      return rememberAccount(account, currency, Number(addAccount.run(account, currency, kindOf(account), journal).lastInsertRowid));
    },
    accountRowIfKnown,
    forget() {
      words.clear();
      accounts.clear();
      cachedAccounts = 0;
    },
  };
}
