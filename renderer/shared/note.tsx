/** A note inside the page, never floating. `wrong` only where a person must mend something. */
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export type NoteKind = 'ok' | 'calm' | 'care' | 'wrong';

const icons: Readonly<Record<NoteKind, IconName>> = { ok: 'check', calm: 'info', care: 'info', wrong: 'alert' };

type NoteProps = {
  readonly kind: NoteKind;
  readonly icon?: IconName;
  readonly role?: 'status' | 'alert';
  readonly children: ComponentChildren;
};

export const Note = ({ kind, icon, role, children }: NoteProps) => (
  <div class={`note note--${kind}`} role={role}>
    <Icon name={icon ?? icons[kind]} />
    <div>{children}</div>
  </div>
);
