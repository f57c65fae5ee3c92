/** Where one is: done, current, coming. On a phone only the current step has its word. */
import { digits } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { t } from './words.ts';

const steps = ['voucher', 'asking', 'ready'] as const;

export const Steps = ({ at }: { readonly at: number }) => (
  <nav class="fsteps" aria-label={t('steps')}>
    <ol>
      {steps.map((step, index) => (
        <li
          key={step}
          class={index < at || at === steps.length - 1 ? 'is-done' : index === at ? 'is-now' : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span>{index < at || at === steps.length - 1 ? <Icon name="check" /> : digits(index + 1)}</span>
          <span class="fsteps__w">{t(`step.${step}`)}</span>
        </li>
      ))}
    </ol>
  </nav>
);
