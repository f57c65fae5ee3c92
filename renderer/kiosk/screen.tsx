/** The frame's main part: a name for readers, focused when the screen opens so that a reader begins there. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

type ScreenProps = { readonly class: string; readonly title: string; readonly showsTitle?: boolean; readonly children: ComponentChildren };

/** `title` names the screen; it is hidden where the screen shows its own heading below. */
export const Screen = ({ class: className, title, showsTitle = false, children }: ScreenProps) => {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Chautari`;
  }, [title]);
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main class={`kmain ${className}`} tabIndex={-1} ref={main}>
      {showsTitle ? null : <h1 class="vh">{title}</h1>}
      {children}
    </main>
  );
};
