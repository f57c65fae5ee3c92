/**
 * Is the money whole? Shown as the village folds it from the journals every second. It can fail in public: if one figure differs, the
 * frame, the heading and the list say so, with the entries concerned. A fold that has grown old is shown as old.
 */
import type { VillageMoney } from '../../../main/village/schemas.ts';
import { Amount, Count } from '../../shared/amount.tsx';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { PosBar } from '../../shared/desk/pos-bar.tsx';
import { language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { v } from '../words.ts';

const SECOND_MS = 1000;
const STALE_MS = 5 * SECOND_MS;
const tallies = ['approved', 'inJournal', 'atCentre', 'lost', 'doubled', 'takenBack'] as const;
const mustBeZero: ReadonlySet<string> = new Set(['lost', 'doubled', 'takenBack']);

const Head = ({ money, isWhole, ageMs }: { readonly money: VillageMoney; readonly isWhole: boolean; readonly ageMs: number }) => {
  const isFolded = Date.parse(money.at) > 0;
  const when = durationWords(Math.max(SECOND_MS, ageMs));
  return (
    <div class="whole__l">
      <h2 id="whole-title">
        <Icon name={isWhole ? 'badge' : 'alert'} />
        {v(isFolded ? (isWhole ? 'whole.ok' : 'whole.bad') : 'whole.asking')}
      </h2>
      <p class="whole__v">
        <Amount value={money.total} currency={money.currency} size="display" />
      </p>
      {isFolded ? <p>{v(ageMs > STALE_MS ? 'whole.stale' : 'whole.note', { when })}</p> : null}
    </div>
  );
};

export const WholeMoney = ({ money, nowMs }: { readonly money: VillageMoney; readonly nowMs: number }) => {
  const { lost, doubled, takenBack } = money.tally;
  const isWhole = money.ok && lost + doubled + takenBack === 0 && money.differences.length === 0;
  const parts = money.parts.map(({ id, name, kind, amount }) => ({ id, kind, name: name[language.value], value: BigInt(amount) }));
  return (
    <section class={isWhole ? 'whole' : 'whole whole--wrong'} aria-labelledby="whole-title">
      <Head money={money} isWhole={isWhole} ageMs={nowMs - Date.parse(money.at)} />
      <div class="whole__b">{parts.length === 0 ? null : <PosBar parts={parts} label={v('whole.where')} currency={money.currency} />}</div>
      {isWhole ? null : (
        <div class="whole__d" role="alert">
          <h3>{v('whole.differences')}</h3>
          <ul>
            {money.differences.map(({ text }) => (
              <li key={text.en}>{text[language.value]}</li>
            ))}
          </ul>
        </div>
      )}
      <dl class="tally">
        {tallies.map((key) => {
          const value = money.tally[key];
          const tone = mustBeZero.has(key) ? (value === 0 ? 'is-zero' : 'is-wrong') : '';
          return (
            <div key={key} class={tone}>
              <dt>{v(`tally.${key}`)}</dt>
              <dd>
                <Count value={value} />
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
};
