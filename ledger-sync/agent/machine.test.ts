import { describe, expect, it } from 'vitest';
import type { EntryHash } from '../ledger/ids.ts';
import { EMPTY_HEAD, type Head } from '../ledger/journal.ts';
import { batchBytes, firstEstimate, flightBytes, silenceMs, withArrival, withLoss, withRate, withRoundTrip } from './link-estimate.ts';
import { firstState, step } from './machine.ts';
import type { Effect, Input, MachineSettings, MachineState } from './machine-types.ts';

const settings: MachineSettings = {
  keepaliveMs: 120_000,
  leastSilenceMs: 1000,
  mostSilenceMs: 60_000,
  firstRateBytesPerS: 1200,
  heartbeatMs: 60_000,
  slowRetryMs: 300_000,
  leastReconnectMs: 500,
  mostReconnectMs: 60_000,
};
const head = (number: number): Head => ({ number, hash: number === 0 ? EMPTY_HEAD.hash : (String(number).padStart(64, 'a') as EntryHash) });
type Plain<T> = T extends unknown ? Omit<T, 'nowMs'> : never;

/** A machine at work: answers `send` and `show-head` as the runner does. */
class Bench {
  state: MachineState;
  nowMs = 0;
  effects: Effect[] = [];
  private mark = 0;

  constructor(phase: 'unenrolled' | 'opening' | 'fenced', entries: number, settled = 0) {
    this.state = firstState(phase, entries, head(settled), 0, settings);
  }

  tell(input: Plain<Input>, afterMs = 0): readonly Effect[] {
    this.nowMs += afterMs;
    this.effects = [];
    const inputs: Plain<Input>[] = [input];
    for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
      const result = step(this.state, { ...next, nowMs: this.nowMs } as Input, settings);
      this.state = result.state;
      this.effects.push(...result.effects);
      for (const effect of result.effects) {
        if (effect.type === 'show-head')
          inputs.push({ type: 'sent', after: this.state.head, to: this.state.head, bytes: 125, mark: ++this.mark });
        if (effect.type === 'send') {
          const to = effect.after + effect.limitEntries;
          inputs.push({ type: 'sent', after: effect.after, to, bytes: 100 + 7 * effect.limitEntries, mark: ++this.mark });
        }
      }
    }
    return this.effects;
  }

  ack(number: number, more: { answers?: number; standing?: 'ancestor' | 'ahead' | 'diverged'; fenced?: boolean; archived?: number } = {}) {
    const { answers = this.mark, standing = 'ancestor', fenced = false, archived = 0 } = more;
    return this.tell({ type: 'ack', received: head(number), archived, fenced, answers, standing }, 100);
  }

  gap(number: number, more: { answers?: number; reason?: 'missing' | 'undecodable'; limitEntries?: number; until?: number } = {}) {
    const { answers = this.mark, reason = 'missing', limitEntries = 4096, until = 0 } = more;
    return this.tell({ type: 'gap', received: head(number), reason, limitEntries, until, answers, standing: 'ancestor' }, 100);
  }

  tick(): readonly Effect[] {
    return this.tell({ type: 'tick' }, Math.max(0, (this.state.dueMs ?? 0) - this.nowMs));
  }

  of<T extends Effect['type']>(type: T): Extract<Effect, { type: T }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
  }
}

const streaming = (entries: number, settled: number): Bench => {
  const bench = new Bench('opening', entries, settled);
  bench.tell({ type: 'connected' });
  bench.ack(settled);
  return bench;
};

