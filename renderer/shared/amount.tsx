/**
 * A sum of money. The whole figure stands once as hidden text, so a reader says one number; the visible glyphs are hidden from it.
 * Invariants: never wraps, never cut; in a column every Devanagari digit sits in a cell of its own, at display size not.
 */
import { language } from './i18n.ts';
import { amountParts, formatCount, type Minor } from './money.ts';

const cells = (text: string) => {
  if (language.value !== 'ne') return text;
  return [...text].map((character) => (/[०-९]/.test(character) ? <i>{character}</i> : character));
};

export type AmountProps = {
  readonly value: Minor;
  readonly currency?: string | undefined;
  readonly show?: 'always' | 'whole';
  readonly sign?: 'auto' | 'plus';
  readonly size?: 'text' | 'display';
};

export const Amount = ({ value, currency, show, sign, size = 'text' }: AmountProps) => {
  const parts = amountParts(value, language.value, { currency, show, sign });
  return (
    <span
      class={size === 'display' ? 'amt amt--display' : 'amt'}
      style={size === 'display' ? { '--length': parts.full.length } : undefined}
    >
      <span class="vh">{parts.full}</span>
      <span aria-hidden="true">
        {parts.sign}
        {parts.currency === '' ? null : <span class="cur">{parts.currency}</span>}
        <span>
          {cells(parts.whole)}
          {parts.fraction === '' ? null : (
            <span class="dec">
              {parts.fraction.slice(0, 1)}
              {cells(parts.fraction.slice(1))}
            </span>
          )}
        </span>
      </span>
    </span>
  );
};

/** A number of things, in the digits and grouping of the language. */
export const Count = ({ value }: { readonly value: number | bigint }) => {
  const text = formatCount(value, language.value);
  return (
    <span class="amt">
      <span class="vh">{text}</span>
      <span aria-hidden="true">{cells(text)}</span>
    </span>
  );
};
