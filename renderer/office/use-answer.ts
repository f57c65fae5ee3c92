/** One GET as a hook: the last answer stays while a newer one is asked for, and an older answer never overwrites a newer. */
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../shared/api.ts';
import { ask } from './centre.ts';

export type Asked<T> = { readonly value?: T; readonly error?: ApiError; readonly again: () => void };

/** `path` undefined asks nothing; a change of `tick` asks again and keeps what stands. */
export const useAnswer = <T>(path: string | undefined, tick = 0): Asked<T> => {
  const [state, setState] = useState<{ readonly path?: string; readonly value?: T; readonly error?: ApiError }>({});
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (path === undefined) return;
    let isCurrent = true;
    void ask<T>(path).then((answer) => {
      if (!isCurrent) return;
      setState((before) => {
        if (answer.ok) return { path, value: answer.value };
        return before.path === path && before.value !== undefined ? { ...before, error: answer.error } : { path, error: answer.error };
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [path, tick, tries]);
  const shown = state.path === path ? state : {};
  return {
    ...(shown.value === undefined ? {} : { value: shown.value }),
    ...(shown.error === undefined ? {} : { error: shown.error }),
    again: () => setTries((count) => count + 1),
  };
};