describe('J4: an exchange', () => {
  it('opens with the head alone; nothing else goes before the answer', () => {
    const bench = new Bench('opening', 10);
    bench.tell({ type: 'start' });
    expect(bench.of('connect')).toEqual([{ type: 'connect', afterMs: 0 }]);
    bench.tell({ type: 'connected' });
    expect([bench.of('show-head').length, bench.of('send').length]).toEqual([1, 0]);
    bench.tell({ type: 'journal-grew', head: 12 });
    expect(bench.of('send')).toEqual([]);
    bench.ack(4);
    expect(bench.of('send')[0]).toMatchObject({ after: 4, limitEntries: 8, fullHead: true });
  });

  it('ends in a fence where the centre is ahead or has another history', () => {
    for (const standing of ['ahead', 'diverged'] as const) {
      const bench = streaming(10, 10);
      bench.ack(11, { standing });
      expect(bench.of('fence')).toHaveLength(1);
      expect(bench.of('settle')).toEqual([]);
      expect(bench.state.phase).toBe('fenced');
      expect(bench.of('send')).toEqual([]);
      bench.tick();
      expect(bench.of('show-head')).toHaveLength(1);
      bench.ack(11, { standing });
      expect(bench.of('fence')).toEqual([]);
    }
  });

  it('P7: tells what a closed journal holds past its last acknowledged entry, once, one batch at a time', () => {
    const bench = streaming(30, 30);
    bench.tell({ type: 'disconnected' });
    bench.tell({ type: 'journal-grew', head: 100 });
    bench.tell({ type: 'connected' });
    bench.ack(60, { standing: 'diverged' });
    expect(bench.of('fence')).toHaveLength(1);
    const told: number[] = [];
    for (let answers = 0; bench.of('send').length > 0; answers++) {
      expect(answers).toBeLessThan(70);
      const [send] = bench.of('send');
      expect(bench.of('send')).toHaveLength(1);
      expect(send).toMatchObject({ after: told.at(-1) ?? 30, fullHead: true });
      // An answer to something else, or none, moves nothing.
      bench.ack(60, { standing: 'diverged', answers: 0 });
      expect(bench.of('send')).toEqual([]);
      told.push((send?.after ?? 0) + (send?.limitEntries ?? 0));
      bench.ack(60, { standing: 'diverged' });
    }
    expect(told.at(-1)).toBe(100);
    expect(bench.state.settled.number).toBe(30);
    bench.tick();
    expect(bench.of('show-head')).toHaveLength(1);
    bench.ack(60, { standing: 'diverged' });
    expect(bench.of('send')).toEqual([]);
  });

  it('P7: goes on with the branch after silence and after a new connection', () => {
    const bench = new Bench('fenced', 20, 12);
    bench.tell({ type: 'connected' });
    expect(bench.of('send')).toEqual([]);
    bench.ack(12, { fenced: true });
    expect(bench.of('send')[0]).toMatchObject({ after: 12 });
    bench.tick();
    expect(bench.of('show-head')).toHaveLength(1);
    bench.tell({ type: 'disconnected' });
    bench.tell({ type: 'connected' });
    bench.ack(12, { fenced: true });
    expect(bench.of('send')[0]).toMatchObject({ after: 12 });
    bench.ack(12, { fenced: true });
    bench.tell({ type: 'journal-grew', head: 20 });
    expect(bench.of('send')).toEqual([]);
  });

  it('goes back for a centre that was restored, only when it answers our own question', () => {
    const bench = streaming(50, 50);
    bench.ack(20, { answers: 0 });
    expect(bench.state.base).toBe(50);
    bench.tell({ type: 'disconnected' });
    bench.tell({ type: 'connected' });
    bench.ack(20, { answers: 999 });
    expect(bench.state.phase).toBe('opening');
    bench.ack(20);
    expect(bench.of('report')).toEqual([{ type: 'report', report: { code: 'centre-behind', received: 20, settled: 50 } }]);
    expect(bench.of('send')[0]).toMatchObject({ after: 20 });
    expect(bench.state.settled.number).toBe(50);
  });
});

describe('J6: the highest ACK is kept', () => {
  it('a lower or repeated one changes nothing', () => {
    const bench = streaming(100, 0);
    bench.ack(64);
    expect(bench.of('settle')).toEqual([{ type: 'settle', received: head(64), archived: 0 }]);
    for (const number of [64, 30]) {
      bench.ack(number, { answers: 0 });
      expect(bench.of('settle')).toEqual([]);
      expect([bench.state.settled.number, bench.state.base]).toEqual([64, 64]);
    }
  });

  it('J8: the archived watermark is passed on, and never lowered', () => {
    const bench = streaming(100, 100);
    bench.ack(100, { archived: 80 });
    expect(bench.of('settle')).toEqual([{ type: 'settle', received: head(100), archived: 80 }]);
    bench.ack(100, { archived: 70 });
    expect(bench.of('settle')).toEqual([]);
  });
});

