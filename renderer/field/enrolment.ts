/**
 * How far the enrolment is, kept fresh by the box's events and by asking every few seconds.
 * Invariants: a lost answer changes nothing shown; without a pairing the page asks for the code.
 */
import { signal } from '@preact/signals';
import { type ApiError, api } from '../shared/api.ts';
import type { EnrolmentBody, SessionBody, StatusBody } from '../shared/api-types.ts';
import { listenLive } from '../shared/live.ts';

export const enrolment = signal<EnrolmentBody | undefined>(undefined);
export const link = signal<StatusBody['link'] | undefined>(undefined);
export const lastError = signal<ApiError | undefined>(undefined);
export const isPaired = signal<boolean | undefined>(undefined);

const POLL_MS = 5000;

export const readEnrolment = async (): Promise<void> => {
  const answer = await api<EnrolmentBody>('/v1/enrolment', { timeoutMs: 6000 });
  if (answer.ok) {
    enrolment.value = answer.value;
    isPaired.value = true;
    lastError.value = undefined;
  } else if (answer.error.kind === 'problem' && answer.error.status === 401) isPaired.value = false;
  else lastError.value = answer.error;
};

const readLink = async (): Promise<void> => {
  const answer = await api<StatusBody>('/v1/status', { timeoutMs: 6000 });
  if (answer.ok) link.value = answer.value.link;
};

export const pair = async (code: string): Promise<ApiError | undefined> => {
  const answer = await api<SessionBody>('/v1/sessions', { method: 'POST', body: { code, kiosk: 'field' } });
  if (!answer.ok) return answer.error;
  isPaired.value = true;
  return undefined;
};

export const askWith = async (voucher: string): Promise<ApiError | undefined> => {
  const answer = await api<EnrolmentBody>('/v1/enrolment', { method: 'POST', body: { voucher } });
  if (!answer.ok) return answer.error;
  enrolment.value = answer.value;
  return undefined;
};

/** Starts following; the returned function ends it. */
export const followEnrolment = (): (() => void) => {
  const readAll = (): void => {
    void readEnrolment();
    void readLink();
  };
  readAll();
  const stop = listenLive({
    url: '/v1/events',
    events: ['enrolment', 'link'],
    onEvent: (type, data) => {
      if (type === 'link') link.value = data as StatusBody['link'];
      else enrolment.value = data as EnrolmentBody;
    },
    onReopen: readAll,
  });
  const timer = setInterval(readAll, POLL_MS);
  return () => {
    stop();
    clearInterval(timer);
  };
};
