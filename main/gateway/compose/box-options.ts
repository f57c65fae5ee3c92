/** What a box is made of: where it keeps things, whom it reaches, and its doors to time, chance and the log. */
import type { Address } from '../../platform/address.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';
import type { Log } from '../../platform/log.ts';
import type { Timers } from '../../platform/timers.ts';

export type BoxOptions = {
  readonly dataDirectory: string;
  readonly cellsDirectory: string;
  /** What `chautari cell` of this machine's user proves itself by; none without it. */
  readonly localToken?: string | undefined;
  readonly mqttUrl: string;
  /** ISO 4217 code of the site; head office's books have it too. */
  readonly currency: string;
  readonly printerPath: string | undefined;
  readonly receiptLanguage: 'en' | 'ne' | 'both';
  readonly villageUrl: string | undefined;
  /** Where sensors send datagrams; without it no port is opened. */
  readonly sensorsAddress?: Address;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: Log;
};
