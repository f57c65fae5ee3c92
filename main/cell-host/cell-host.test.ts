/** The trace of a decision, and a decision run again on it. */
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { watCell } from '../../test/support/cells/wat-cell.ts';
import type { CellFacts, CellHost, CellTrace } from './cell.ts';
import { CellImports, FactsError } from './cell-imports.ts';
import { fakeFacts, fakePayment } from './fake-facts.ts';
import { jcoProgram } from './jco-program.ts';
import { loadCells } from './load-cells.ts';
import type { PreparedCell } from './prepared-cell.ts';
import { factsFromTrace } from './trace-facts.ts';

let host: CellHost;
beforeAll(async () => {
  host = loadCells(await ensureBuilt());
}, 240_000);

const SALE = fakePayment({ account: 'wallet:W-1042', amount: 500n });

function traceOf(decision: { trace?: CellTrace }): CellTrace {
  if (decision.trace === undefined) throw new Error('there is no trace');
  return decision.trace;
}

describe('a trace', () => {
  it('says which cell it was, what it spent, and what was read by it and by the check', () => {
    const trace = traceOf(host.decide('wallet', SALE, fakeFacts()));
    expect(trace.cell).toEqual(host.cellOf('wallet'));
    expect(trace.fuel).toBeGreaterThan(1_000);
    expect(trace.reads.accounts).toContainEqual({
      id: 'wallet:W-1042',
      found: { kind: 'wallet', currency: 'NPR', limit: '0', open: true },
      available: '50000',
    });
    expect(trace.reads.refundable).toEqual([]);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
    expect(structuredClone(trace)).toEqual(trace);
  });

  it('comes with every decision for which a cell ran, and stands beside it', () => {
    const decision = host.decide('wallet', SALE, fakeFacts());
    expect(Object.keys(decision)).not.toContain('trace');
    expect(traceOf(host.decide('wallet', { ...SALE, amount: 900_000n }, fakeFacts())).reads.accounts).not.toEqual([]);
    expect(host.decide('wallet', { ...SALE, amount: 0n }, fakeFacts()).trace).toBeUndefined();
    expect(host.decide('gold', SALE, fakeFacts()).trace).toBeUndefined();
  });

  it('is the same on every run, fuel included', () => {
    const first = host.decide('wallet', SALE, fakeFacts());
    for (let again = 0; again < 50; again += 1) expect(traceOf(host.decide('wallet', SALE, fakeFacts()))).toEqual(traceOf(first));
  });

  it('keeps an account that is not known, and its seed', () => {
    const decision = host.decide('wallet', { ...SALE, account: 'wallet:nobody' }, fakeFacts(), 'c0ffee');
    expect(traceOf(decision)).toMatchObject({ seed: 'c0ffee', reads: { accounts: [{ id: 'wallet:nobody', found: null }] } });
  });
});

describe('facts from a trace', () => {
  it.each([SALE, { ...SALE, amount: 900_000n }, { ...SALE, account: 'wallet:nobody' }, { ...SALE, action: 'top-up' }])(
    'give the same decision again',
    (payment) => {
      const first = host.decide('wallet', payment, fakeFacts());
      const again = host.decide('wallet', payment, factsFromTrace(traceOf(first)));
      expect(again).toEqual(first);
      expect(again.trace).toEqual(first.trace);
    },
  );

  it('are those of the state too', () => {
    const kept: CellFacts = { ...fakeFacts(), stateGet: (key) => (key === 'a' ? Uint8Array.of(0, 255) : undefined) };
    const imports = new CellImports([], kept);
    imports.get('a');
    imports.get('b');
    imports.set('c', Uint8Array.of(1));
    imports.get('c');
    const reads = imports.reads();
    expect(reads.state).toEqual([
      { key: 'a', value: '00ff' },
      { key: 'b', value: null },
    ]);
    const again = factsFromTrace({ reads });
    expect([again.stateGet('a'), again.stateGet('b')]).toEqual([Uint8Array.of(0, 255), undefined]);
    expect(() => again.stateGet('c')).toThrow(FactsError);
  });

  it('end where more is asked than was read, and say what', () => {
    const trace = traceOf(host.decide('cash', fakePayment({}), fakeFacts()));
    expect(() => host.decide('wallet', SALE, factsFromTrace(trace))).toThrow(FactsError);
    expect(() => factsFromTrace(trace).refundable('p.1')).toThrow('the trace has no reading of what is refundable of p.1: another version');
    expect(() => factsFromTrace(trace).available('drawer:syabru')).toThrow('no reading of what is available of drawer:syabru');
  });
});

