/** What the village's page is told. Types only: the page and its server are of one release. */
type Words = { readonly en: string; readonly ne: string };

export type VillageProcess = {
  /** `central`, `broker`, or a gateway's id. */
  readonly id: string;
  readonly kind: 'central' | 'broker' | 'gateway';
  readonly name: Words;
  readonly state: 'running' | 'starting' | 'stopped';
  readonly pid?: number;
  readonly since: string;
  readonly kills: number;
  readonly restarts: number;
  readonly url?: string;
  /** The page to open: the office, or the kiosk with the code that pairs it. */
  readonly openUrl?: string;
  readonly head?: number;
  readonly watermark?: number;
  readonly pending?: number;
  readonly link?: { readonly state: 'up' | 'bad' | 'cut'; readonly since: string; readonly detail: string };
};

export type VillageMoney = {
  /** Minor units, decimal text. */
  readonly total: string;
  readonly currency: string;
  readonly parts: readonly {
    readonly id: string;
    readonly name: Words;
    readonly kind: 'here' | 'transit' | 'else';
    readonly amount: string;
  }[];
  readonly tally: {
    readonly approved: number;
    readonly inJournal: number;
    readonly atCentre: number;
    readonly lost: number;
    readonly doubled: number;
    readonly takenBack: number;
  };
  readonly ok: boolean;
  readonly differences: readonly { readonly text: Words }[];
  /** When it was folded last. */
  readonly at: string;
};

export type VillageLogItem = { readonly at: string; readonly icon: 'link' | 'kill' | 'rain' | 'sale' | 'back'; readonly text: Words };

/** `GET /village/state`, and each `state` event of `GET /village/events`. */
export type VillageState = {
  readonly processes: readonly VillageProcess[];
  readonly money: VillageMoney;
  readonly rain: boolean;
  readonly log: readonly VillageLogItem[];
  readonly officePassword: string;
  readonly at: string;
};
