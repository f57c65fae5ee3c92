/** Every word of the kiosk: the shared ones and its own, in both languages. */
import { wordsOf } from '../shared/i18n.ts';
import { sharedEnglish, sharedNepali } from '../shared/words.ts';
import { english } from './words-english.ts';
import { khataEnglish, khataNepali } from './words-khata.ts';
import { nepali } from './words-nepali.ts';

export const kioskEnglish = { ...sharedEnglish, ...english, ...khataEnglish } as const;
export const kioskNepali = { ...sharedNepali, ...nepali, ...khataNepali };

export const t = wordsOf(kioskEnglish, kioskNepali);
export type KioskKey = keyof typeof kioskEnglish;
