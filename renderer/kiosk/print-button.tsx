/** Prints a copy. Without a printer it stays where it is, dashed, and a touch says why. */
import { api } from '../shared/api.ts';
import { errorWords } from '../shared/error-words.ts';
import { sentence } from '../shared/i18n.ts';
import { Icon } from '../shared/icon.tsx';
import { showToast } from '../shared/toast.tsx';
import { status } from './box.ts';
import { t } from './words.ts';

const printAgain = async (id: string): Promise<void> => {
  const answer = await api<{ copy: number }>(`/v1/payments/${encodeURIComponent(id)}/prints`, { method: 'POST' });
  if (answer.ok) showToast({ text: t('copy.due', { copy: answer.value.copy }), icon: 'printer' });
  else showToast({ text: `${sentence(errorWords(answer.error).title)} ${t('sale-is-kept')}`, icon: 'printer' });
};

export const PrintButton = ({ id, word }: { readonly id: string; readonly word: string }) => {
  const isWithout = status.value?.printer.state === 'none';
  return (
    <button
      type="button"
      class="btn"
      aria-disabled={isWithout ? true : undefined}
      onClick={() => {
        if (isWithout) showToast({ text: t('printer.none'), icon: 'printer' });
        else void printAgain(id);
      }}
    >
      <Icon name="printer" />
      {word}
    </button>
  );
};
