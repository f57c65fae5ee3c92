/** The one layer above a page: a dialog with a way back; Escape and a touch beside it close it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import { t } from './words.ts';

type SheetProps = { readonly title: string; readonly onClose: () => void; readonly children: ComponentChildren };

export const Sheet = ({ title, onClose, children }: SheetProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const one = dialog.current;
    one?.showModal();
    const beside = (event: MouseEvent): void => {
      if (event.target === one) one?.close();
    };
    one?.addEventListener('click', beside);
    return () => one?.removeEventListener('click', beside);
  }, []);
  return (
    <dialog class="sheet" ref={dialog} aria-labelledby="sheet-title" onClose={onClose}>
      <div class="sheet__in">
        <div class="sheet__h">
          <h2 id="sheet-title">{title}</h2>
          <button type="button" class="btn btn--icon btn--quiet" onClick={() => dialog.current?.close()}>
            <Icon name="x" />
            <span class="vh">{t('close')}</span>
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
};
