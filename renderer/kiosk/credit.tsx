/**
 * The way to the screens of khata and vouchers: fetched once, soon after the page stands, or when one is opened before that. Until they are
 * there a placeholder stands; where the box did not answer, the way to ask again.
 */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorState, Skeleton } from '../shared/states.tsx';

export type CreditScreens = typeof import('./credit-screens.tsx');

const loaded = signal<CreditScreens | undefined>(undefined);
const isLost = signal(false);

export const loadCredit = async (): Promise<void> => {
  if (loaded.value !== undefined) return;
  try {
    isLost.value = false;
    loaded.value = await import('./credit-screens.tsx');
  } catch {
    isLost.value = true;
  }
};

const UNREACHABLE = { kind: 'unreachable', code: 'unreachable', detail: '' } as const;

export const Credit = ({ show }: { readonly show: (screens: CreditScreens) => ComponentChildren }) => {
  useEffect(() => void loadCredit(), []);
  const screens = loaded.value;
  if (screens !== undefined) return <>{show(screens)}</>;
  return isLost.value ? <ErrorState error={UNREACHABLE} onRetry={() => void loadCredit()} /> : <Skeleton rows={3} />;
};
