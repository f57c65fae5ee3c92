/**
 * What the office's pages hear: entries, gateways, breaks, documents. A gateway that talks often is announced at most once a second; one that
 * falls silent is announced when it does.
 */
import type { EventHub } from '../../main/platform/http/event-stream.ts';
import type { Timers } from '../../main/platform/timers.ts';
import type { GatewayList } from './gateways.ts';
import type { CentreEvent, CentreGatewayBody } from './schemas.ts';
import type { Break, Journal } from './tables.ts';
import { breakView } from './views.ts';

const GATEWAY_EVENT_MS = 1_000;

export class Live {
  private readonly hub: EventHub;
  private readonly gateways: GatewayList;
  private readonly timers: Timers;
  private readonly due = new Set<string>();
  private readonly states = new Map<string, CentreGatewayBody['state']>();
  private cancel: (() => void) | undefined;

  constructor(hub: EventHub, gateways: GatewayList, timers: Timers) {
    this.hub = hub;
    this.gateways = gateways;
    this.timers = timers;
  }

  entries(journal: Journal, from: number, to: number, lastSequence: number): void {
    this.publish({ type: 'entry', data: { gateway: journal.name.gateway, from, to, sequence: lastSequence } });
  }

  broke(found: Break): void {
    this.publish({ type: 'break', data: breakView(found) });
    this.gateway(found.gateway);
  }

  document(name: 'catalogue'): void {
    this.publish({ type: 'document', data: { name } });
  }

  gateway(name: string): void {
    this.due.add(name);
    this.cancel ??= this.timers.setTimer(GATEWAY_EVENT_MS, () => {
      this.cancel = undefined;
      const names = [...this.due];
      this.due.clear();
      // What cannot be read now is told with the next news; the database's own troubles are said elsewhere.
      this.tell(names).catch(() => {
        for (const due of names) this.due.add(due);
      });
    });
  }

  /** Announces gateways whose state changed with time alone: those that fell silent. */
  async watch(): Promise<void> {
    for (const body of await this.gateways.all()) {
      if (this.states.has(body.gateway) && this.states.get(body.gateway) !== body.state) this.publish({ type: 'gateway', data: body });
      this.states.set(body.gateway, body.state);
    }
  }

  stop(): void {
    this.cancel?.();
    this.hub.close();
  }

  private async tell(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const body = await this.gateways.one(name);
      if (body === undefined) continue;
      this.states.set(name, body.state);
      this.publish({ type: 'gateway', data: body });
    }
  }

  private publish(event: CentreEvent): void {
    this.hub.publish(event.type, event.data);
  }
}