describe('W5: batches follow the link', () => {
  it('the first payment goes at once, the next ones together', () => {
    const bench = streaming(0, 0);
    bench.tell({ type: 'journal-grew', head: 1 });
    expect(bench.of('send')).toMatchObject([{ after: 0, limitEntries: 1 }]);
    for (let number = 2; number < 9; number++) bench.tell({ type: 'journal-grew', head: number });
    expect(bench.of('send')).toEqual([]);
    bench.ack(1);
    expect(bench.of('send')).toMatchObject([{ after: 1, limitEntries: 7, fullHead: false }]);
  });

  it('full batches fill the window of four, within the bytes', () => {
    const bench = streaming(5000, 0);
    expect(bench.state.flights.length).toBe(4);
    expect(bench.state.flights.map(({ after }) => after)).toEqual([...bench.state.flights.map(({ after }) => after)].sort((a, b) => a - b));
    const small = firstState('opening', 5000, head(0), 0, { ...settings, firstRateBytesPerS: 100, keepaliveMs: 20_000 });
    const opened = step(
      { ...small, phase: 'streaming', isConnected: true },
      { type: 'tick', nowMs: 0 },
      { ...settings, keepaliveMs: 20_000 },
    );
    expect(opened.effects).toContainEqual(expect.objectContaining({ type: 'send', limitBytes: expect.any(Number) }));
  });

  it('bytes in flight <= rate x keepalive / 4; a batch is a few seconds of line at most', () => {
    const link = { ...firstEstimate(settings), rateBytesPerS: 300 };
    expect(flightBytes(link, settings)).toBe(9000);
    expect(batchBytes(link, settings)).toBe(900);
    expect(batchBytes({ ...link, rateBytesPerS: 50_000_000 }, settings)).toBe(256 * 1024);
  });

  it('learns within bounds', () => {
    let link = withRoundTrip(firstEstimate(settings), 800);
    expect(silenceMs(link, settings, 0, 0)).toBe(2400);
    for (let index = 0; index < 50; index++) link = withRoundTrip(link, 800);
    expect(silenceMs(link, settings, 0, 0)).toBe(1000);
    expect(silenceMs(link, settings, 0, 30)).toBe(60_000);
    for (let index = 0; index < 99; index++) link = withRate(withArrival(link), 1e12, 1, true);
    expect([link.batchEntries, link.rateBytesPerS]).toEqual([2000, 50_000_000]);
    for (let index = 0; index < 99; index++) link = withRate(withLoss(link), 0, 1000, true);
    expect([link.batchEntries, link.rateBytesPerS]).toEqual([8, 100]);
  });
});

describe('silence (W3)', () => {
  it('once: the same again; twice: only the head, with longer pauses; an answer ends it', () => {
    const bench = streaming(10, 0);
    bench.tick();
    expect(bench.of('send')).toMatchObject([{ after: 0, fullHead: true }]);
    bench.tick();
    expect([bench.of('send').length, bench.of('show-head').length, bench.state.phase]).toEqual([0, 1, 'opening']);
    const pauses: number[] = [];
    for (let index = 0; index < 8; index++) {
      const before = bench.nowMs;
      bench.tick();
      pauses.push(bench.nowMs - before);
    }
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(pauses.at(-1)).toBe(60_000);
    bench.ack(0);
    expect(bench.of('send')).toMatchObject([{ after: 0 }]);
    expect(bench.state.silences).toBe(0);
  });

  it('an idle link shows the head every heartbeat', () => {
    const bench = streaming(10, 10);
    const before = bench.nowMs;
    bench.tick();
    expect([bench.nowMs - before, bench.of('show-head').length]).toEqual([60_000, 1]);
  });

  it('a broken connection is tried again with growing pauses, and nothing is believed to be on the way', () => {
    const bench = streaming(10, 0);
    const pauses = Array.from({ length: 9 }, () => {
      bench.tell({ type: 'disconnected' });
      return bench.of('connect')[0]?.afterMs;
    });
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(bench.state.flights).toEqual([]);
    bench.tell({ type: 'tick' });
    expect(bench.of('send')).toEqual([]);
  });
});

