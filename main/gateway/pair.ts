/** Pairs a kiosk or lets in a third party: a session and the hash of its token. A session is one kiosk's for good, for its ids carry it (K1). */
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { Sessions } from './book.ts';
import type { Commands } from './commands.ts';

export const SESSION_LIMIT = 256;

export function pair(sessions: Sessions, request: Commands['pair']['in']): Commands['pair']['out'] {
  const known = sessions.sessionOfToken(request.tokenHash);
  if (known !== undefined) {
    return known.live && known.session === request.session
      ? ok({ session: request.session })
      : err({ code: 'id-conflict', detail: 'this token is taken; make another' });
  }
  if (sessions.tokenOfSession(request.session) !== undefined) {
    return err({ code: 'id-conflict', detail: `the session ${request.session} is taken; make another` });
  }
  if (sessions.liveSessions() >= SESSION_LIMIT) {
    return err({
      code: 'busy',
      detail: `${SESSION_LIMIT} kiosks are paired already; take one away first: GET /v1/sessions, DELETE /v1/sessions/{session}`,
    });
  }
  const { tokenHash, session, kiosk, scopes, at } = request;
  sessions.addSession({ tokenHash, session, kiosk, scopes, at });
  return ok({ session });
}

export function revoke(sessions: Sessions, request: Commands['revoke']['in']): Commands['revoke']['out'] {
  const tokenHash = sessions.tokenOfSession(request.session);
  const revoked = tokenHash !== undefined && sessions.sessionOfToken(tokenHash)?.live === true;
  if (revoked) sessions.revokeSession(tokenHash, request.at);
  return ok({ revoked });
}
