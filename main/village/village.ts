/**
 * The village as one place: the world of processes, what people do to it (cut, kill, rain), what happened, and whether the money is whole.
 * The page and its HTTP face read `state()`. Invariant: what it says of the money is folded anew from the journals at each look.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isPayment } from '../../ledger-sync/ledger/limit.ts';
import { type Entropy, randomFraction } from '../platform/entropy.ts';
import type { Log } from '../platform/log.ts';
import { JOURNAL_FILE } from '../store/database.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { Child } from './child.ts';
import { type CentreRow, MoneyWatch, type Whole } from './money-watch.ts';
import type { VillageLogItem, VillageProcess, VillageState } from './schemas.ts';
import { listenToEvents } from './sse-client.ts';
import type { LinkName, Site, World } from './world.ts';

const LOG_LIMIT = 60;
const LOOK_MS = 1_000;
const CENTRE_PAGE = 500;

type Words = { readonly en: string; readonly ne: string };

export class Village {
  readonly world: World;
  private readonly log: Log;
  private readonly entropy: Entropy;
  private readonly watch = new MoneyWatch();
  private readonly readers = new Map<string, Reader>();
  private readonly states = new Map<string, string>();
  private readonly happened: VillageLogItem[] = [];
  private readonly stops: (() => void)[] = [];
  private readonly listeners = new Set<() => void>();
  private whole: Whole | undefined;
  private centreAfter = 0;
  private lookedAtMs = 0;
  private raining = false;
  private looking = false;

  constructor(world: World, options: { readonly log: Log; readonly entropy: Entropy }) {
    this.world = world;
    this.log = options.log;
    this.entropy = options.entropy;
    world.onChange(() => this.onProcessChange());
    for (const site of world.sites) this.stops.push(this.listen(site));
    const timer = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
    const rain = setInterval(() => this.drop(), 2_000);
    this.stops.push(
      () => clearInterval(timer),
      () => clearInterval(rain),
    );
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  setLink(gateway: string, link: LinkName): boolean {
    const site = this.world.site(gateway);
    if (site === undefined || !this.world.setLink(gateway, link)) return false;
    const { en, ne } = site.plan.site;
    const words: Record<LinkName, Words> = {
      up: { en: `Link of ${en} is back`, ne: `${ne}को लिंक जोडियो` },
      bad: { en: `Link of ${en} made poor`, ne: `${ne}को लिंक कमजोर पारियो` },
      cut: { en: `Link of ${en} cut`, ne: `${ne}को लिंक काटियो` },
    };
    this.tell('link', words[link]);
    return true;
  }

  kill(name: string): boolean {
    const child = this.world.child(name);
    if (child === undefined || !child.kill()) return false;
    const { en, ne } = this.nameOf(name);
    this.tell('kill', { en: `${en} killed (-9)`, ne: `${ne} मारियो (-9)` });
    return true;
  }

  setRain(on: boolean): void {
    this.raining = on;
    this.tell(
      'rain',
      on
        ? { en: 'Let it rain: cuts and kills at random', ne: 'झरी सुरु: जथाभाबी काट्ने र मार्ने' }
        : { en: 'The rain has stopped', ne: 'झरी रोकियो' },
    );
    if (!on) for (const site of this.world.sites) this.world.setLink(site.plan.gateway, 'up');
  }

  stop(): void {
    for (const stop of this.stops) stop();
    for (const reader of this.readers.values()) reader.close();
  }

  state(): VillageState {
    const { world } = this;
    const money = this.whole;
    const at = new Date(world.options.clock.now()).toISOString();
    return {
      processes: [
        { ...this.process(world.central, 'central'), openUrl: `${world.central.ready?.http ?? ''}/office/` },
        this.process(world.broker, 'broker'),
        ...world.sites.map((site) => this.gateway(site)),
      ],
      money: {
        total: (money?.total ?? 0n).toString(),
        currency: 'NPR',
        parts: (money?.parts ?? []).map(({ gateway, amount }) => ({
          id: gateway,
          name: this.nameOf(gateway),
          kind: 'here' as const,
          amount: amount.toString(),
        })),
        tally: {
          approved: money?.approved ?? 0,
          inJournal: money?.inJournal ?? 0,
          atCentre: money?.atCentre ?? 0,
          lost: money?.lost ?? 0,
          doubled: money?.doubled ?? 0,
          takenBack: money?.takenBack ?? 0,
        },
        ok: money === undefined || (money.differences.length === 0 && money.lost + money.doubled + money.takenBack === 0),
        differences: (money?.differences ?? []).map(({ text }) => ({ text })),
        at: new Date(this.lookedAtMs).toISOString(),
      },
      rain: this.raining,
      log: this.happened,
      officePassword: world.officePassword(),
      at,
    };
  }

  private process(child: Child, kind: VillageProcess['kind']): VillageProcess {
    return {
      id: child.name,
      kind,
      name: this.nameOf(child.name),
      state: child.state,
      ...(child.pid === undefined ? {} : { pid: child.pid }),
      since: new Date(child.sinceMs).toISOString(),
      kills: child.kills,
      restarts: child.restarts,
      ...(child.ready?.http === undefined ? {} : { url: child.ready.http }),
    };
  }

  private gateway(site: Site): VillageProcess {
    const reader = this.reader(site);
    const code = this.world.pairingCode(site);
    const head = reader?.head().number ?? 0;
    const watermark = reader?.watermark().received.number ?? 0;
    return {
      ...this.process(site.child, 'gateway'),
      openUrl: `${site.child.ready?.http ?? ''}/kiosk/#pair=${code}`,
      head,
      watermark,
      pending: head - watermark,
      link: { state: site.link, since: new Date(site.linkSinceMs).toISOString(), detail: site.link === 'bad' ? '820 ms, 12 %' : '' },
    };
  }

  private nameOf(id: string): Words {
    if (id === 'central') return { en: 'Head office', ne: 'मुख्यालय' };
    if (id === 'broker') return { en: 'Broker', ne: 'ब्रोकर' };
    return this.world.site(id)?.plan.site ?? { en: id, ne: id };
  }

  private reader(site: Site): Reader | undefined {
    const known = this.readers.get(site.plan.gateway);
    if (known !== undefined) return known;
    const path = join(site.dataDirectory, JOURNAL_FILE);
    if (!existsSync(path)) return undefined;
    try {
      const reader = openReader(path);
      this.readers.set(site.plan.gateway, reader);
      return reader;
    } catch (fault) {
      this.log.warn({ fault }, 'a journal cannot be read yet');
      return undefined;
    }
  }

  /** One look at the money: every journal first, then head office, then the sum. */
  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.readCentre();
      for (const site of this.world.sites) {
        const reader = this.reader(site);
        if (reader !== undefined) this.watch.readJournal(site.plan.gateway, reader);
      }
      this.whole = this.watch.state();
      this.lookedAtMs = this.world.options.clock.now();
    } catch (fault) {
      this.log.debug({ fault }, 'a look at the money was put off');
    } finally {
      this.looking = false;
      this.changed();
    }
  }

  private async readCentre(): Promise<void> {
    if (this.world.central.state !== 'running') return;
    for (;;) {
      const answer = await this.world.office.send('GET', `/v1/changes?after=${this.centreAfter}&limit=${CENTRE_PAGE}`);
      if (answer.status === 401) return this.world.signIn();
      if (answer.status !== 200) return;
      const { entries } = answer.body as { entries: readonly (CentreRow & { readonly sequence: number })[] };
      this.watch.readCentre(entries);
      this.centreAfter = entries.at(-1)?.sequence ?? this.centreAfter;
      if (entries.length < CENTRE_PAGE) return;
    }
  }

  private listen(site: Site): () => void {
    const { gateway } = site.plan;
    const headers = { authorization: `Bearer ${site.client.bearer ?? ''}` };
    return listenToEvents(
      () => (site.child.state === 'running' ? site.child.ready?.http : undefined),
      '/v1/events',
      headers,
      ({ type, data }) => {
        if (type !== 'payment') return;
        const payment = data as { readonly id: string; readonly amount: string; readonly action: string };
        if (!isPayment(payment.action)) return;
        this.watch.witness(gateway, payment.id);
        const { en, ne } = site.plan.site;
        const words = ACTION_WORDS[payment.action] ?? { en: payment.action, ne: payment.action };
        this.tell('sale', {
          en: `${en}: ${words.en}, Rs ${rupees(payment.amount, 'en-IN')}, kept`,
          ne: `${ne}: ${words.ne}, रु ${rupees(payment.amount, 'hi-IN-u-nu-deva')}, राखियो`,
        });
      },
    );
  }

  private onProcessChange(): void {
    const { world } = this;
    for (const child of [world.central, world.broker, ...world.sites.map((site) => site.child)]) {
      const before = this.states.get(child.name);
      this.states.set(child.name, child.state);
      if (before === 'starting' && child.state === 'running' && child.restarts > 0) {
        const { en, ne } = this.nameOf(child.name);
        this.tell(
          'back',
          child.name === 'broker'
            ? { en: 'Broker came back with nothing; gateways send again', ne: 'ब्रोकर रित्तै फर्कियो; बाकसले फेरि पठाउँछन्' }
            : { en: `${en} came back`, ne: `${ne} फर्कियो` },
        );
      }
    }
    this.changed();
  }

  /** One drop of rain: a link changes, or a process dies. */
  private drop(): void {
    if (!this.raining) return;
    const { sites } = this.world;
    const site = sites[Math.floor(randomFraction(this.entropy) * sites.length)];
    if (site === undefined) return;
    const chance = randomFraction(this.entropy);
    if (chance < 0.45) this.setLink(site.plan.gateway, chance < 0.15 ? 'cut' : chance < 0.3 ? 'bad' : 'up');
    else if (chance < 0.65) this.kill(site.plan.gateway);
    else if (chance < 0.75) this.kill('broker');
    else if (chance < 0.85) this.kill('central');
  }

  private tell(icon: VillageLogItem['icon'], text: Words): void {
    this.happened.unshift({ at: new Date(this.world.options.clock.now()).toISOString(), icon, text });
    this.happened.length = Math.min(this.happened.length, LOG_LIMIT);
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

const ACTION_WORDS: Readonly<Record<string, Words>> = {
  sale: { en: 'sale', ne: 'बिक्री' },
  'top-up': { en: 'top-up', ne: 'रकम थपियो' },
  'cash-out': { en: 'cash out', ne: 'नगद झिकियो' },
  transfer: { en: 'transfer', ne: 'रकम पठाइयो' },
  repayment: { en: 'khata repayment', ne: 'उधारो असुली' },
  issue: { en: 'voucher sold', ne: 'भौचर बेचियो' },
  refund: { en: 'refund', ne: 'रकम फिर्ता' },
  reversal: { en: 'reversal', ne: 'उल्टाइयो' },
};

/** Minor units as rupees with lakh grouping and the digits of the language; never through a float. */
function rupees(minor: string, locale: 'en-IN' | 'hi-IN-u-nu-deva'): string {
  const padded = minor.padStart(3, '0');
  const whole = BigInt(padded.slice(0, -2)).toLocaleString(locale);
  const fraction = BigInt(padded.slice(-2)).toLocaleString(locale, { minimumIntegerDigits: 2 });
  return `${whole}.${fraction}`;
}
