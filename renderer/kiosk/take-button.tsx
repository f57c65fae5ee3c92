/**
 * The one button that takes or hands out money. While it waits it keeps its width and says so; a second touch does nothing.
 * It stays on its screen for a moment, because most answers come at once, then goes to the payment's own screen.
 */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { replaceWith } from '../shared/router.ts';
import { showToast } from '../shared/toast.tsx';
import type { Draft } from './payment-store.ts';
import { inHand, startPayment } from './payments.ts';
import { session } from './session.ts';
import { t } from './words.ts';

const QUIET_MS = 150;
const PATIENCE_MS = 900;

type TakeButtonProps = {
  readonly icon: IconName;
  readonly isLeaving?: boolean;
  readonly isOff: boolean;
  /** Why it cannot be touched yet, said when it is. */
  readonly offReason?: string | undefined;
  readonly draft: () => Draft;
  readonly children: ComponentChildren;
};

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const TakeButton = ({ icon, isLeaving = false, isOff, offReason, draft, children }: TakeButtonProps) => {
  const isTaken = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    const mine = session.value;
    if (isOff) {
      if (offReason !== undefined) showToast({ text: offReason });
      return;
    }
    if (isTaken.current || mine === undefined) return;
    isTaken.current = true;
    const started = startPayment(mine.session, draft());
    if (started === undefined) {
      isTaken.current = false;
      showToast({ text: t('screen-full'), icon: 'alert' });
      return;
    }
    const quiet = setTimeout(() => setBusy(true), QUIET_MS);
    await Promise.race([started.answered, wait(PATIENCE_MS)]);
    clearTimeout(quiet);
    replaceWith('payment', started.id);
    inHand.id = undefined;
  };
  const tone = isBusy ? 'btn--busy' : isLeaving ? 'btn--leaves' : 'btn--primary';
  return (
    <button type="button" class={`btn btn--xl btn--wrap take ${tone}`} aria-disabled={isOff ? true : undefined} onClick={() => void take()}>
      <Icon name={isBusy ? 'clock' : icon} />
      <span>{isBusy ? t('taking') : children}</span>
    </button>
  );
};
