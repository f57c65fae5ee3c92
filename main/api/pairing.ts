/**
 * The pairing code: eight digits that the box shows (a file in its private folder, its screen, its log), by which a kiosk is let in once.
 * Invariants: a code lets one kiosk in and is then replaced; guesses are limited for the whole box, so the chance of a guess stays under
 * 5 in 10^8 a minute whoever asks.
 */
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../platform/durable-file.ts';
import { type Entropy, randomDigits } from '../platform/entropy.ts';
import { createAttempts } from '../platform/http/attempts.ts';

const DEVANAGARI_ZERO = 0x966;

export type PairingAnswer = 'paired' | 'wrong-code' | 'too-many-tries';

export class Pairing {
  private code: string;
  private readonly path: string;
  private readonly entropy: Entropy;
  private readonly attempts = createAttempts({ tries: 5, perMs: 60_000, keyLimit: 1 });

  constructor(directory: string, entropy: Entropy) {
    this.path = join(directory, 'pairing-code');
    this.entropy = entropy;
    this.code = this.stored() ?? this.renew();
  }

  /** What the box shows, in two groups of four. */
  get shown(): string {
    return `${this.code.slice(0, 4)} ${this.code.slice(4)}`;
  }

  /** Checks a typed code, in Latin or in Nepali digits; blanks and hyphens do not matter. A right one is used up. */
  take(typed: string, now: number): PairingAnswer {
    if (!this.attempts.take('box', now)) return 'too-many-tries';
    const digits = typed.replace(/[\s-]/g, '').replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - DEVANAGARI_ZERO));
    const right = /^[0-9]{8}$/.test(digits) && timingSafeEqual(Buffer.from(digits), Buffer.from(this.code));
    if (!right) return 'wrong-code';
    this.attempts.forgive('box');
    this.code = this.renew();
    return 'paired';
  }

  private stored(): string | undefined {
    try {
      const text = readFileSync(this.path, 'utf8').trim();
      return /^[0-9]{8}$/.test(text) ? text : undefined;
    } catch {
      return undefined;
    }
  }

  private renew(): string {
    const code = randomDigits(this.entropy, 8);
    writeDurably(this.path, `${code}\n`);
    return code;
  }
}
