/**
 * When to start the gateway, when to start it again, and when to let go: a pure machine, (state, input) -> (state, effects).
 * It never gives up: a box on a hillside has nobody to press a button. Failures in a row wait longer, up to a cap; a gateway that has
 * run well for a while starts again at once. Invariant: at most one process and one timer are alive; every effect is for the runner.
 */
import { assertNever } from '../../ledger-sync/ledger/result.ts';

export type SupervisorLimits = {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A start that has printed no ready line by then is killed and counted as a failure. */
  readonly readyWithinMs: number;
  /** After this long without a fault the failures before are forgotten. */
  readonly steadyAfterMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopWithinMs: number;
};

export const supervisorLimits: SupervisorLimits = {
  firstDelayMs: 250,
  longestDelayMs: 30_000,
  readyWithinMs: 60_000,
  steadyAfterMs: 60_000,
  stopWithinMs: 5_000,
};

export type SupervisorState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'starting'; readonly failures: number }
  | { readonly phase: 'running'; readonly failures: number; readonly url: string }
  | { readonly phase: 'waiting'; readonly failures: number }
  | { readonly phase: 'stopping' }
  | { readonly phase: 'stopped' };

export type SupervisorInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'ready'; readonly url: string }
  /** The process is gone, or could not be started. `chance` in [0, 1) spreads the delay. */
  | { readonly kind: 'exited'; readonly chance: number }
  | { readonly kind: 'timer' }
  | { readonly kind: 'stop' };

export type SupervisorEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'signal'; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Replaces the timer that is running, if any. */
  | { readonly kind: 'set-timer'; readonly delayMs: number }
  | { readonly kind: 'clear-timer' }
  | { readonly kind: 'show-waiting' }
  | { readonly kind: 'show-kiosk'; readonly url: string }
  | { readonly kind: 'finished' };

export type SupervisorStep = { readonly state: SupervisorState; readonly effects: readonly SupervisorEffect[] };

export const idle: SupervisorState = { phase: 'idle' };

/** Doubles from failure to failure up to the cap; half of it is spread by chance, so that boxes do not start in step. */
export const delayAfter = (failures: number, chance: number, limits: SupervisorLimits): number => {
  const whole = Math.min(limits.longestDelayMs, limits.firstDelayMs * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return Math.round(whole / 2 + (whole / 2) * chance);
};

const same = (state: SupervisorState): SupervisorStep => ({ state, effects: [] });

const spawn = (failures: number, limits: SupervisorLimits): SupervisorStep => ({
  state: { phase: 'starting', failures },
  effects: [{ kind: 'spawn' }, { kind: 'set-timer', delayMs: limits.readyWithinMs }],
});

const exited = (state: SupervisorState, chance: number, limits: SupervisorLimits): SupervisorStep => {
  if (state.phase === 'stopping') return { state: { phase: 'stopped' }, effects: [{ kind: 'clear-timer' }, { kind: 'finished' }] };
  if (state.phase !== 'starting' && state.phase !== 'running') return same(state);
  const failures = state.failures + 1;
  return {
    state: { phase: 'waiting', failures },
    effects: [{ kind: 'show-waiting' }, { kind: 'set-timer', delayMs: delayAfter(failures, chance, limits) }],
  };
};

const timer = (state: SupervisorState, limits: SupervisorLimits): SupervisorStep => {
  switch (state.phase) {
    case 'waiting':
      return spawn(state.failures, limits);
    case 'starting':
    case 'stopping':
      // Too slow to start, or to stop. The exit that follows moves the machine on.
      return { state, effects: [{ kind: 'signal', signal: 'SIGKILL' }] };
    case 'running':
      return same({ ...state, failures: 0 });
    case 'idle':
    case 'stopped':
      return same(state);
    default:
      return assertNever(state);
  }
};

const stop = (state: SupervisorState, limits: SupervisorLimits): SupervisorStep => {
  switch (state.phase) {
    case 'starting':
    case 'running':
      return {
        state: { phase: 'stopping' },
        effects: [
          { kind: 'signal', signal: 'SIGTERM' },
          { kind: 'set-timer', delayMs: limits.stopWithinMs },
        ],
      };
    case 'idle':
    case 'waiting':
      return { state: { phase: 'stopped' }, effects: [{ kind: 'clear-timer' }, { kind: 'finished' }] };
    case 'stopping':
    case 'stopped':
      return same(state);
    default:
      return assertNever(state);
  }
};

export const step = (state: SupervisorState, input: SupervisorInput, limits: SupervisorLimits): SupervisorStep => {
  switch (input.kind) {
    case 'start':
      if (state.phase !== 'idle') return same(state);
      return { state: { phase: 'starting', failures: 0 }, effects: [{ kind: 'show-waiting' }, ...spawn(0, limits).effects] };
    case 'ready':
      if (state.phase !== 'starting') return same(state);
      return {
        state: { phase: 'running', failures: state.failures, url: input.url },
        effects: [
          { kind: 'set-timer', delayMs: limits.steadyAfterMs },
          { kind: 'show-kiosk', url: input.url },
        ],
      };
    case 'exited':
      return exited(state, input.chance, limits);
    case 'timer':
      return timer(state, limits);
    case 'stop':
      return stop(state, limits);
    default:
      return assertNever(input);
  }
};
