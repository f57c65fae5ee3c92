/** How to try to lose a payment, step by step; the steps follow what really happened. */
import { useEffect, useState } from 'preact/hooks';
import type { VillageState } from '../../../main/village/schemas.ts';
import { digits, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { nextTry, startTry, steps, type Try } from '../try-steps.ts';
import { v } from '../words.ts';

export const TryList = ({ state }: { readonly state: VillageState }) => {
  const [at, setAt] = useState<Try | undefined>(() => startTry(state));
  useEffect(() => setAt((before) => nextTry(before, state)), [state]);
  const name = state.processes.find(({ id }) => id === at?.gateway)?.name[language.value] ?? '';
  const reached = at === undefined || at.step === 'done' ? steps.length : steps.indexOf(at.step);
  return (
    <section class="card" aria-labelledby="try-title">
      <h2 id="try-title">{v('try.title')}</h2>
      <ol class="trylist">
        {steps.map((step, index) => {
          const isDone = index < reached;
          const isNow = index === reached;
          return (
            <li key={step} class={isDone ? 'is-done' : isNow ? 'is-now' : ''} aria-current={isNow ? 'step' : undefined}>
              {isDone ? <Icon name="check" /> : <span class="trylist__n">{digits(index + 1)}</span>}
              <span>
                {v(`try.${step}`, { name })}
                {isDone ? <span class="vh"> ({v('try.done')})</span> : null}
              </span>
            </li>
          );
        })}
      </ol>
      <p class="trylist__end" role="status">
        {at?.step === 'done' ? v('try.whole') : ''}
      </p>
      {at?.step === 'done' ? (
        <button type="button" class="obtn" onClick={() => setAt(startTry(state))}>
          <Icon name="undo" />
          {v('try.again')}
        </button>
      ) : null}
    </section>
  );
};
