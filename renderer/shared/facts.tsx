/** Pairs of a name and what it is. */
import type { ComponentChildren } from 'preact';

export type Fact = { readonly name: string; readonly value: ComponentChildren };

export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl class="facts">
    {facts.map(({ name, value }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
