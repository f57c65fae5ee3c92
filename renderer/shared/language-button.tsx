/** Changes the language of this screen; its word is in the other language. */
import { language, setLanguage } from './i18n.ts';
import { t } from './words.ts';

export const LanguageButton = () => {
  const other = language.value === 'ne' ? 'en' : 'ne';
  return (
    <button type="button" class="lang" lang={other} onClick={() => setLanguage(other)}>
      {t('other-language')}
    </button>
  );
};
