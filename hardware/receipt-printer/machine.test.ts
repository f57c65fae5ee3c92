// The printer's machine under any order of inputs: what rule E1 promises holds at each step.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrintOutcome } from '../ports/receipt-printer.ts';
import { step } from './machine.ts';
import { DEFAULT_MACHINE_OPTIONS, initialState, type MachineEffect, type MachineInput, type MachineState } from './machine-state.ts';

const job = (id: string, bytes = 1_200) => ({ id, pieces: [new Uint8Array(bytes).fill(0x41), new Uint8Array(10).fill(0x42)] });
const answer = (...bytes: readonly number[]): MachineInput => ({ kind: 'bytes', bytes: Uint8Array.from(bytes) });
const fine = 0x12;

/** Runs inputs and keeps every effect. */
class Bench {
  state: MachineState = initialState();
  readonly effects: MachineEffect[] = [];
  feed(...inputs: readonly MachineInput[]): MachineEffect[] {
    const news: MachineEffect[] = [];
    for (const input of inputs) {
      const { state, effects } = step(this.state, input);
      this.state = state;
      news.push(...effects);
    }
    this.effects.push(...news);
    return news;
  }
  ready(): this {
    this.feed({ kind: 'opened' }, answer(fine), answer(fine), answer(fine));
    return this;
  }
  /** Up to the question that stands between the last byte and `done`. */
  sendAll(id: string): void {
    this.feed({ kind: 'submit', job: job(id) }, answer(fine), answer(fine), answer(fine), { kind: 'started', id });
    for (let turn = 0; turn < 20 && this.state.phase.kind === 'sending'; turn += 1) {
      this.feed(this.state.phase.waitsFor === 'answer' ? answer(fine) : { kind: 'drained' });
    }
    expect(this.state.phase.kind).toBe('confirming');
  }
}

const settled = (effects: readonly MachineEffect[]): (PrintOutcome & { id: string })[] =>
  effects.flatMap((effect) => (effect.kind === 'settle' ? [{ id: effect.id, ...effect.outcome }] : []));

describe('the machine', () => {
  it('is done when the printer says that everything is printed', () => {
    const bench = new Bench().ready();
    bench.sendAll('a');
    expect(settled(bench.feed(answer(0x00)))).toEqual([{ id: 'a', kind: 'done' }]);
  });

  it('pads what a broken job may have left before it asks anything, and only then', () => {
    const sizes = (effects: readonly MachineEffect[]) =>
      effects.flatMap((effect) => (effect.kind === 'write' ? [effect.bytes.length] : []));
    const bench = new Bench();
    expect(sizes(bench.feed({ kind: 'opened' }))).toEqual([24 * 72 + 2, 3]);
    bench.feed(answer(fine), answer(fine), answer(fine));
    bench.sendAll('a');
    expect(sizes(bench.feed(answer(0x00)))).toEqual([3]);
    bench.feed(answer(fine), answer(fine), answer(fine), { kind: 'submit', job: job('b') }, answer(fine), answer(fine), answer(fine));
    bench.feed({ kind: 'started', id: 'b' }, answer(0x13), { kind: 'drained' });
    const ticks = Array.from({ length: DEFAULT_MACHINE_OPTIONS.maxSilencesPrinting }, (): MachineInput => ({ kind: 'timer' }));
    expect(sizes(bench.feed(...ticks))).toEqual([24 * 72 + 2, 3]);
  });

  it('stops at XOFF and goes on at XON', () => {
    const bench = new Bench().ready();
    bench.feed({ kind: 'submit', job: job('a') }, answer(fine), answer(fine), answer(fine), { kind: 'started', id: 'a' });
    expect(bench.feed(answer(0x13), { kind: 'drained' }).filter((effect) => effect.kind === 'write')).toEqual([]);
    expect(bench.feed(answer(0x11)).filter((effect) => effect.kind === 'write')).toHaveLength(1);
  });

  it('does not take a late answer about an earlier job for one about this', () => {
    const bench = new Bench().ready();
    bench.sendAll('a');
    // The cover opens before `a` is confirmed, and is closed again.
    const aborted = bench.feed(answer(0x1a), answer(0x16), answer(fine));
    expect(settled(aborted)).toMatchObject([{ id: 'a', kind: 'unsure', reason: 'cover-open' }]);
    bench.feed({ kind: 'timer' }, answer(fine), answer(fine), answer(fine));
    bench.sendAll('b');
    expect(settled(bench.feed(answer(0x00)))).toEqual([]);
    expect(settled(bench.feed(answer(0x00)))).toEqual([{ id: 'b', kind: 'done' }]);
  });

  it('doubts one receipt at most when an answer was lost for good', () => {
    const bench = new Bench().ready();
    bench.sendAll('a');
    bench.feed(answer(0x1a), answer(0x16), answer(fine), { kind: 'timer' }, answer(fine), answer(fine), answer(fine));
    bench.sendAll('b');
    bench.feed(answer(0x00));
    const ticks = Array.from({ length: DEFAULT_MACHINE_OPTIONS.maxConfirmations }, (): MachineInput => ({ kind: 'timer' }));
    expect(settled(bench.feed(...ticks))).toMatchObject([{ id: 'b', kind: 'unsure', reason: 'timeout' }]);
    bench.feed(answer(fine), answer(fine), answer(fine));
    bench.sendAll('c');
    expect(settled(bench.feed(answer(0x00)))).toEqual([{ id: 'c', kind: 'done' }]);
  });

  it('refuses what was begun while the line was lost before its first byte', () => {
    const bench = new Bench().ready();
    bench.feed({ kind: 'submit', job: job('a') }, answer(fine), answer(fine), answer(fine));
    const effects = bench.feed({ kind: 'lost', detail: 'gone' }, { kind: 'started', id: 'a' });
    expect(settled(effects)).toMatchObject([{ id: 'a', kind: 'refused', reason: 'unplugged' }]);
  });

  it('refuses what the printer held back before its first byte', () => {
    const bench = new Bench().ready();
    bench.feed(answer(0x13), { kind: 'submit', job: job('a') }, answer(fine), answer(fine), answer(fine), { kind: 'started', id: 'a' });
    expect(settled(bench.feed({ kind: 'lost', detail: 'gone' }))).toMatchObject([{ id: 'a', kind: 'refused', reason: 'unplugged' }]);
  });

  it('keeps E1 under any order of inputs', () => {
    const inputs: fc.Arbitrary<string> = fc.constantFrom(
      ...['opened', 'lost', 'fine', 'fine', 'fine', 'offline', 'no-paper', 'cover', 'printed', 'xoff', 'xon', 'noise'],
      ...['drained', 'drained', 'submit', 'submit', 'started', 'started', 'not-started', 'timer', 'close'],
    );
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 120 }), (names) => run(names)),
      { numRuns: 3_000 },
    );
  });
});

