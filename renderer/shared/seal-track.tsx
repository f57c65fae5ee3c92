/** The three steps of one entry. The step reached is the current one; the next says when it will come. Changes are announced politely. */
import type { SealState } from './api-types.ts';
import { SealGlyph } from './seal.tsx';
import { t } from './words.ts';

const order: readonly SealState[] = ['kept', 'sent', 'settled'];

export type SealTrackProps = {
  readonly state: SealState;
  /** What is known of each step: a time, or when it will come. */
  readonly when?: Partial<Readonly<Record<SealState, string>>>;
};

export const SealTrack = ({ state, when = {} }: SealTrackProps) => {
  const reached = order.indexOf(state);
  return (
    <>
      <ol class="track" aria-label={t('seal.track')}>
        {order.map((step, index) => (
          <li
            key={step}
            class={`track__step ${index <= reached ? `is-done seal--${step}` : 'is-next'}`}
            aria-current={index === reached ? 'step' : undefined}
          >
            <SealGlyph state={index <= reached ? step : 'next'} />
            <span class="track__word">{t(`seal.${step}`)}</span>
            <span class="track__when">{when[step] ?? ''}</span>
          </li>
        ))}
      </ol>
      <span class="vh" role="status">
        {t(`seal.${state}`)}
      </span>
    </>
  );
};
