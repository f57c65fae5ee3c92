/**
 * What every screen of the office knows of the centre: whether we are signed in, its status, its gateways, its open breaks, and that
 * something new came. Kept fresh by its events and, where they stop, by asking.
 * Invariants: an answer that never came changes nothing shown but `live`; a burst of events costs at most one reading a second of a kind.
 */
import { signal } from '@preact/signals';
import type {
  BreakBody,
  BreaksBody,
  CentreEvent,
  CentreGatewayBody,
  CentreGatewaysBody,
  CentreStatusBody,
  OfficeSessionBody,
} from '../../ledger-sync/central/schemas.ts';
import { type ApiAnswer, api, type RequestOptions } from '../shared/api.ts';
import { listenLive } from '../shared/live.ts';

export type SessionState = 'asking' | 'out' | 'ended' | 'in';
export const session = signal<SessionState>('asking');
export const live = signal<'opening' | 'open' | 'lost'>('opening');
export const status = signal<CentreStatusBody | undefined>(undefined);
export const gateways = signal<readonly CentreGatewayBody[]>([]);
export const openBreaks = signal<readonly BreakBody[]>([]);
/** Rises when entries came in, when a break was found, when a document changed: lists read again. */
export const entryTick = signal(0);
export const breakTick = signal(0);
export const documentTick = signal(0);
export const now = signal(Date.now());

const COALESCE_MS = 1000;
const ASK_MS = 15_000;
const CLOCK_MS = 10_000;

/** Asks the centre; a session that has ended shows the sign-in. */
export const ask = async <T>(path: string, options?: RequestOptions): Promise<ApiAnswer<T>> => {
  const answer = await api<T>(path, options);
  if (!answer.ok && answer.error.kind === 'problem' && answer.error.status === 401 && answer.error.code === 'sign-in') {
    session.value = session.value === 'in' ? 'ended' : 'out';
  }
  return answer;
};

const readStatus = async (): Promise<void> => {
  const answer = await ask<CentreStatusBody>('/v1/status');
  if (answer.ok) status.value = answer.value;
};
const readGateways = async (): Promise<void> => {
  const answer = await ask<CentreGatewaysBody>('/v1/gateways');
  if (answer.ok) gateways.value = answer.value.gateways;
};
const readBreaks = async (): Promise<void> => {
  const answer = await ask<BreaksBody>('/v1/breaks?stage=found&limit=100');
  if (answer.ok) openBreaks.value = answer.value.breaks;
};

/** Runs at once, then at most once in `COALESCE_MS`; the last call of a burst is never lost. */
const calmly = (run: () => void): { readonly call: () => void; readonly stop: () => void } => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const open = (): void => {
    timer = undefined;
    if (!isDue) return;
    isDue = false;
    start();
  };
  const start = (): void => {
    run();
    timer = setTimeout(open, COALESCE_MS);
  };
  return {
    call: () => {
      if (timer === undefined) start();
      else isDue = true;
    },
    stop: () => clearTimeout(timer),
  };
};

export const mergeGateway = (list: readonly CentreGatewayBody[], one: CentreGatewayBody): readonly CentreGatewayBody[] =>
  list.some(({ gateway }) => gateway === one.gateway)
    ? list.map((old) => (old.gateway === one.gateway ? one : old))
    : [...list, one].sort((a, b) => (a.gateway < b.gateway ? -1 : 1));

/** Follows the centre until the returned function is called. */
export const followCentre = (): (() => void) => {
  const readAll = (): void => {
    void readStatus();
    void readGateways();
    void readBreaks();
    entryTick.value += 1;
    breakTick.value += 1;
    documentTick.value += 1;
  };
  const entries = calmly(() => {
    entryTick.value += 1;
    void readStatus();
  });
  const breaks = calmly(() => {
    breakTick.value += 1;
    void readBreaks();
    void readStatus();
  });
  const take = (event: CentreEvent): void => {
    switch (event.type) {
      case 'entry': {
        const one = gateways.value.find(({ gateway }) => gateway === event.data.gateway);
        if (one !== undefined && event.data.to > one.watermark) {
          gateways.value = mergeGateway(gateways.value, {
            ...one,
            watermark: event.data.to,
            lag: Math.max(0, one.announced - event.data.to),
          });
        }
        entries.call();
        return;
      }
      case 'gateway':
        gateways.value = mergeGateway(gateways.value, event.data);
        return;
      case 'break':
        breaks.call();
        return;
      case 'document':
        documentTick.value += 1;
        return;
      case 'reset':
        readAll();
        return;
      default: {
        const never: never = event;
        void never;
      }
    }
  };
  readAll();
  const endLive = listenLive({
    url: '/v1/events',
    events: ['entry', 'gateway', 'break', 'document', 'reset'],
    onEvent: (type, data) => take({ type, data } as CentreEvent),
    onReopen: readAll,
    onState: (isOpen) => {
      live.value = isOpen ? 'open' : 'lost';
      if (!isOpen) void readStatus();
    },
  });
  const asking = setInterval(() => {
    void readStatus();
    void readGateways();
    if (live.value !== 'open') entryTick.value += 1;
  }, ASK_MS);
  const clock = setInterval(() => {
    now.value = Date.now();
  }, CLOCK_MS);
  return () => {
    endLive();
    clearInterval(asking);
    clearInterval(clock);
    entries.stop();
    breaks.stop();
  };
};

export const findSession = async (): Promise<void> => {
  const answer = await api<OfficeSessionBody>('/v1/session');
  if (answer.ok) session.value = 'in';
  else if (answer.error.kind === 'problem') session.value = 'out';
  else setTimeout(() => void findSession(), 2000);
};

export const signIn = async (password: string): Promise<ApiAnswer<OfficeSessionBody>> => {
  const answer = await api<OfficeSessionBody>('/v1/sessions', { method: 'POST', body: { password } });
  if (answer.ok) session.value = 'in';
  return answer;
};

export const signOut = async (): Promise<void> => {
  await api('/v1/session', { method: 'DELETE' });
  session.value = 'out';
};

export const siteOf = (gateway: string): string => gateways.value.find((one) => one.gateway === gateway)?.site ?? gateway;
