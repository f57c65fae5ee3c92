/** The line a process prints when it can be used: one JSON object with `ready` and `http`. Other lines on stdout mean nothing. */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { isTrustedOrigin } from './policy.ts';

export const parseReadyLine = (line: string): Result<{ readonly url: string }, string> => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return err('not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || !('ready' in parsed) || !('http' in parsed)) return err('not a ready line');
  const { ready, http } = parsed;
  if (ready !== 'gateway') return err(`"${String(ready)}" is ready, not the gateway`);
  if (typeof http !== 'string' || !URL.canParse(http)) return err('"http" is no address');
  const { origin } = new URL(http);
  return isTrustedOrigin(origin) ? ok({ url: origin }) : err(`${origin} is not on this machine`);
};
