/** A customer: a round picture of letters, the name, the card's number. */
import type { ComponentChildren } from 'preact';
import type { AccountBody } from '../shared/api-types.ts';
import { cardNumber, initialsOf } from './customers.ts';

export const Avatar = ({ name, isLarge = false }: { readonly name: string; readonly isLarge?: boolean }) => (
  <span class={isLarge ? 'avatar avatar--l' : 'avatar'} aria-hidden="true">
    {initialsOf(name)}
  </span>
);

type PersonProps = { readonly account: Pick<AccountBody, 'id' | 'name'>; readonly label?: string; readonly children?: ComponentChildren };

export const Person = ({ account, label, children }: PersonProps) => {
  const name = account.name ?? cardNumber(account.id);
  return (
    <div class="person">
      <Avatar name={name} />
      <span class="person__n">
        {name}
        <small>
          {label === undefined ? '' : `${label} · `}
          <span class="idn">{cardNumber(account.id)}</span>
        </small>
      </span>
      {children}
    </div>
  );
};
