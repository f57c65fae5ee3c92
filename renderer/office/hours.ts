/** The sales of a day by hour of Kathmandu, net of refunds, drawn from entries. Invariant: only entries that count (`canonical`) are summed. */
import type { CentreEntryBody } from '../../ledger-sync/central/schemas.ts';
import { isoDay, localTime } from '../shared/calendar.ts';

export type Hour = { readonly hour: number; readonly amount: bigint; readonly entries: number };

/** From the first hour with a sale to the last; empty without a sale. */
export const hoursOf = (entries: readonly CentreEntryBody[], day: string): readonly Hour[] => {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, amount: 0n, entries: 0 }));
  for (const { action, amount, at, standing } of entries) {
    if (standing !== 'canonical' || (action !== 'sale' && action !== 'refund')) continue;
    const local = localTime(at);
    const slot = local?.isoDate === day ? hours[Number(local.time.slice(0, 2))] : undefined;
    if (slot === undefined) continue;
    slot.amount += action === 'sale' ? BigInt(amount) : -BigInt(amount);
    slot.entries += 1;
  }
  const first = hours.findIndex((hour) => hour.entries > 0);
  const last = hours.findLastIndex((hour) => hour.entries > 0);
  return first === -1 ? [] : hours.slice(first, last + 1);
};

/** The first moment of a day of Kathmandu, as the centre reads times. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00+05:45`).toISOString();
/** The last moment of it. */
export const endOfDay = (day: string): string => new Date(new Date(`${day}T00:00:00+05:45`).getTime() + 86_399_999).toISOString();

export const today = (at: number): string => isoDay(at);

const NICE = [1n, 2n, 5n];
/** A round step (1, 2 or 5 times a power of ten, at least one thousand units) that gives at most four lines up to `most`, minor units. */
export const scaleOf = (most: bigint): { readonly step: bigint; readonly top: bigint } => {
  for (let power = 100_000n; ; power *= 10n) {
    for (const nice of NICE) {
      const step = nice * power;
      if (most <= step * 4n) return { step, top: most <= 0n ? step : ((most + step - 1n) / step) * step };
    }
  }
};
