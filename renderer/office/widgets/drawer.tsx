/**
 * Detail beside a list. From 1200 px on a region beside the table, which stays usable; below that a dialog over it that holds the focus.
 * Focus goes to the heading when it opens; whoever closes it puts the focus back on the row.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../shared/icon.tsx';
import { t as s } from '../../shared/words.ts';

const WIDE = '(min-width: 1200px)';

const useIsWide = (): boolean => {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const follow = (): void => setWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isWide;
};

type DrawerProps = {
  readonly title: ComponentChildren;
  readonly sub?: ComponentChildren;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly footer?: ComponentChildren;
  /** A change of it moves the focus to the heading only when the drawer is a dialog. */
  readonly of: string;
};

export const Drawer = ({ title, sub, label, onClose, children, footer, of }: DrawerProps) => {
  const isWide = useIsWide();
  const box = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [of]);
  const hold = (event: KeyboardEvent): void => {
    if (isWide || event.key !== 'Tab') return;
    const stops = [...(box.current?.querySelectorAll<HTMLElement>('a[href], button, [tabindex="0"]') ?? [])];
    const first = stops[0];
    const last = stops.at(-1);
    if (first === undefined || last === undefined) return;
    const at = document.activeElement;
    if (event.shiftKey && (at === first || at === heading.current)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && at === last) {
      event.preventDefault();
      first.focus();
    }
  };
  return (
    <>
      {isWide ? null : <div class="scrim" aria-hidden="true" onClick={onClose} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is given below; the keys only hold the focus inside a dialog */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: aria-modal is given to the dialog alone */}
      <div
        ref={box}
        class="drawer"
        role={isWide ? 'complementary' : 'dialog'}
        aria-modal={isWide ? undefined : 'true'}
        aria-labelledby="drawer-title"
        onKeyDown={hold}
      >
        <div class="drawer__h">
          <div>
            <h2 id="drawer-title" tabIndex={-1} ref={heading}>
              {title}
            </h2>
            {sub === undefined ? null : <p>{sub}</p>}
          </div>
          <button type="button" class="obtn obtn--i" onClick={onClose}>
            <Icon name="x" />
            <span class="vh">{s('close')}</span>
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must be able to scroll it */}
        <section class="drawer__b" tabIndex={0} aria-label={label} data-scrolls>
          {children}
        </section>
        {footer === undefined ? null : <div class="drawer__f">{footer}</div>}
      </div>
    </>
  );
};
