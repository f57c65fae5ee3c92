/**
 * Number keys: on the screen and, anywhere on it, on a keyboard (digits of both scripts, point, Backspace, Enter).
 * Invariants: the value inside is plain Latin digits; more digits than the limit are not taken, and a word says so.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { digits, inLatin } from './i18n.ts';
import { Icon } from './icon.tsx';
import { t } from './words.ts';

export type KeypadProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onEnter?: () => void;
  /** `amount` has 00, `point` a decimal point with two places, `code` an empty key. */
  readonly mode?: 'amount' | 'point' | 'code';
  readonly maxDigits?: number;
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, dialog *');

/** The value after a key, or undefined where the key cannot be taken. */
export const typed = (value: string, key: string, mode: 'amount' | 'point' | 'code', maxDigits: number): string | undefined => {
  if (key === 'Backspace') return value.slice(0, -1);
  if (key === '.') return mode === 'point' && !value.includes('.') ? `${value === '' ? '0' : value}.` : undefined;
  if (!/^[0-9]+$/.test(key)) return undefined;
  const next = mode === 'code' ? value + key : (value + key).replace(/^0+(?=[0-9])/, '');
  const [whole = '', fraction = ''] = next.split('.');
  return whole.length > maxDigits || fraction.length > 2 ? undefined : next;
};

export const Keypad = ({ label, value, onChange, onEnter, mode = 'amount', maxDigits = 9 }: KeypadProps) => {
  const [isFull, setFull] = useState(false);
  const latest = useRef({ value, onChange, onEnter });
  latest.current = { value, onChange, onEnter };

  const press = (key: string): void => {
    const next = typed(latest.current.value, key, mode, maxDigits);
    setFull(next === undefined && key !== '.');
    if (next === undefined) return;
    latest.current.value = next;
    latest.current.onChange(next);
  };
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const key = inLatin(event.key);
      if (key === 'Enter') {
        // On a focused button Enter is that button's.
        if (event.target instanceof HTMLElement && event.target.closest('button, a') !== null) return;
        latest.current.onEnter?.();
      } else if (/^[0-9.]$/.test(key) || key === 'Backspace') {
        event.preventDefault();
        press(key);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [mode, maxDigits]);

  const extra = mode === 'amount' ? '00' : mode === 'point' ? '.' : undefined;
  return (
    <div class="padbox">
      <fieldset class="pad" aria-label={label}>
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((key) => (
          <button key={key} type="button" class="key" onClick={() => press(key)}>
            {digits(key)}
          </button>
        ))}
        {extra === undefined ? (
          <button type="button" class="key key--soft key--word" onClick={() => latest.current.onChange('')}>
            {t('clear')}
          </button>
        ) : (
          <button type="button" class="key" aria-label={extra === '.' ? t('point') : undefined} onClick={() => press(extra)}>
            {digits(extra)}
          </button>
        )}
        <button type="button" class="key" onClick={() => press('0')}>
          {digits('0')}
        </button>
        <button type="button" class="key key--soft" onClick={() => press('Backspace')}>
          <Icon name="backspace" />
          <span class="vh">{t('delete-digit')}</span>
        </button>
      </fieldset>
      <p class="padbox__full" role="status">
        {isFull && mode !== 'code' ? t('no-more-digits') : ''}
      </p>
    </div>
  );
};
