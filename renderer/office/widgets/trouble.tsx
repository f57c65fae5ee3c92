/** A failed request in the office's words, with the stable code; and what stands while an answer is awaited. */
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../shared/api.ts';
import { Icon } from '../../shared/icon.tsx';
import { Skeleton } from '../../shared/states.tsx';
import { t as s } from '../../shared/words.ts';
import { t } from '../words.ts';

const titleOf = (error: ApiError): string => {
  if (error.kind === 'unreachable' || error.status >= 502) return t('trouble.unreachable');
  if (error.code === 'unknown-account') return t('trouble.unknown-account');
  if (error.code === 'unknown-entry') return t('trouble.unknown-entry');
  return t(error.status === 422 ? 'trouble.invalid' : 'trouble.other');
};
const todoOf = (error: ApiError): string => {
  if (error.kind === 'unreachable' || error.status >= 502) return t('trouble.unreachable.do');
  return t(error.status === 422 ? 'trouble.invalid.do' : 'trouble.other.do');
};

/** One line, for a toast. */
export const troubleText = (error: ApiError): string => `${titleOf(error)}. ${todoOf(error)} (${error.code})`;

export const Trouble = ({ error, onRetry }: { readonly error: ApiError; readonly onRetry?: () => void }) => (
  <div class="state state--calm" role="status">
    <b>{titleOf(error)}</b>
    <p>{todoOf(error)}</p>
    {onRetry === undefined ? null : (
      <button type="button" class="obtn" onClick={onRetry}>
        <Icon name="refresh" />
        {s('retry')}
      </button>
    )}
    <small class="code" lang="en">
      {error.code}
    </small>
  </div>
);

/** Its content once there is an answer; else trouble, else the shape of what comes. */
export const Answered = <T,>({
  asked,
  rows,
  children,
}: {
  readonly asked: { readonly value?: T; readonly error?: ApiError; readonly again: () => void };
  readonly rows?: number;
  readonly children: (value: T) => ComponentChildren;
}) => {
  if (asked.value !== undefined) return <>{children(asked.value)}</>;
  if (asked.error !== undefined) return <Trouble error={asked.error} onRetry={asked.again} />;
  return <Skeleton rows={rows ?? 6} />;
};
