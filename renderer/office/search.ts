/** What a person typed into the search field. Invariant: at most 64 characters are read; digits of either language are understood. */
import { inLatin } from '../shared/i18n.ts';

export type Search =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'number'; readonly gateway: string; readonly number: number }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'text'; readonly text: string };

export type NamedGateway = { readonly gateway: string; readonly site: string };

export const readSearch = (typed: string, gateways: readonly NamedGateway[]): Search => {
  const text = inLatin(typed).trim();
  if (text === '') return { kind: 'nothing' };
  if (text.length > 64) return { kind: 'too-long' };
  if (/^[0-9a-f]{64}$/i.test(text)) return { kind: 'hash', hash: text.toLowerCase() };
  const numbered = /^(.*?)\s*#?\s*([0-9]{1,15})$/.exec(text);
  const name = numbered?.[1]?.toLowerCase() ?? '';
  const named = gateways.find(({ gateway, site }) => gateway === name || site.toLowerCase() === name);
  if (numbered !== null && named !== undefined) return { kind: 'number', gateway: named.gateway, number: Number(numbered[2]) };
  if (/^[a-z]+:[A-Za-z0-9._-]{1,48}$/.test(text)) return { kind: 'account', account: text };
  return { kind: 'text', text };
};
