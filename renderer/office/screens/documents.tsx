/** The catalogue: items, prices and names in both languages, changed in place. Every change goes out at once and can be undone. */
import { useEffect, useState } from 'preact/hooks';
import type { CatalogueBody, CatalogueEditBody, CatalogueItemBody } from '../../../main/api/schemas.ts';
import { AsOf } from '../../shared/as-of.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { formatCount } from '../../shared/money.ts';
import { Note } from '../../shared/note.tsx';
import { EmptyState } from '../../shared/states.tsx';
import { showToast, showUndo } from '../../shared/toast.tsx';
import { freeId, type ItemChange, undoOf } from '../catalogue-edit.ts';
import { ask, documentTick } from '../centre.ts';
import { useAnswer } from '../use-answer.ts';
import { ItemTable } from '../widgets/item-table.tsx';
import { Answered, troubleText } from '../widgets/trouble.tsx';
import { t } from '../words.ts';
import { m } from '../words-more.ts';

const fits = (item: CatalogueItemBody, find: string): boolean => {
  const text = find.trim().toLowerCase();
  return text === '' || `${item.id} ${item.name.en} ${item.name.ne}`.toLowerCase().includes(text);
};

export const Documents = () => {
  const asked = useAnswer<CatalogueBody>('/v1/catalogue', documentTick.value);
  const [edited, setEdited] = useState<CatalogueBody>();
  const [find, setFind] = useState('');
  const [added, setAdded] = useState<string>();
  // What the centre says is newer than what an edit answered.
  useEffect(() => setEdited(undefined), [asked.value]);
  const catalogue = edited ?? asked.value;

  const send = async (edit: CatalogueEditBody): Promise<boolean> => {
    const answer = await ask<CatalogueBody>('/v1/catalogue', { method: 'PATCH', body: edit });
    if (answer.ok) setEdited(answer.value);
    else showToast({ text: troubleText(answer.error), icon: 'alert' });
    return answer.ok;
  };
  const change = async (item: CatalogueItemBody, members: ItemChange): Promise<void> => {
    if (await send({ items: [{ id: item.id, ...members }] })) {
      showUndo(m('doc.saved', { name: item.name[language.value] }), () => void send({ items: [undoOf(item, members)] }));
    }
  };
  const remove = async (item: CatalogueItemBody): Promise<void> => {
    if (await send({ remove: [item.id] }))
      showUndo(m('doc.removed', { name: item.name[language.value] }), () => void send({ items: [item] }));
  };
  const add = async (): Promise<void> => {
    const id = freeId(catalogue?.items ?? []);
    const isMade = await send({
      items: [
        {
          id,
          name: { en: 'New item', ne: 'नयाँ सामान' },
          unit: { en: '1', ne: '१' },
          price: '100',
          category: 'home',
          icon: 'package',
          hidden: true,
        },
      ],
    });
    if (!isMade) return;
    setFind('');
    setAdded(id);
  };
  return (
    <>
      <div class="ohead">
        <h1>{t('nav.documents')}</h1>
        {catalogue === undefined ? null : <AsOf at={catalogue.asOf} />}
        <span class="grow" />
        <button type="button" class="obtn obtn--p" onClick={() => void add()}>
          <Icon name="plus" />
          {m('doc.add')}
        </button>
      </div>
      <Note kind="calm">{m('doc.note')}</Note>
      <Answered asked={catalogue === undefined ? asked : { ...asked, value: catalogue }}>
        {({ items }) => (
          <>
            <div class="filters filters--top">
              <label class="flt flt--text">
                <Icon name="search" />
                <span class="vh">{m('doc.find')}</span>
                <input
                  type="search"
                  maxLength={64}
                  placeholder={m('doc.find')}
                  value={find}
                  onInput={(event) => setFind(event.currentTarget.value)}
                />
              </label>
              <span class="grow" />
              <p class="filters__n">{m('doc.count', { n: formatCount(items.length, language.value) })}</p>
            </div>
            <section class="card card--flush" aria-label={m('doc.catalogue')}>
              {items.length === 0 ? (
                <EmptyState text={m('doc.empty')} />
              ) : (
                <ItemTable
                  items={items.filter((item) => fits(item, find))}
                  added={added}
                  onChange={(item, members) => void change(item, members)}
                  onRemove={(item) => void remove(item)}
                />
              )}
            </section>
          </>
        )}
      </Answered>
    </>
  );
};