const BYTES: Readonly<Record<string, number>> = {
  fine,
  offline: 0x1a,
  'no-paper': 0x72,
  cover: 0x16,
  printed: 0,
  xoff: 0x13,
  xon: 0x11,
  noise: 0xff,
};

/** Plays the driver's part strictly: a job at a time, `drained` only after a chunk, and checks each effect. */
function run(names: readonly string[]): void {
  let state = initialState();
  let current: { readonly id: string; hasBegun: boolean; isStarted: boolean; written: number } | undefined;
  let chunksOut = 0;
  let jobs = 0;
  const feed = (input: MachineInput): void => {
    const before = state.phase.kind;
    const next = step(state, input);
    state = next.state;
    let timers = 0;
    for (const effect of next.effects) {
      if (effect.kind === 'timer') timers += 1;
      if (effect.kind === 'begin') {
        expect(current).toMatchObject({ id: effect.id, hasBegun: false });
        if (current !== undefined) current.hasBegun = true;
      }
      if (effect.kind === 'write' && effect.isChunk) {
        expect(effect.bytes.length).toBeGreaterThan(0);
        expect(current?.isStarted).toBe(true);
        if (current !== undefined) current.written += effect.bytes.length;
        chunksOut = 1;
      }
      if (effect.kind === 'settle') {
        expect(current?.id).toBe(effect.id);
        const written = current?.written ?? 0;
        if (effect.outcome.kind === 'refused') expect(written).toBe(0);
        else expect(written).toBeGreaterThan(0);
        if (effect.outcome.kind === 'done') {
          expect(before).toBe('confirming');
          expect(written).toBe(1_210);
        }
        current = undefined;
        chunksOut = 0;
      }
    }
    expect(timers).toBeLessThanOrEqual(2);
  };
  for (const name of names) {
    const byte = BYTES[name];
    if (byte !== undefined) feed(answer(byte));
    else if (name === 'submit' && current === undefined) {
      jobs += 1;
      current = { id: `job-${jobs}`, hasBegun: false, isStarted: false, written: 0 };
      feed({ kind: 'submit', job: job(current.id) });
    } else if (name === 'started' && current?.hasBegun && !current.isStarted) {
      current.isStarted = true;
      feed({ kind: 'started', id: current.id });
    } else if (name === 'not-started' && current?.hasBegun && !current.isStarted) {
      const { id } = current;
      current = undefined;
      feed({ kind: 'not-started', id });
    } else if (name === 'drained' && chunksOut > 0) {
      chunksOut = 0;
      feed({ kind: 'drained' });
    } else if (name === 'opened' && !state.isOpen) feed({ kind: 'opened' });
    else if (name === 'lost' && state.isOpen) feed({ kind: 'lost', detail: 'gone' });
    else if (name === 'timer' || name === 'close') feed({ kind: name });
  }
  feed({ kind: 'close' });
  if (current?.hasBegun && !current.isStarted) {
    const { id } = current;
    current.isStarted = true;
    feed({ kind: 'started', id });
  }
  expect(current).toBeUndefined();
}
