/** Groups of items as toggle buttons; scrolls sideways, arrow keys move. */
import type { CatalogueItemBody } from '../shared/api-types.ts';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icon-paths.ts';
import { t } from './words.ts';

const icons = {
  all: 'grid',
  grain: 'wheat',
  snack: 'cookie',
  tea: 'coffee',
  oil: 'droplet',
  home: 'shirt',
  light: 'lightbulb',
  dairy: 'milk',
  school: 'book',
  other: 'package',
} as const satisfies Readonly<Record<string, IconName>>;

export type Category = keyof typeof icons;
const isCategory = (name: string): name is Category => Object.hasOwn(icons, name);

/** Known names have words and pictures; another shop's own name is shown as it is. */
export const categoryWord = (name: string): string => (isCategory(name) ? t(`category.${name}`) : name);

export const categoriesOf = (items: readonly CatalogueItemBody[]): readonly string[] => [
  'all',
  ...new Set(items.map(({ category }) => category)),
];

type CategoryBarProps = { readonly categories: readonly string[]; readonly value: string; readonly onChange: (value: string) => void };

export const CategoryBar = ({ categories, value, onChange }: CategoryBarProps) => {
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    const next = step === 1 ? event.target.nextElementSibling : event.target.previousElementSibling;
    if (next instanceof HTMLElement) next.focus();
  };
  return (
    <fieldset class="cats" aria-label={t('categories')} onKeyDown={move}>
      {categories.map((name) => (
        <button key={name} type="button" class="cat" aria-pressed={name === value} onClick={() => onChange(name)}>
          <Icon name={isCategory(name) ? icons[name] : 'tag'} />
          {categoryWord(name)}
        </button>
      ))}
    </fieldset>
  );
};
