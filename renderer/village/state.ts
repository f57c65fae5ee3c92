/**
 * What the page knows of the village. Each `state` event carries the whole state, so a lost event costs nothing.
 * Invariant: a figure older than three seconds is shown as old, never as now.
 */
import { signal } from '@preact/signals';
import type { VillageState } from '../../main/village/schemas.ts';
import { api } from '../shared/api.ts';
import { listenLive } from '../shared/live.ts';
import { showToast } from '../shared/toast.tsx';
import { v } from './words.ts';

export const village = signal<VillageState | undefined>(undefined);
export const reach = signal<'asking' | 'yes' | 'no'>('asking');
/** This browser's clock, once a second; and how far the village's is ahead of it. */
export const now = signal(Date.now());
const aheadMs = signal(0);

/** The village's clock as this page knows it. */
export const villageNow = (): number => now.value + aheadMs.value;

const ASK_MS = 5000;
const SECOND_MS = 1000;

const take = (state: VillageState): void => {
  aheadMs.value = Date.parse(state.at) - Date.now();
  now.value = Date.now();
  village.value = state;
  reach.value = 'yes';
};

const read = async (): Promise<void> => {
  const answer = await api<VillageState>('/village/state', { timeoutMs: 4000 });
  if (answer.ok) take(answer.value);
  else if (answer.error.kind === 'unreachable') reach.value = 'no';
};

export const followVillage = (): (() => void) => {
  void read();
  const end = listenLive({
    url: '/village/events',
    events: ['state'],
    onEvent: (_type, data) => take(data as VillageState),
    onReopen: () => void read(),
    onState: (isOpen) => {
      if (!isOpen) void read();
    },
  });
  const asking = setInterval(() => void read(), ASK_MS);
  const clock = setInterval(() => {
    now.value = Date.now();
  }, SECOND_MS);
  return () => {
    end();
    clearInterval(asking);
    clearInterval(clock);
  };
};

const order = async (path: string, body: unknown): Promise<void> => {
  const answer = await api<VillageState>(path, { method: 'POST', body });
  if (!answer.ok) {
    showToast({ text: `${v('failed')} (${answer.error.code})`, icon: 'info' });
    return;
  }
  // An answer without a state (a plain "done") is followed by an event.
  if (answer.value !== undefined && answer.value.processes !== undefined) take(answer.value);
};

export const setLink = (gateway: string, state: 'up' | 'bad' | 'cut'): Promise<void> => order('/village/link', { gateway, state });
export const kill = (process: string): Promise<void> => order('/village/kill', { process });
export const setRain = (on: boolean): Promise<void> => order('/village/rain', { on });
