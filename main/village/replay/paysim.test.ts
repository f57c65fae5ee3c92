/** From a file of operations to requests, and what must come of them: parser, plan, model, tally. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ExitFault } from '../../platform/exit.ts';
import { Model } from './model.ts';
import { type Operation, orderedAccounts, planReplay } from './operations.ts';
import { minorOf, type PaysimRow, readPaysim } from './paysim.ts';
import { ProgressBar } from './progress-bar.ts';
import { Tally } from './tally.ts';

const scratch = mkdtempSync(join(tmpdir(), 'chautari-paysim-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const HEADER = 'step,action,amount,nameOrig,oldBalanceOrig,newBalanceOrig,nameDest,oldBalanceDest,newBalanceDest,isFraud';
const ROW = '1,CASH_IN,100.5,C1,20,120.5,M1,0,0,0';

function file(name: string, contents: string | Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, contents);
  return path;
}

describe('a PaySim file', () => {
  it('is read into minor units, zipped or not, up to a limit', () => {
    const text = [HEADER, ROW, '', '2,TRANSFER,7,C2,-3.25,0,C3,9.9,0,0\r', '3,DEBIT,0.01,C2,0,0,B1,0,0,0'].join('\n');
    const rows = readPaysim(file('a.csv', text));
    expect(rows).toEqual([
      { action: 'CASH_IN', amount: 10_050n, origin: 'C1', destination: 'M1', originClaim: 2_000n, destinationClaim: 0n },
      { action: 'TRANSFER', amount: 700n, origin: 'C2', destination: 'C3', originClaim: -325n, destinationClaim: 990n },
      { action: 'DEBIT', amount: 1n, origin: 'C2', destination: 'B1', originClaim: 0n, destinationClaim: 0n },
    ]);
    expect(readPaysim(file('a.csv.gz', gzipSync(text)))).toEqual(rows);
    expect(readPaysim(file('a.csv', text), 2)).toEqual(rows.slice(0, 2));
  });

  it.each<[string, string | Uint8Array, string]>([
    ['empty.csv', '', 'must begin with the columns'],
    ['other.csv', 'a,b\n1,2', 'must begin with the columns'],
    ['bare.csv', `${HEADER}\n\n`, 'has no operations'],
    ['action.csv', `${HEADER}\n${ROW}\n1,STEAL,1,C1,0,0,M1,0,0,0`, 'line 3 of'],
    ['amount.csv', `${HEADER}\n${ROW.replace('100.5', '100.555')}`, 'line 2 of'],
    ['exponent.csv', `${HEADER}\n${ROW.replace('100.5', '1e3')}`, 'line 2 of'],
    ['claim.csv', `${HEADER}\n${ROW.replace(',20,', ',,')}`, 'line 2 of'],
    ['name.csv', `${HEADER}\n${ROW.replace('C1', 'C1;rm')}`, 'line 2 of'],
    ['short.csv', `${HEADER}\n1,CASH_IN,5`, 'line 2 of'],
    ['nozip.csv.gz', HEADER, 'cannot be read'],
  ])('%s is refused with the place', (name, contents, words) => {
    const read = () => readPaysim(file(name, contents));
    expect(read).toThrow(ExitFault);
    expect(read).toThrow(expect.objectContaining({ code: 2, message: expect.stringContaining(words) }));
  });

  it('becomes money without a float in between', () => {
    for (const [text, minor] of [
      ['12', 1_200n],
      ['12.3', 1_230n],
      ['12.34', 1_234n],
      ['-0.05', -5n],
      ['0', 0n],
      ['999999999999999.99', 99_999_999_999_999_999n],
    ] as const) {
      expect(minorOf(text)).toBe(minor);
    }
    for (const text of ['', '-', '.5', '5.', '1.234', '1,5', '+1', ' 1', '1e2', 'NaN', '9'.repeat(16)])
      expect(minorOf(text), text).toBeUndefined();
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n }), (minor) => {
        const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
        expect(minorOf(`${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(minor);
      }),
    );
  });
});

const row = (
  action: PaysimRow['action'],
  origin: string,
  destination: string,
  amount: bigint,
  originClaim = 0n,
  destinationClaim = 0n,
): PaysimRow => ({
  action,
  origin,
  destination,
  amount,
  originClaim,
  destinationClaim,
});

describe('a plan', () => {
  const plan = planReplay(
    [
      row('CASH_IN', 'C1', 'M9', 500n, 1_000n),
      row('PAYMENT', 'C2', 'M1', 5n, -7n),
      row('TRANSFER', 'C1', 'C3', 30n, 999n, 40n),
      row('TRANSFER', 'C2', 'C1', 1n),
      row('DEBIT', 'C3', 'B1', 2n, 77n),
      row('CASH_OUT', 'C1', 'M9', 9n),
      row('CASH_IN', 'C3', 'M9', 11n),
    ],
    ['syabru', 'gatlang'],
  );

  it('spreads the clients in their order of coming, and each stays where it is', () => {
    expect(plan.operations.map(({ gateway }) => gateway)).toEqual([0, 1, 0, 1, 0, 0, 0]);
    expect(plan.operations.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('asks for each kind what a kiosk would', () => {
    expect(plan.operations.map(({ action, account, counterparty }) => [action, account, counterparty])).toEqual([
      ['top-up', 'wallet:C1', undefined],
      ['sale', 'wallet:C2', 'merchant:M1'],
      ['transfer', 'wallet:C1', 'wallet:C3'],
      ['transfer', 'wallet:C2', 'wallet:C1'],
      ['transfer', 'wallet:C3', 'bank:B1'],
      ['cash-out', 'wallet:C1', undefined],
      ['top-up', 'wallet:C3', undefined],
    ]);
  });

  it('opens each account once at each gateway that needs it, with its first claim, and floats for all top-ups', () => {
    expect(plan.openings).toEqual([
      { gateway: 0, account: 'wallet:C1', amount: 1_000n },
      { gateway: 1, account: 'wallet:C2', amount: 0n },
      { gateway: 0, account: 'wallet:C3', amount: 40n },
      { gateway: 1, account: 'merchant:M1', amount: 0n },
      { gateway: 1, account: 'wallet:C1', amount: 0n },
      { gateway: 0, account: 'bank:B1', amount: 0n },
      { gateway: 0, account: 'float:syabru', amount: 511n },
      { gateway: 1, account: 'float:gatlang', amount: 0n },
    ]);
    expect(plan.negativeClaims).toBe(1);
  });

  it('keeps the order of operations that share a wallet', () => {
    expect(plan.operations.map(orderedAccounts)).toEqual([
      ['wallet:C1'],
      ['wallet:C2'],
      ['wallet:C1', 'wallet:C3'],
      ['wallet:C2', 'wallet:C1'],
      ['wallet:C3'],
      ['wallet:C1'],
      ['wallet:C3'],
    ]);
  });

  it('of the excerpt in the fixtures has every kind and opens whom it names', () => {
    const rows = readPaysim(join(import.meta.dirname, '../../../test/fixtures/paysim/excerpt.csv.gz'));
    const excerpt = planReplay(rows, ['syabru', 'gatlang', 'briddim']);
    expect(new Set(excerpt.operations.map(({ kind }) => kind)).size).toBe(5);
    const open = new Set(excerpt.openings.map(({ gateway, account }) => `${gateway} ${account}`));
    expect(open.size).toBe(excerpt.openings.length);
    for (const operation of excerpt.operations) {
      for (const account of [operation.account, operation.counterparty])
        if (account !== undefined) expect(open).toContain(`${operation.gateway} ${account}`);
    }
    expect(readFileSync(join(import.meta.dirname, '../../../test/fixtures/paysim/README.md'), 'utf8')).toContain('excerpt.csv.gz');
  });
});

describe('the model', () => {
  const operation = (action: Operation['action'], amount: bigint, counterparty?: string): Operation =>
    ({
      index: 0,
      kind: 'PAYMENT',
      gateway: 0,
      action,
      account: 'wallet:A',
      amount,
      ...(counterparty === undefined ? {} : { counterparty }),
    }) as Operation;

  it('moves what each action moves, and says why not', () => {
    const model = new Model(['syabru']);
    model.open({ gateway: 0, account: 'wallet:A' as never, amount: 100n });
    model.open({ gateway: 0, account: 'wallet:B' as never, amount: 0n });
    expect(model.apply(operation('sale', 30n, 'merchant:M'))).toBe('approved');
    expect(model.apply(operation('transfer', 20n, 'wallet:B'))).toBe('approved');
    expect(model.apply(operation('cash-out', 10n))).toBe('approved');
    expect(model.apply(operation('top-up', 5n))).toBe('approved');
    expect(model.apply(operation('sale', 46n, 'merchant:M'))).toBe('not-enough');
    expect(model.apply(operation('sale', 45n, 'merchant:M'))).toBe('approved');
    expect(model.apply(operation('transfer', 1n, 'wallet:A'))).toBe('to-oneself');
    expect(model.apply(operation('sale', 0n, 'merchant:M'))).toBe('not-an-amount');
    expect(Object.fromEntries(model.balances[0] ?? [])).toEqual({
      'opening:syabru': 100n,
      'wallet:A': 0n,
      'merchant:M': -75n,
      'wallet:B': -20n,
      'float:syabru': -5n,
      'agency:syabru': 5n,
      'drawer:syabru': -5n,
    });
    expect(model.entries).toEqual([7]);
  });

  it('always sums to zero', () => {
    const actions = fc.constantFrom<Operation['action']>('sale', 'transfer', 'cash-out', 'top-up');
    fc.assert(
      fc.property(fc.array(fc.tuple(actions, fc.bigInt({ min: -5n, max: 200n })), { maxLength: 40 }), (wanted) => {
        const model = new Model(['syabru']);
        model.open({ gateway: 0, account: 'wallet:A' as never, amount: 500n });
        let approved = 1;
        for (const [action, amount] of wanted) {
          const to = action === 'sale' ? 'merchant:M' : action === 'transfer' ? 'wallet:B' : undefined;
          if (model.apply(operation(action, amount, to)) === 'approved') approved++;
        }
        expect([...(model.balances[0]?.values() ?? [])].reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
        expect(model.balances[0]?.get('wallet:A') ?? 0n).toBeLessThanOrEqual(0n);
        expect(model.entries).toEqual([approved]);
      }),
    );
  });
});

describe('the tally', () => {
  it('counts, keeps the first differences, and notices an entry that was answered twice', () => {
    const tally = new Tally();
    tally.count('PAYMENT', 'approved', 'approved');
    tally.count('PAYMENT', 'not-enough', 'declined: not-enough');
    expect(tally.approved).toBe(1);
    expect(tally.outcomes.get('PAYMENT')).toEqual(
      new Map([
        ['approved', 1],
        ['declined: not-enough (not-enough)', 1],
      ]),
    );
    tally.approvedHash(0, 1, 'a');
    tally.approvedHash(1, 1, 'b');
    expect(tally.differenceCount).toBe(0);
    tally.approvedHash(0, 1, 'a');
    expect(tally.differences).toEqual(['two payments were answered with entry #1 of gateway 0']);
    for (let count = 0; count < 99; count++) tally.differ('x');
    expect([tally.differenceCount, tally.differences.length]).toEqual([100, 50]);
    for (let ms = 100; ms >= 1; ms--) tally.time(ms);
    expect([tally.quantileMs(0), tally.quantileMs(0.5), tally.quantileMs(0.99), tally.quantileMs(1)]).toEqual([1, 51, 100, 100]);
    expect(new Tally().quantileMs(0.5)).toBe(0);
  });
});

describe('the progress bar', () => {
  const shown = (isTTY: boolean) => {
    let nowMs = 0;
    let text = '';
    const bar = new ProgressBar({ isTTY, write: (part: string) => (text += part) }, { now: () => nowMs, monotonic: () => nowMs });
    return { bar, at: (ms: number) => (nowMs = ms), text: () => text };
  };

  it('is redrawn on a terminal and plain lines elsewhere, the last always', () => {
    const terminal = shown(true);
    terminal.bar.show('paying', 1, 4, 'x');
    terminal.bar.show('paying', 2, 4, 'too soon');
    terminal.at(200);
    terminal.bar.show('paying', 3, 4, 'y');
    terminal.bar.show('paying', 4, 4, 'z');
    terminal.bar.say('done');
    expect(terminal.text().split('\r')).toHaveLength(4);
    expect(terminal.text()).not.toContain('too soon');
    expect(terminal.text()).toMatch(/█{28} 4\/4 {2}20\/s {2}z\nreplay: done\n$/);

    const plain = shown(false);
    plain.bar.show('paying', 1, 4, '');
    plain.at(9_999);
    plain.bar.show('paying', 2, 4, 'too soon');
    plain.at(10_000);
    plain.bar.show('paying', 3, 4, '');
    plain.bar.show('draining', 0, 0, '3 entries to go');
    expect(plain.text().split('\n')).toHaveLength(4);
    expect(plain.text()).toContain('replay:  draining  3 entries to go\n');
    expect(plain.text()).not.toContain('\r');
  });
});