describe('the state that the host lends', () => {
  it('can be read, and not written', () => {
    const imports = new CellImports([], { ...fakeFacts(), stateGet: () => Uint8Array.of(7) });
    expect(imports.get('host.lease')).toEqual(Uint8Array.of(7));
    expect(() => imports.set('host.lease', Uint8Array.of(8))).toThrow('are the host’s own'.replace('’', "'"));
    expect(() => imports.delete('host.lease')).toThrow('may read them only');
    expect(imports.stateWrites()).toEqual([]);
    expect(imports.ended).toMatchObject({ code: 'limit' });
  });
});

/** A module whose counters are those of the test, and which asks the host. */
const ASKING = `(module (import "host" "fuel" (global (mut i32))) (import "host" "depth" (global (mut i32))) (import "host" "ask" (func $ask))
  (export "chautari:fuel" (global 0)) (export "chautari:depth" (global 1)) (func (export "ask") (call $ask)))`;

describe('jco’s output, metered', () => {
  /** `act` is what the cell does, `ask` a call of the host from its core module; `spend` is what its own instructions take. */
  const metered = async (act: (ask: () => void) => unknown, spend = 0) => {
    const cell = await watCell('(module (memory (export "memory") 1))');
    const module = new WebAssembly.Module(new Uint8Array(await parse(ASKING)));
    const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, cell.manifest.budget.fuel);
    const depth = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
    const instantiate: ReturnType<PreparedCell['jco']['load']>['instantiate'] = (_get, given, core) => {
      const imports = given as Record<string, Record<string, (id: string) => unknown>>;
      const ask = (): void => void imports['chautari:cell/accounts']?.find?.('wallet:W-1042');
      const instance = core?.(module, { host: { fuel, depth, ask } });
      return {
        decide: () => {
          fuel.value = Math.max(-1, Number(fuel.value) - spend);
          return act(instance?.exports.ask as () => void);
        },
      };
    };
    const program = jcoProgram({ ...cell, jco: { load: () => ({ instantiate }), names: [], module: () => module } }, { metered: true });
    return { run: program.run('decide', [SALE], new CellImports(['wallet'], fakeFacts())), depth };
  };

  it('says what was spent, calls of the host included', async () => {
    const { run } = await metered(() => ({ postings: [], receipt: [] }), 1_234);
    expect(run).toEqual({ outcome: 'returned', value: { tag: 'ok', val: { postings: [], receipt: [] } }, fuel: 1_234 });
    expect((await metered((ask) => ask())).run.fuel).toBe(2_000);
  });

  it('ends a cell that asks without end', async () => {
    const { run } = await metered((ask) => {
      for (;;) ask();
    });
    // The call that it could not pay is the last one.
    expect(run).toMatchObject({ outcome: 'failed', code: 'limit', detail: 'the fuel is spent', fuel: 1_002_000 });
  });

  it('tells spent fuel from another trap', async () => {
    const trap = (): never => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    expect((await metered(trap)).run).toMatchObject({ code: 'trap', detail: 'unreachable' });
    expect((await metered(trap, 2_000_000)).run).toMatchObject({ code: 'limit', detail: 'the fuel is spent' });
  });
});
