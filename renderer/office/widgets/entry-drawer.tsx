/** One entry whole: the amount, how far its seal came, its postings, where it stands in its book. */
import type { CentreEntryBody } from '../../../ledger-sync/central/schemas.ts';
import { Amount } from '../../shared/amount.tsx';
import { isSameDay, timeText } from '../../shared/calendar.ts';
import { shortWhen } from '../../shared/desk/short-when.tsx';
import { Facts } from '../../shared/facts.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { Note } from '../../shared/note.tsx';
import { hashOf } from '../../shared/router.ts';
import { SealTrack } from '../../shared/seal-track.tsx';
import { showToast } from '../../shared/toast.tsx';
import { When } from '../../shared/when.tsx';
import { gateways, siteOf } from '../centre.ts';
import { actionWords } from '../describe.ts';
import { t } from '../words.ts';
import { copyText } from './copy.ts';
import { Drawer } from './drawer.tsx';
import { Postings } from './postings.tsx';

/** A hash in groups of four, so that it can be read over the phone. */
const Hash = ({ of }: { readonly of: string }) => <code class="hash">{of.match(/.{1,4}/g)?.join(' ')}</code>;

export const EntryDrawer = ({ entry, onClose }: { readonly entry: CentreEntryBody; readonly onClose: () => void }) => {
  const shop = siteOf(entry.gateway);
  const watermark = gateways.value.find(({ gateway }) => gateway === entry.gateway)?.watermark;
  const settled = isSameDay(entry.at, entry.receivedAt)
    ? timeText(entry.receivedAt, language.value)
    : shortWhen(entry.receivedAt, entry.at, language.value);
  const copy = async (): Promise<void> => {
    if (await copyText(entry.hash)) showToast({ text: t('drawer.copied'), icon: 'check' });
  };
  return (
    <Drawer
      of={entry.hash}
      label={t('drawer.entry')}
      onClose={onClose}
      title={
        <>
          {actionWords(entry)}{' '}
          <span class="idn">
            {shop} #{entry.number}
          </span>
        </>
      }
      sub={<When at={entry.at} style="both" />}
      footer={
        <>
          <a class="obtn" href={hashOf('accounts', entry.account)}>
            <Icon name="users" />
            {t('drawer.account')}
          </a>
          <button type="button" class="obtn" onClick={() => void copy()}>
            {t('drawer.copy')}
          </button>
        </>
      }
    >
      <p class="drawer__a">
        <Amount value={entry.amount} currency={entry.currency} size="display" />
      </p>
      {entry.standing === 'forked' ? (
        <Note kind="wrong">{t('drawer.forked')}</Note>
      ) : (
        <SealTrack state="settled" when={{ kept: timeText(entry.at, language.value), settled }} />
      )}
      <section>
        <h3>{t('drawer.postings')}</h3>
        <Postings postings={entry.postings} />
      </section>
      <section>
        <h3>{t('drawer.stands')}</h3>
        <Facts
          facts={[
            ...(watermark === undefined ? [] : [{ name: t('drawer.watermark', { shop }), value: <span class="idn">#{watermark}</span> }]),
            { name: t('drawer.received'), value: <When at={entry.receivedAt} style="time" /> },
            { name: t('col.account'), value: <span class="idn">{entry.account}</span> },
            { name: t('drawer.payment'), value: <span class="idn">{entry.paymentId}</span> },
            ...(entry.refersTo === undefined ? [] : [{ name: t('drawer.refers'), value: <span class="idn">{entry.refersTo}</span> }]),
            { name: t('drawer.by'), value: entry.operator },
            ...(entry.memo === undefined ? [] : [{ name: t('drawer.memo'), value: entry.memo }]),
            ...(entry.breaks.length === 0
              ? []
              : [
                  {
                    name: t('drawer.breaks'),
                    value: entry.breaks.map((id) => (
                      <a key={id} class="alllink" href={hashOf('breaks', String(id))}>
                        {t('drawer.break', { id: `#${id}` })}
                      </a>
                    )),
                  },
                ]),
            { name: t('drawer.epoch'), value: <Hash of={entry.epoch} /> },
            { name: t('drawer.hash'), value: <Hash of={entry.hash} /> },
            { name: t('drawer.previous'), value: <Hash of={entry.previous} /> },
          ]}
        />
      </section>
    </Drawer>
  );
};
