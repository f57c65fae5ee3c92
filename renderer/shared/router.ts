/**
 * Hash routing: `#/sales/abc` is the path ['sales', 'abc']; works under any folder and on a file.
 * Invariants: a path is at most 8 parts of 80 characters; what cannot be decoded is left out.
 */
import { computed, signal } from '@preact/signals';

export const pathOf = (hash: string): readonly string[] => {
  if (!hash.startsWith('#/')) return [];
  const parts: string[] = [];
  for (const part of hash.slice(2).split('?')[0]?.split('/') ?? []) {
    if (part === '' || part.length > 240 || parts.length >= 8) continue;
    try {
      parts.push(decodeURIComponent(part).slice(0, 80));
    } catch {
      // Not an address of ours.
    }
  }
  return parts;
};

export const hashOf = (...parts: readonly string[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;

const hash = signal(globalThis.location?.hash ?? '');

export const path = computed(() => pathOf(hash.value));

/** Starts following the address. */
export const followHash = (): (() => void) => {
  const follow = (): void => {
    hash.value = location.hash;
  };
  follow();
  addEventListener('hashchange', follow);
  return () => removeEventListener('hashchange', follow);
};

export const go = (...parts: readonly string[]): void => {
  location.hash = hashOf(...parts);
  hash.value = location.hash;
};

/** As `go`, but Back does not come here again: after a task is done. */
export const replaceWith = (...parts: readonly string[]): void => {
  history.replaceState(null, '', hashOf(...parts));
  hash.value = location.hash;
};
