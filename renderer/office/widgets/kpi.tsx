/** One figure with its name and what it means. */
import type { ComponentChildren } from 'preact';

type KpiProps = {
  readonly title: string;
  readonly value: ComponentChildren;
  readonly seal?: ComponentChildren;
  readonly note: string;
  readonly isWide?: boolean;
};

export const Kpi = ({ title, value, seal, note, isWide = false }: KpiProps) => (
  <article class={isWide ? 'card kpi kpi--wide' : 'card kpi'}>
    <h2>{title}</h2>
    <p class="kpi__v">{value}</p>
    {seal === undefined ? null : <p class="kpi__s">{seal}</p>}
    <p class="kpi__n">{note}</p>
  </article>
);
