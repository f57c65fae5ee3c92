/** The right column of a task: the figures, the one that matters large, then the one primary action at the foot. */
import type { ComponentChildren } from 'preact';
import { Amount } from '../shared/amount.tsx';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import type { Minor } from '../shared/money.ts';

export type Figure = { readonly label: string; readonly value: Minor; readonly isShort?: boolean };
type ResultProps = {
  readonly label: string;
  readonly rows: readonly Figure[];
  readonly big: Figure | undefined;
  readonly currency: string;
  readonly note?: string | undefined;
  readonly noteSmall?: string | undefined;
  readonly noteIcon?: IconName;
  readonly children: ComponentChildren;
};

export const Result = ({ label, rows, big, currency, note, noteSmall, noteIcon = 'info', children }: ResultProps) => (
  <section class="settle" aria-label={label}>
    <dl class="sum">
      {rows.map((row) => (
        <div key={row.label}>
          <dt>{row.label}</dt>
          <dd>
            <Amount value={row.value} currency={currency} size="display" />
          </dd>
        </div>
      ))}
      {big === undefined ? null : (
        <div class={big.isShort === true ? 'sum__big sum__big--short' : 'sum__big'}>
          <dt>{big.label}</dt>
          <dd>
            <Amount value={big.value} currency={currency} size="display" />
          </dd>
        </div>
      )}
    </dl>
    {note === undefined ? null : (
      <p class="notes">
        <Icon name={noteIcon} />
        <span>
          {note}
          {noteSmall === undefined ? null : <small>{noteSmall}</small>}
        </span>
      </p>
    )}
    {children}
  </section>
);
