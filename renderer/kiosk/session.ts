/**
 * The pairing of this screen with its box.
 * Invariants: a session is kept together with its count of payments, or not at all; a session of which the count is lost is not used
 * again, because its ids could repeat.
 */
import { signal } from '@preact/signals';
import { type ApiAnswer, api } from '../shared/api.ts';
import type { SessionBody } from '../shared/api-types.ts';
import { keep, readJson } from '../shared/keep.ts';
import { store } from './payments.ts';

const isSession = (value: unknown): value is SessionBody =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SessionBody).session === 'string' &&
  typeof (value as SessionBody).currency === 'string';

export const session = signal<SessionBody | undefined>(readJson(keep, 'session', isSession));

export const forgetSession = (): void => {
  keep.remove('session');
  session.value = undefined;
};

const screenName = (): string => {
  const kept = keep.read('screen');
  if (kept !== undefined) return kept;
  const name = `screen-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(16).padStart(4, '0')}`;
  keep.write('screen', name);
  return name;
};

export const pair = async (code: string): Promise<ApiAnswer<SessionBody>> => {
  const answer = await api<SessionBody>('/v1/sessions', { method: 'POST', body: { code, kiosk: screenName() } });
  if (!answer.ok) return answer;
  if (!store.startSession(answer.value.session) || !keep.write('session', JSON.stringify(answer.value))) {
    return {
      ok: false,
      error: { kind: 'problem', status: 507, code: 'screen-full', title: '', detail: 'this screen cannot keep anything' },
    };
  }
  session.value = answer.value;
  return answer;
};

/** Asks the box whether it still knows this screen. Another session under our cookie counts as not paired. */
export const checkSession = async (): Promise<void> => {
  const mine = session.value;
  if (mine === undefined) return;
  const answer = await api<SessionBody>('/v1/session');
  if (answer.ok) {
    if (answer.value.session !== mine.session) forgetSession();
    else session.value = answer.value;
  } else if (answer.error.kind === 'problem' && answer.error.status === 401) forgetSession();
};
