/** What the printer's state means to a shopkeeper. */
import { t } from './words.ts';

export const printerWords = (state: string): string => {
  if (state === 'paper-out') return t('printer.paper-out');
  if (state === 'cover-open') return t('printer.cover-open');
  if (state === 'unplugged') return t('printer.unplugged');
  if (state === 'unsure') return t('printer.unsure');
  return t('printer.refused');
};