describe('J7: GAP', () => {
  it('only what is missing goes again, with the full head (J1)', () => {
    const bench = streaming(1000, 0);
    const [first, second] = bench.state.flights;
    bench.gap(0, { answers: second?.mark as number });
    expect(first?.after).toBe(0);
    expect(bench.of('send')[0]).toMatchObject({ after: 0, fullHead: true });
    const again = bench.of('send').map(({ after, limitEntries }) => after + limitEntries);
    expect(Math.max(...again)).toBe(second?.after);
    bench.gap(0, { answers: second?.mark as number });
    expect(bench.of('send').filter(({ after }) => after === 0)).toEqual([]);
  });

  it('the same question is answered once a round trip', () => {
    const bench = streaming(8, 0);
    bench.gap(0, { answers: 0 });
    expect(bench.of('send')).toHaveLength(1);
    bench.tell({ type: 'gap', received: head(0), reason: 'missing', limitEntries: 4096, until: 0, answers: 0, standing: 'ancestor' }, 1);
    expect(bench.of('send')).toEqual([]);
  });

  it('what cannot be decoded goes in halves until it stands alone', () => {
    const bench = streaming(64, 0);
    bench.gap(0, { reason: 'undecodable', limitEntries: 32, until: 64 });
    expect(bench.of('send')[0]).toMatchObject({ after: 0, limitEntries: 32, fullHead: true });
    bench.gap(0, { reason: 'undecodable', limitEntries: 1, until: 32 });
    expect(bench.of('send')[0]).toMatchObject({ after: 0, limitEntries: 1, fullHead: true });
    bench.ack(32, { answers: 0 });
    expect(bench.state.halving).toBeUndefined();
  });

  it('a lower one is old news, a diverged one is a fence', () => {
    const bench = streaming(10, 10);
    bench.gap(4, { answers: 0 });
    expect(bench.effects).toEqual([]);
    bench.tell({ type: 'gap', received: head(10), reason: 'missing', limitEntries: 1, until: 0, answers: 0, standing: 'diverged' });
    expect(bench.of('fence')).toHaveLength(1);
  });
});

describe('W3: REJECT', () => {
  it('keeps the entries, says so once, tries slowly', () => {
    const bench = streaming(10, 0);
    bench.tell({ type: 'reject', reason: 'not-enrolled' });
    expect(bench.of('report')).toEqual([{ type: 'report', report: { code: 'rejected', reason: 'not-enrolled' } }]);
    expect(bench.state.phase).toBe('opening');
    const before = bench.nowMs;
    bench.tick();
    expect([bench.nowMs - before, bench.of('show-head').length]).toEqual([300_000, 1]);
    bench.tell({ type: 'reject', reason: 'not-enrolled' });
    expect(bench.of('report')).toEqual([]);
    bench.ack(0, { answers: 0 });
    expect(bench.state.rejected).toBeUndefined();
  });
});

describe('enrolment', () => {
  it('sends nothing before a voucher; asks with growing pauses; then opens', () => {
    const bench = new Bench('unenrolled', 3);
    expect(bench.tell({ type: 'start' })).toEqual([]);
    bench.tell({ type: 'enrol' });
    expect(bench.of('connect')).toHaveLength(1);
    bench.tell({ type: 'connected' });
    expect(bench.of('ask')).toHaveLength(1);
    const first = bench.nowMs;
    bench.tick();
    const second = bench.nowMs;
    bench.tick();
    expect(bench.of('ask')).toHaveLength(1);
    expect(bench.nowMs - second).toBeGreaterThan(second - first);
    bench.tell({ type: 'refused', reason: 'unknown', proved: false });
    expect(bench.state.phase).toBe('asking');
    bench.tell({ type: 'enrolled' });
    expect([bench.state.phase, bench.of('show-head').length]).toEqual(['opening', 1]);
  });

  it('a proved refusal ends the asking', () => {
    const bench = new Bench('unenrolled', 0);
    bench.tell({ type: 'enrol' });
    bench.tell({ type: 'connected' });
    bench.tell({ type: 'refused', reason: 'used', proved: true });
    expect(bench.state.phase).toBe('unenrolled');
    expect(bench.of('report')).toEqual([{ type: 'report', report: { code: 'refused', reason: 'used', proved: true } }]);
    bench.tell({ type: 'enrol' });
    expect(bench.of('ask')).toHaveLength(1);
  });
});
