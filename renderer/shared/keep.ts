/**
 * Small values kept in the browser (language, theme, session, payment ids).
 * Invariants: a full, forbidden or missing storage never throws; a damaged value reads as "not there".
 */
export type Keep = {
  readonly read: (key: string) => string | undefined;
  /** Whether the value is kept now. Money may only go out after a true. */
  readonly write: (key: string, value: string) => boolean;
  readonly remove: (key: string) => void;
};

const prefix = 'chautari.';

export const keepIn = (storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined): Keep => ({
  read: (key) => {
    try {
      return storage?.getItem(prefix + key) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write: (key, value) => {
    try {
      storage?.setItem(prefix + key, value);
      return storage?.getItem(prefix + key) === value;
    } catch {
      return false;
    }
  },
  remove: (key) => {
    try {
      storage?.removeItem(prefix + key);
    } catch {
      // Nothing to do: what cannot be removed cannot be read either.
    }
  },
});

const ownStorage = (): Storage | undefined => {
  try {
    return globalThis.document === undefined ? undefined : globalThis.localStorage;
  } catch {
    return undefined;
  }
};

export const keep: Keep = keepIn(ownStorage());

/** A JSON value that was kept, if it passes its check. */
export const readJson = <T>(from: Keep, key: string, isGood: (value: unknown) => value is T): T | undefined => {
  const text = from.read(key);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isGood(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
