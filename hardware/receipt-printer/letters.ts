/**
 * The canvas and its letters, loaded at the first use and kept: a gateway that prints no picture pays nothing. Mukta has the kiosk's
 * letters, Latin and Devanagari; where it is not installed, a Noto of the system; where there is neither, an answer that says so.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';

type Canvas = typeof import('@napi-rs/canvas');
export type Letters = { readonly canvas: Canvas; readonly families: string };

const REGULAR = 500;
const BOLD = 700;
let loaded: Promise<Result<Letters, string>> | undefined;

export function loadLetters(): Promise<Result<Letters, string>> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Result<Letters, string>> {
  let canvas: Canvas;
  try {
    canvas = await import('@napi-rs/canvas');
  } catch (error) {
    return err(`the package @napi-rs/canvas does not load (${error instanceof Error ? error.message : String(error)})`);
  }
  if (registerMukta(canvas)) return ok({ canvas, families: '"Receipt Latin", "Receipt Devanagari"' });
  if (canvas.GlobalFonts.has('Noto Sans Devanagari')) return ok({ canvas, families: '"Noto Sans", "Noto Sans Devanagari"' });
  return err('there are no Devanagari letters: install the package @fontsource/mukta or the Debian package fonts-noto-core');
}

function registerMukta(canvas: Canvas): boolean {
  const resolve = createRequire(import.meta.url).resolve;
  try {
    for (const weight of [REGULAR, BOLD]) {
      for (const [script, family] of [
        ['latin', 'Receipt Latin'],
        ['devanagari', 'Receipt Devanagari'],
      ] as const) {
        const file = readFileSync(resolve(`@fontsource/mukta/files/mukta-${script}-${weight}-normal.woff`));
        if (canvas.GlobalFonts.register(file, family) === null) return false;
      }
    }
    return true;
  } catch {
    return false;
  }
}

export const fontOf = (letters: Letters, sizePx: number, isBold: boolean): string =>
  `${isBold ? BOLD : REGULAR} ${sizePx}px ${letters.families}, sans-serif`;
