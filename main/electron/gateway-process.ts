/**
 * Runs the supervisor's effects: the gateway as a Node 24 process of its own, so that a crash of the screen stops no payment.
 * Invariants: one child at a time; its output costs bounded memory; the port it first got is asked for again, because the page's
 * storage (payments that wait for their answer) belongs to that origin. Where Linux's setpriv is there, the kernel ends the gateway
 * when the shell dies, so that a shell that starts again does not find its data taken.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertNever } from '../../ledger-sync/ledger/result.ts';
import { GATEWAY_NODE_FLAGS } from '../platform/node-flags.ts';
import { makeLineReader } from './lines.ts';
import { parseReadyLine } from './ready-line.ts';
import { idle, type SupervisorEffect, type SupervisorInput, type SupervisorLimits, type SupervisorState, step } from './supervisor.ts';

export type GatewayPlan = {
  readonly node: string;
  readonly cli: string;
  /** Where the gateway's code stands; it runs there. */
  readonly root: string;
  readonly dataFolder: string;
  readonly http: string;
  readonly extraArguments: readonly string[];
};

export type GatewayScreen = { readonly showWaiting: () => void; readonly showKiosk: (origin: string) => void };

export type GatewayDoors = {
  readonly limits: SupervisorLimits;
  readonly chance: () => number;
  /** One line of the log; it may drop lines when nobody reads them. */
  readonly log: (line: string) => void;
};

export type GatewayProcess = {
  readonly start: () => void;
  /** Resolves when the gateway is gone. */
  readonly stop: () => Promise<void>;
};

const setpriv = '/usr/bin/setpriv';

const commandOf = (plan: GatewayPlan, http: string): readonly [string, readonly string[]] => {
  const args = [...GATEWAY_NODE_FLAGS, plan.cli, 'gateway', '--data', plan.dataFolder, '--http', http, ...plan.extraArguments];
  if (process.platform !== 'linux' || !existsSync(setpriv)) return [plan.node, args];
  return [setpriv, ['--pdeathsig', 'SIGTERM', '--', plan.node, ...args]];
};

/** What the child may know: not the switches that turn Electron's or Node's own behaviour; where compiled code is kept, so that it starts sooner. */
const childEnv = (root: string): NodeJS.ProcessEnv => {
  const kept: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: join(root, 'dist/.compile-cache'), ...process.env };
  for (const name of Object.keys(kept)) if (name.startsWith('ELECTRON_') || name.startsWith('NODE_OPTIONS')) delete kept[name];
  return kept;
};

export const makeGatewayProcess = (plan: GatewayPlan, screen: GatewayScreen, doors: GatewayDoors): GatewayProcess => {
  let state: SupervisorState = idle;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let http = plan.http;
  let onFinished: (() => void) | undefined;

  const clearTimer = (): void => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
  };

  const spawnGateway = (): void => {
    const [command, args] = commandOf(plan, http);
    const started = spawn(command, args, { cwd: plan.root, env: childEnv(plan.root), stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    let isGone = false;
    const gone = (why: string): void => {
      if (isGone) return;
      isGone = true;
      if (child === started) child = undefined;
      doors.log(`gateway: ${why}`);
      feed({ kind: 'exited', chance: doors.chance() });
    };
    started.on('error', (error) => gone(`could not be started: ${error.message}`));
    started.on('exit', (code, signal) => gone(`ended (${signal ?? code})`));
    const out = makeLineReader((line) => {
      const ready = parseReadyLine(line);
      if (!ready.ok || isGone) return;
      http = new URL(ready.value.url).host;
      feed({ kind: 'ready', url: ready.value.url });
    });
    const log = makeLineReader(doors.log);
    started.stdout.setEncoding('utf8').on('data', out.push);
    started.stderr.setEncoding('utf8').on('data', log.push);
  };

  const perform = (effect: SupervisorEffect): void => {
    switch (effect.kind) {
      case 'spawn':
        spawnGateway();
        return;
      case 'signal':
        child?.kill(effect.signal);
        return;
      case 'set-timer':
        clearTimer();
        timer = setTimeout(() => feed({ kind: 'timer' }), effect.delayMs);
        return;
      case 'clear-timer':
        clearTimer();
        return;
      case 'show-waiting':
        screen.showWaiting();
        return;
      case 'show-kiosk':
        screen.showKiosk(effect.url);
        return;
      case 'finished':
        onFinished?.();
        return;
      default:
        assertNever(effect);
    }
  };

  function feed(input: SupervisorInput): void {
    const next = step(state, input, doors.limits);
    state = next.state;
    for (const effect of next.effects) perform(effect);
  }

  return {
    start: () => feed({ kind: 'start' }),
    stop: () =>
      new Promise((resolve) => {
        onFinished = resolve;
        if (state.phase === 'stopped') resolve();
        else feed({ kind: 'stop' });
      }),
  };
};
