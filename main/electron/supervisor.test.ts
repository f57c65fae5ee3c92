/** The supervisor's promises, over chosen runs and over random ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  delayAfter,
  idle,
  supervisorLimits as limits,
  type SupervisorEffect,
  type SupervisorInput,
  type SupervisorState,
  step,
} from './supervisor.ts';

const url = 'http://127.0.0.1:7070';
const run = (inputs: readonly SupervisorInput[], from: SupervisorState = idle) => {
  let state = from;
  const effects: SupervisorEffect[] = [];
  for (const input of inputs) {
    const next = step(state, input, limits);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
};
const exited: SupervisorInput = { kind: 'exited', chance: 0 };

describe('the supervisor', () => {
  it('shows the waiting page, starts, and shows the kiosk when ready', () => {
    const { state, effects } = run([{ kind: 'start' }, { kind: 'ready', url }]);
    expect(state).toEqual({ phase: 'running', failures: 0, url });
    expect(effects.map((effect) => effect.kind)).toEqual(['show-waiting', 'spawn', 'set-timer', 'set-timer', 'show-kiosk']);
  });

  it('starts again after a crash, with the waiting page in between', () => {
    const { state, effects } = run([{ kind: 'start' }, { kind: 'ready', url }, exited, { kind: 'timer' }]);
    expect(state).toEqual({ phase: 'starting', failures: 1 });
    expect(effects.slice(5)).toEqual([
      { kind: 'show-waiting' },
      { kind: 'set-timer', delayMs: 125 },
      { kind: 'spawn' },
      { kind: 'set-timer', delayMs: limits.readyWithinMs },
    ]);
  });

  it('kills a start that never becomes ready, and tries again', () => {
    const { state, effects } = run([{ kind: 'start' }, { kind: 'timer' }]);
    expect(effects.at(-1)).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    expect(step(state, exited, limits).state).toEqual({ phase: 'waiting', failures: 1 });
  });

  it('forgets old failures once the gateway has run well', () => {
    const before = run([{ kind: 'start' }, exited, { kind: 'timer' }, exited, { kind: 'timer' }, { kind: 'ready', url }]);
    expect(before.state).toMatchObject({ failures: 2 });
    expect(run([{ kind: 'timer' }], before.state).state).toMatchObject({ failures: 0 });
  });

  it('asks to stop, then forces it, then is finished', () => {
    const { state, effects } = run([{ kind: 'start' }, { kind: 'ready', url }, { kind: 'stop' }, { kind: 'timer' }, exited]);
    expect(state).toEqual({ phase: 'stopped' });
    expect(effects.slice(5)).toEqual([
      { kind: 'signal', signal: 'SIGTERM' },
      { kind: 'set-timer', delayMs: limits.stopWithinMs },
      { kind: 'signal', signal: 'SIGKILL' },
      { kind: 'clear-timer' },
      { kind: 'finished' },
    ]);
  });

  it('stops at once where nothing runs', () => {
    expect(run([{ kind: 'stop' }]).effects.at(-1)).toEqual({ kind: 'finished' });
    expect(run([{ kind: 'start' }, exited, { kind: 'stop' }]).effects.at(-1)).toEqual({ kind: 'finished' });
  });

  it('waits longer from failure to failure, never past the cap, never less than half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, chance) => {
          const delayMs = delayAfter(failures, chance, limits);
          const whole = Math.min(limits.longestDelayMs, limits.firstDelayMs * 2 ** Math.min(failures - 1, 20));
          expect(delayMs).toBeGreaterThanOrEqual(whole / 2);
          expect(delayMs).toBeLessThanOrEqual(whole);
        },
      ),
    );
  });

  it('never has two processes, and spawns after every failure until it is told to stop', () => {
    const input = fc.oneof(
      fc.constant<SupervisorInput>({ kind: 'ready', url }),
      fc.constant<SupervisorInput>(exited),
      fc.constant<SupervisorInput>({ kind: 'timer' }),
      fc.constant<SupervisorInput>({ kind: 'stop' }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let state = step(idle, { kind: 'start' }, limits).state;
        let alive = 1;
        for (const one of inputs) {
          if (one.kind === 'exited' && alive === 0) continue;
          if (one.kind === 'exited') alive -= 1;
          const next = step(state, one, limits);
          alive += next.effects.filter((effect) => effect.kind === 'spawn').length;
          expect(alive).toBeLessThanOrEqual(1);
          const expectsProcess = next.state.phase === 'starting' || next.state.phase === 'running' || next.state.phase === 'stopping';
          expect(alive).toBe(expectsProcess ? 1 : 0);
          // Something is always going to happen: a process that can exit, or a timer.
          if (next.state.phase === 'waiting' && state.phase !== 'waiting') expect(next.effects.map((e) => e.kind)).toContain('set-timer');
          state = next.state;
        }
      }),
    );
  });
});
