/** Sunlight (the default) or evening: kept on this screen, put on the page as `data-theme`. */
import { effect, signal } from '@preact/signals';
import { keep } from './keep.ts';

export type Theme = 'sunlight' | 'evening';

export const theme = signal<Theme>(keep.read('theme') === 'evening' ? 'evening' : 'sunlight');

export const setTheme = (value: Theme): void => {
  theme.value = value;
  keep.write('theme', value);
};

export const showTheme = (): (() => void) =>
  effect(() => {
    if (theme.value === 'evening') document.documentElement.dataset.theme = 'evening';
    else delete document.documentElement.dataset.theme;
  });
