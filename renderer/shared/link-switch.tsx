/** The village's switch of one box's link: up, poor or cut. Three toggle buttons; the wire beside them is solid, dashed or broken. */
import { t } from './words.ts';

export type LinkPosition = 'up' | 'bad' | 'cut';

type LinkSwitchProps = {
  readonly value: LinkPosition | undefined;
  readonly label?: string;
  readonly onChange: (value: LinkPosition) => void;
};

export const LinkSwitch = ({ value, label, onChange }: LinkSwitchProps) => (
  <fieldset class="seg" aria-label={label ?? t('switch.label')}>
    {(['up', 'bad', 'cut'] as const).map((position) => (
      <button key={position} type="button" aria-pressed={position === value} onClick={() => onChange(position)}>
        {t(`switch.${position}`)}
      </button>
    ))}
  </fieldset>
);
