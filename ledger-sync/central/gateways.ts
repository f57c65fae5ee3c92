/** The gateways as the office sees them: every enrolled one, and those whose voucher waits. */
import type { JournalDesk } from './journal-desk.ts';
import type { Refusals } from './refusals.ts';
import type { CentreGatewayBody } from './schemas.ts';
import type { Journal, Tables } from './tables.ts';
import { gatewayView, instant, lagOf, waitingGatewayView } from './views.ts';
import { voucherState } from './vouchers.ts';

export type GatewayList = {
  all(): Promise<readonly CentreGatewayBody[]>;
  one(gateway: string): Promise<CentreGatewayBody | undefined>;
  /** The oldest moment up to which every gateway that is not fenced has reported; undefined while one never has. */
  sureUntil(): Promise<string | undefined>;
};

export function createGatewayList(parts: {
  readonly tables: Tables;
  readonly desk: JournalDesk;
  readonly refusals: Refusals;
  readonly now: () => number;
  readonly silentAfterMs: number;
}): GatewayList {
  const { tables, desk, refusals, now, silentAfterMs } = parts;
  const grouped = (): Map<string, [Journal, ...Journal[]]> => {
    const groups = new Map<string, [Journal, ...Journal[]]>();
    for (const journal of desk.all().toSorted((left, right) => left.id - right.id)) {
      const group = groups.get(journal.name.gateway);
      if (group === undefined) groups.set(journal.name.gateway, [journal]);
      else group.push(journal);
    }
    return groups;
  };
  const countsOf = (gateway: string, breaks: ReadonlyMap<string, number>) => ({
    refused: refusals.ofTopic(`u/${gateway}`),
    breaks: breaks.get(gateway) ?? 0,
  });
  return {
    async all() {
      const breaks = await tables.breakCounts();
      const nowMs = now();
      const groups = grouped();
      const enrolled = [...groups].map(([gateway, journals]) => gatewayView(journals, countsOf(gateway, breaks), nowMs, silentAfterMs));
      const waiting = new Map(
        (await tables.vouchers(1_000))
          .filter((voucher) => voucherState(voucher, nowMs) === 'open' && !groups.has(voucher.gateway))
          .map((voucher) => [voucher.gateway, waitingGatewayView(voucher, countsOf(voucher.gateway, breaks))]),
      );
      return [...enrolled, ...waiting.values()].sort((left, right) => (left.gateway < right.gateway ? -1 : 1));
    },
    async one(gateway) {
      const journals = grouped().get(gateway);
      if (journals === undefined) return undefined;
      return gatewayView(journals, countsOf(gateway, await tables.breakCounts()), now(), silentAfterMs);
    },
    async sureUntil() {
      let sureMs = now();
      for (const journal of desk.all()) {
        if (journal.fenced !== undefined) continue;
        if (journal.lastContact === undefined) return undefined;
        const last = lagOf(journal) === 0 ? undefined : await tables.entry(journal.head.hash);
        const knownMs = lagOf(journal) === 0 ? journal.lastContact : (last?.entry.at ?? journal.enrolledAt);
        sureMs = Math.min(sureMs, knownMs);
      }
      return instant(sureMs);
    },
  };
}
