/**
 * MQTT topics (W1): `u/<gateway>` up, `d/<gateway>` down; a box that is not enrolled yet uses its voucher's id in the gateway's place, `v-<id>`.
 */
import { type GatewayId, parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';

export const ALL_UP = 'u/+';
export const upTopic = (gateway: GatewayId): string => `u/${gateway}`;
export const downTopic = (gateway: GatewayId): string => `d/${gateway}`;
export const voucherUpTopic = (voucherId: string): string => `u/v-${voucherId}`;
export const voucherDownTopic = (voucherId: string): string => `d/v-${voucherId}`;

export type Sender = { readonly kind: 'gateway'; readonly gateway: GatewayId } | { readonly kind: 'voucher'; readonly voucherId: string };
export type TopicFault = { readonly code: 'bad-topic'; readonly topic: string };

const VOUCHER_NAME = /^v-([0-9a-hjkmnp-tv-z]{4})$/;

/** A gateway must not be named like a voucher's topic: the office refuses such an id. */
export const isReservedGateway = (gateway: string): boolean => VOUCHER_NAME.test(gateway);

/** Who sent what came on `u/...`. */
export function parseUpTopic(topic: string): Result<Sender, TopicFault> {
  const name = topic.startsWith('u/') ? topic.slice(2) : '';
  const voucher = VOUCHER_NAME.exec(name)?.[1];
  if (voucher !== undefined) return ok({ kind: 'voucher', voucherId: voucher });
  const gateway = parseGatewayId(name);
  return gateway.ok ? ok({ kind: 'gateway', gateway: gateway.value }) : err({ code: 'bad-topic', topic: topic.slice(0, 80) });
}
