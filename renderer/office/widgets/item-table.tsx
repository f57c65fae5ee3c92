/** Items as rows of fields. A field saves when it is left or Enter is pressed; Esc puts back what stood there; bad input says why and stays. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CatalogueItemBody } from '../../../main/api/schemas.ts';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { isIconName } from '../../shared/icon-paths.ts';
import { parseAmount, plainAmount } from '../../shared/money.ts';
import { type ItemChange, isGoodName } from '../catalogue-edit.ts';
import { type MoreKey, m } from '../words-more.ts';

const CATEGORIES = ['grain', 'snack', 'tea', 'oil', 'home', 'light', 'dairy', 'school'] as const;
const CURRENCY = 'NPR';

type CellProps = {
  readonly value: string;
  readonly label: string;
  readonly lang?: 'en' | 'ne';
  readonly isNumber?: boolean;
  readonly isFocused?: boolean;
  /** What is wrong with a text, or nothing. */
  readonly check: (text: string) => string | undefined;
  readonly onSave: (text: string) => void;
};

const Cell = ({ value, label, lang, isNumber = false, isFocused = false, check, onSave }: CellProps) => {
  const [text, setText] = useState(value);
  const [fault, setFault] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (isFocused) field.current?.select();
  }, [isFocused]);
  const save = (): void => {
    if (text.trim() === value) {
      setFault(undefined);
      return;
    }
    const wrong = check(text);
    setFault(wrong);
    if (wrong === undefined) onSave(text.trim());
  };
  return (
    <>
      <input
        ref={field}
        class={isNumber ? 'cell r' : 'cell'}
        aria-label={label}
        lang={lang}
        inputMode={isNumber ? 'decimal' : 'text'}
        maxLength={isNumber ? 20 : 60}
        value={text}
        aria-invalid={fault !== undefined}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
          if (event.key !== 'Escape') return;
          setText(value);
          setFault(undefined);
        }}
      />
      {fault === undefined ? null : (
        <small class="cell__fault" role="alert">
          {fault}
        </small>
      )}
    </>
  );
};

const categoryWord = (category: string): string => {
  const word = m(`cat.${category}` as MoreKey);
  return word === `cat.${category}` ? category : word;
};

type RowProps = {
  readonly item: CatalogueItemBody;
  readonly isAdded: boolean;
  readonly onChange: (members: ItemChange) => void;
  readonly onRemove: () => void;
};

const Row = ({ item, isAdded, onChange, onRemove }: RowProps) => {
  const name = item.name[language.value];
  const text = (of: string, column: string): string => `${of}: ${column}`;
  const checkName = (value: string): string | undefined => (isGoodName(value) ? undefined : m('doc.bad-name'));
  const categories: readonly string[] = (CATEGORIES as readonly string[]).includes(item.category)
    ? CATEGORIES
    : [...CATEGORIES, item.category];
  return (
    <tr>
      <th scope="row">
        <span class="wi">
          <Icon name={isIconName(item.icon) ? item.icon : 'package'} />
          <span class="idn item__id">{item.id}</span>
        </span>
      </th>
      <td>
        <Cell
          value={item.name.ne}
          label={text(name, m('doc.ne'))}
          lang="ne"
          check={checkName}
          onSave={(ne) => onChange({ name: { ...item.name, ne } })}
        />
      </td>
      <td>
        <Cell
          value={item.name.en}
          label={text(name, m('doc.en'))}
          lang="en"
          isFocused={isAdded}
          check={checkName}
          onSave={(en) => onChange({ name: { ...item.name, en } })}
        />
      </td>
      <td class="cell--unit">
        <Cell
          value={item.unit.ne}
          label={text(name, m('doc.unit-ne'))}
          lang="ne"
          check={() => undefined}
          onSave={(ne) => onChange({ unit: { ...item.unit, ne } })}
        />
      </td>
      <td class="cell--unit">
        <Cell
          value={item.unit.en}
          label={text(name, m('doc.unit-en'))}
          lang="en"
          check={() => undefined}
          onSave={(en) => onChange({ unit: { ...item.unit, en } })}
        />
      </td>
      <td class="cell--price">
        <Cell
          value={plainAmount(item.price, CURRENCY)}
          label={text(name, m('doc.price'))}
          isNumber
          check={(value) => ((parseAmount(value, CURRENCY) ?? 0n) > 0n ? undefined : m('doc.bad-price'))}
          onSave={(value) => {
            const price = parseAmount(value, CURRENCY)?.toString();
            if (price !== undefined && price !== item.price) onChange({ price });
          }}
        />
      </td>
      <td>
        <select
          class="cell"
          aria-label={text(name, m('doc.category'))}
          value={item.category}
          onChange={(event) => onChange({ category: event.currentTarget.value })}
        >
          {categories.map((category) => (
            <option key={category} value={category}>
              {categoryWord(category)}
            </option>
          ))}
        </select>
      </td>
      <td>
        <label class="tick">
          <input
            type="checkbox"
            checked={item.hidden !== true}
            aria-label={text(name, m('doc.shown'))}
            onChange={(event) => onChange({ hidden: !event.currentTarget.checked })}
          />
        </label>
      </td>
      <td>
        <button type="button" class="obtn obtn--i obtn--quiet" onClick={onRemove}>
          <Icon name="x" />
          <span class="vh">{m('doc.remove', { name })}</span>
        </button>
      </td>
    </tr>
  );
};

type ItemTableProps = {
  readonly items: readonly CatalogueItemBody[];
  readonly added?: string | undefined;
  readonly onChange: (item: CatalogueItemBody, members: ItemChange) => void;
  readonly onRemove: (item: CatalogueItemBody) => void;
};

export const ItemTable = ({ items, added, onChange, onRemove }: ItemTableProps) => (
  <table class="ot ot--edit">
    <caption class="vh">{m('doc.catalogue')}</caption>
    <thead>
      <tr>
        <th scope="col">{m('doc.item')}</th>
        <th scope="col">{m('doc.ne')}</th>
        <th scope="col">{m('doc.en')}</th>
        <th scope="col">{m('doc.unit-ne')}</th>
        <th scope="col">{m('doc.unit-en')}</th>
        <th scope="col" class="r">
          {m('doc.price')}
        </th>
        <th scope="col">{m('doc.category')}</th>
        <th scope="col">{m('doc.shown')}</th>
        <td />
      </tr>
    </thead>
    <tbody>
      {items.map((item) => (
        <Row
          key={item.id}
          item={item}
          isAdded={item.id === added}
          onChange={(members) => onChange(item, members)}
          onRemove={() => onRemove(item)}
        />
      ))}
    </tbody>
  </table>
);
