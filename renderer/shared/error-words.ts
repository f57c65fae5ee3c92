/** An API error in people's words: what happened, what it means and what to do, and the stable code to read over the phone. */
import type { ApiError } from './api.ts';
import { type SharedKey, sharedEnglish, t } from './words.ts';

export type ErrorWords = { readonly title: string; readonly todo: string; readonly code: string };

/** Codes that are said in the same words. */
const alike: Readonly<Record<string, string>> = {
  'bad-voucher': 'voucher',
  'malformed-json': 'invalid-body',
  'body-too-large': 'invalid-body',
  'bad-item': 'invalid-catalogue',
  'unknown-item': 'invalid-catalogue',
  timeout: 'unreachable',
};

const keyOf = (error: ApiError): SharedKey => {
  if (error.kind === 'unreachable') return 'error.unreachable';
  const key = `error.${alike[error.code] ?? error.code}`;
  if (Object.hasOwn(sharedEnglish, `${key}.do`)) return key as SharedKey;
  if (error.status === 401) return 'error.not-paired';
  if (error.status === 502 || error.status === 504) return 'error.unreachable';
  return error.status === 503 ? 'error.storage' : 'error.other';
};

export const errorWords = (error: ApiError): ErrorWords => {
  const key = keyOf(error);
  return { title: t(key), todo: t(`${key}.do` as SharedKey), code: error.code };
};
