/** What stands where content will: empty, still loading (nothing for 150 ms, then its shape), or an error in words. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from './api.ts';
import { errorWords } from './error-words.ts';
import { Icon } from './icon.tsx';
import { t } from './words.ts';

const QUIET_MS = 150;

export const EmptyState = ({ text, children }: { readonly text: string; readonly children?: ComponentChildren }) => (
  <div class="state">
    <p>{text}</p>
    {children}
  </div>
);

export const Skeleton = ({ rows = 4 }: { readonly rows?: number }) => {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div class="skels" role="status">
      <span class="vh">{t('loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} class={`skel skel--${row % 3}`} />
      ))}
    </div>
  );
};

export const ErrorState = ({ error, onRetry }: { readonly error: ApiError; readonly onRetry?: () => void }) => {
  const words = errorWords(error);
  return (
    <div class="state state--calm" role="status">
      <b>{words.title}</b>
      <p>{words.todo}</p>
      {onRetry === undefined ? null : (
        <button type="button" class="btn" onClick={onRetry}>
          <Icon name="refresh" />
          {t('retry')}
        </button>
      )}
      <small class="code" lang="en">
        {t('error.code', { code: words.code })}
      </small>
    </div>
  );
};
