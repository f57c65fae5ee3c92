/** One item: name and unit in both languages, price, group, whether it stands on the shelf. Changes merge with head office's. */
import { useState } from 'preact/hooks';
import type { ApiError } from '../shared/api.ts';
import type { CatalogueItemBody } from '../shared/api-types.ts';
import { errorWords } from '../shared/error-words.ts';
import { inLatin, language, sentence } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { parseAmount, plainAmount } from '../shared/money.ts';
import { Note } from '../shared/note.tsx';
import { replaceWith } from '../shared/router.ts';
import { EmptyState, Skeleton } from '../shared/states.tsx';
import { showToast, showUndo } from '../shared/toast.tsx';
import { BackLink } from './back-link.tsx';
import { catalogue, editCatalogue } from './box.ts';
import { categoriesOf, categoryWord } from './category-bar.tsx';
import { Screen } from './screen.tsx';
import { session } from './session.ts';
import { t } from './words.ts';

type Edited = {
  readonly nameEn: string;
  readonly nameNe: string;
  readonly unitEn: string;
  readonly unitNe: string;
  readonly price: string;
  readonly category: string;
};

const blank: CatalogueItemBody = {
  id: 'new',
  name: { en: '', ne: '' },
  unit: { en: '', ne: '' },
  price: '0',
  category: 'home',
  icon: 'package',
};

/** An id for a new item from its English name, with a short random end so that two boxes do not choose the same. */
const newId = (name: string): string => {
  const stem = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 30);
  return `${stem === '' ? 'item' : stem}-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(36)}`;
};

const Form = ({ item, currency }: { readonly item: CatalogueItemBody; readonly currency: string }) => {
  const isNew = item.id === 'new';
  const [edited, setEdited] = useState<Edited>({
    nameEn: item.name.en,
    nameNe: item.name.ne,
    unitEn: item.unit.en,
    unitNe: item.unit.ne,
    price: isNew ? '' : plainAmount(item.price, currency),
    category: item.category,
  });
  const [error, setError] = useState<ApiError | undefined>(undefined);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);

  const send = async (edit: Parameters<typeof editCatalogue>[0], said: string): Promise<boolean> => {
    setBusy(true);
    const failed = await editCatalogue(edit);
    setBusy(false);
    setError(failed);
    if (failed === undefined) showToast({ text: said, icon: 'check' });
    return failed === undefined;
  };
  const save = async (): Promise<void> => {
    if (isBusy) return;
    const price = parseAmount(inLatin(edited.price), currency);
    const name = { en: edited.nameEn.trim() || edited.nameNe.trim(), ne: edited.nameNe.trim() || edited.nameEn.trim() };
    const unit = { en: edited.unitEn.trim() || edited.unitNe.trim(), ne: edited.unitNe.trim() || edited.unitEn.trim() };
    if (name.en === '') return setFault(t('item.name-missing'));
    if (price === undefined || price === 0n) return setFault(t('item.price-wrong'));
    setFault(undefined);
    const id = isNew ? newId(name.en) : item.id;
    const hasName = name.en !== item.name.en || name.ne !== item.name.ne;
    const hasUnit = unit.en !== item.unit.en || unit.ne !== item.unit.ne;
    // Only what was changed is sent, so that it merges with what others change meanwhile.
    const change = {
      id,
      ...(isNew || hasName ? { name } : {}),
      ...(isNew || hasUnit ? { unit } : {}),
      ...(isNew || price.toString() !== item.price ? { price: price.toString() } : {}),
      ...(isNew || edited.category !== item.category ? { category: edited.category } : {}),
      ...(isNew ? { icon: 'package' } : {}),
    };
    if (await send({ items: [change] }, t('item.saved', { name: name[language.value] }))) replaceWith('items');
  };
  const toggle = async (): Promise<void> => {
    const hidden = item.hidden !== true;
    setBusy(true);
    const failed = await editCatalogue({ items: [{ id: item.id, hidden }] });
    setBusy(false);
    setError(failed);
    if (failed === undefined && hidden) {
      showUndo(t('item.taken-off'), () => void editCatalogue({ items: [{ id: item.id, hidden: false }] }));
    }
  };
  const field = (key: keyof Edited, label: string, lang: 'en' | 'ne' | undefined, mode: 'text' | 'decimal' = 'text') => (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        inputMode={mode}
        lang={lang}
        maxLength={60}
        autocomplete="off"
        value={edited[key]}
        onInput={(event) => setEdited({ ...edited, [key]: event.currentTarget.value })}
      />
    </label>
  );

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {field('nameNe', t('item.name-ne'), 'ne')}
      {field('nameEn', t('item.name-en'), 'en')}
      {field('unitNe', t('item.unit-ne'), 'ne')}
      {field('unitEn', t('item.unit-en'), 'en')}
      {field('price', t('item.price', { currency }), undefined, 'decimal')}
      <label class="field">
        <span>{t('categories')}</span>
        <select value={edited.category} onChange={(event) => setEdited({ ...edited, category: event.currentTarget.value })}>
          {[...new Set([...categoriesOf(catalogue.value?.items ?? []).slice(1), edited.category])].map((name) => (
            <option key={name} value={name}>
              {categoryWord(name)}
            </option>
          ))}
        </select>
      </label>
      {fault === undefined ? null : (
        <Note kind="care" role="alert">
          {fault}
        </Note>
      )}
      {error === undefined ? null : (
        <Note kind="calm" role="status">
          <b>{sentence(errorWords(error).title)}</b> {errorWords(error).todo}{' '}
          <small class="code">{t('error.code', { code: errorWords(error).code })}</small>
        </Note>
      )}
      <div class="form__act">
        {isNew ? null : (
          <button type="button" class="btn" onClick={() => void toggle()}>
            <Icon name="eye" />
            {t(item.hidden === true ? 'item.put-back' : 'item.take-off')}
          </button>
        )}
        <button type="submit" class="btn btn--primary btn--xl">
          <Icon name="check" />
          {t('item.save')}
        </button>
      </div>
      <p class="form__say">{t('item.merge-say')}</p>
    </form>
  );
};

export const ItemScreen = ({ id }: { readonly id: string }) => {
  const item = id === 'new' ? blank : catalogue.value?.items.find((one) => one.id === id);
  const currency = session.value?.currency ?? 'NPR';
  const title = t(id === 'new' ? 'item.new' : 'item.edit');
  return (
    <Screen class="page" title={title} showsTitle>
      <div class="page__top">
        <BackLink to={['items']} word={t('items-prices')} />
        <h1>{title}</h1>
      </div>
      {item === undefined ? catalogue.value === undefined ? <Skeleton /> : <EmptyState text={t('shelf.none')} /> : null}
      {item === undefined ? null : <Form item={item} currency={currency} />}
    </Screen>
  );
};
