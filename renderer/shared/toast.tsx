/**
 * One message at the foot of the page, with at most one action. It goes after 8 seconds, stays while the focus is in it, and a newer one
 * replaces it. Ctrl+Z does its action when that is an undo.
 */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import { t } from './words.ts';

export type ToastMessage = {
  readonly text: string;
  readonly icon?: IconName;
  readonly action?: { readonly word: string; readonly icon?: IconName; readonly isUndo?: boolean; readonly run: () => void };
};

const LIFE_MS = 8000;

const current = signal<ToastMessage | undefined>(undefined);

export const showToast = (message: ToastMessage): void => {
  current.value = message;
};

export const hideToast = (): void => {
  current.value = undefined;
};

/** Says that something was taken away and offers to put it back. */
export const showUndo = (text: string, run: () => void): void =>
  showToast({ text, icon: 'check', action: { word: t('undo'), icon: 'undo', isUndo: true, run } });

export const ToastHost = () => {
  const message = current.value;
  const [isHeld, setHeld] = useState(false);

  useEffect(() => {
    if (message === undefined || isHeld) return;
    const timer = setTimeout(hideToast, LIFE_MS);
    return () => clearTimeout(timer);
  }, [message, isHeld]);

  // At once with the picture: whoever reads the toast may press at once.
  useLayoutEffect(() => {
    const action = message?.action;
    if (action?.isUndo !== true) return;
    const undo = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      event.preventDefault();
      hideToast();
      action.run();
    };
    addEventListener('keydown', undo);
    return () => removeEventListener('keydown', undo);
  }, [message]);

  return (
    <div class="toasts" role="status" onFocusCapture={() => setHeld(true)} onBlurCapture={() => setHeld(false)}>
      {message === undefined ? null : (
        <div class="toast">
          <Icon name={message.icon ?? 'info'} />
          <span>{message.text}</span>
          {message.action === undefined ? null : (
            <button
              type="button"
              class="btn"
              onClick={() => {
                hideToast();
                setHeld(false);
                message.action?.run();
              }}
            >
              {message.action.icon === undefined ? null : <Icon name={message.action.icon} />}
              {message.action.word}
            </button>
          )}
          <button
            type="button"
            class="btn btn--icon"
            onClick={() => {
              hideToast();
              setHeld(false);
            }}
          >
            <Icon name="x" />
            <span class="vh">{t('close')}</span>
          </button>
        </div>
      )}
    </div>
  );
};
