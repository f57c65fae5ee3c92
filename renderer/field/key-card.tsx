/** The words of this box's key, to be read aloud. */
import { Icon } from '../shared/icon.tsx';
import { keyWords } from '../shared/key-words.ts';
import { t } from './words.ts';

export const KeyWords = ({ fingerprint }: { readonly fingerprint: string }) => (
  <ul class="words" lang="en" aria-label={t('key.words')}>
    {keyWords(fingerprint).map((word, index) => (
      <li key={`${index}${word}`}>{word}</li>
    ))}
  </ul>
);

export const KeyCard = ({ fingerprint }: { readonly fingerprint: string }) => (
  <section class="vch vch--key" aria-label={t('key.words')}>
    <p>
      <Icon name="key" />
      <span>
        <b>{t('key.made')}</b>
        <small>{t('key.say')}</small>
      </span>
    </p>
    <KeyWords fingerprint={fingerprint} />
    <small class="code vch__hex" lang="en">
      {fingerprint.slice(0, 16)}
    </small>
  </section>
);
