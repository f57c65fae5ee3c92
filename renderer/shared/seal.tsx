/**
 * The seal: kept (a stone in a ring), sent (a ring pierced by an arrow), settled (a scalloped seal with a tick).
 * Invariant: one glyph, one word, one tone each, everywhere; the glyphs are used for nothing else.
 */
import type { SealState } from './api-types.ts';
import { t } from './words.ts';

const LOBES = 12;
const point = (radius: number, turn: number): string =>
  `${(12 + radius * Math.sin(turn * 2 * Math.PI)).toFixed(2)} ${(12 - radius * Math.cos(turn * 2 * Math.PI)).toFixed(2)}`;
const scallops = Array.from({ length: LOBES }, (_, lobe) => `Q${point(12.3, (lobe + 0.5) / LOBES)} ${point(9.5, (lobe + 1) / LOBES)}`).join(
  '',
);

const glyphs = {
  kept: (
    <>
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2.2" />
      <circle cx="12" cy="12" r="4.2" fill="currentColor" />
    </>
  ),
  sent: (
    <g fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
      <path d="M7.3 4.3a9 9 0 1 0 9.4 0" />
      <path d="M12 16.5V2.7M8 6.6l4-4 4 4" />
    </g>
  ),
  settled: (
    <>
      <path fill="currentColor" d={`M${point(9.5, 0)}${scallops}Z`} />
      <path class="glyph__tick" d="M7.6 12.3l3 3 5.8-6.2" />
    </>
  ),
  next: <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.2 3.2" />,
} as const;

/** The glyph alone: only where its word stands near. */
export const SealGlyph = ({ state }: { readonly state: SealState | 'next' }) => (
  <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
    {glyphs[state]}
  </svg>
);

export const Seal = ({ state, word }: { readonly state: SealState; readonly word?: string }) => (
  <span class={`seal seal--${state}`}>
    <SealGlyph state={state} />
    <span>{word ?? t(`seal.${state}`)}</span>
  </span>
);
