import { expect, test } from 'vitest';
import type { VillageProcess, VillageState } from '../../main/village/schemas.ts';
import { nextTry, type Try } from './try-steps.ts';

type Change = {
  readonly link?: 'up' | 'bad' | 'cut';
  readonly head?: number;
  readonly kills?: number;
  readonly pending?: number;
  readonly state?: VillageProcess['state'];
};

const stateOf = (first: Change, second: Change = {}): VillageState => {
  const box = (id: string, change: Change) => ({
    id,
    kind: 'gateway',
    state: change.state ?? 'running',
    kills: change.kills ?? 0,
    head: change.head ?? 10,
    pending: change.pending ?? 0,
    link: { state: change.link ?? 'up', since: '', detail: '' },
  });
  return { processes: [{ id: 'central', kind: 'central' }, box('syabru', first), box('gatlang', second)] } as unknown as VillageState;
};

const walk = (states: readonly VillageState[]): readonly (string | undefined)[] => {
  let at: Try | undefined;
  return states.map((state) => {
    at = nextTry(at, state);
    return at?.step;
  });
};

test('the steps follow what happens to one gateway', () => {
  expect(
    walk([
      stateOf({}),
      stateOf({ link: 'cut' }),
      stateOf({ link: 'cut', head: 11, pending: 1 }),
      stateOf({ link: 'cut', head: 11, pending: 1, kills: 1, state: 'starting' }),
      stateOf({ link: 'up', head: 11, pending: 1, kills: 1 }),
      stateOf({ link: 'up', head: 11, pending: 0, kills: 1 }),
      stateOf({ link: 'cut', head: 11, pending: 0, kills: 1 }),
    ]),
  ).toEqual(['cut', 'sell', 'kill', 'up', 'up', 'done', 'done']);
});

test('it watches the gateway whose link was cut, whichever that is', () => {
  const at = nextTry(nextTry(undefined, stateOf({})), stateOf({}, { link: 'cut' }));
  expect(at).toMatchObject({ gateway: 'gatlang', step: 'sell' });
});

test('what happens elsewhere moves nothing', () => {
  const cut = stateOf({ link: 'cut' });
  expect(walk([cut, cut, stateOf({ link: 'cut' }, { head: 99, kills: 4 })])).toEqual(['sell', 'sell', 'sell']);
});
