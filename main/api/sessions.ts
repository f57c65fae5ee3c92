/**
 * Who asks: a kiosk that was paired (cookie) or a third party with a token (Authorization: Bearer). Without either nothing is answered.
 * Invariants: secrets are 192 random bits and kept as hashes only; a kiosk paired before the box is enrolled is kept in memory and made
 * durable as soon as there is a database; the cookie is HttpOnly and SameSite=Strict.
 */
import type { SessionId } from '../../ledger-sync/ledger/ids.ts';
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { type Entropy, randomCrockford } from '../platform/entropy.ts';
import type { FaceFault, Ledger } from './face.ts';
import { Pairing } from './pairing.ts';
import { type Scope, TokenList, tokenHash } from './tokens.ts';

/** Cookies do not know ports, and several boxes may share one host name: the port is part of the cookie's name. */
export const kioskCookie = (hostHeader: string | undefined): string => `chautari_kiosk_${/:([0-9]+)$/.exec(hostHeader ?? '')?.[1] ?? '80'}`;
const MAX_REMEMBERED = 256;

export type Principal =
  | { readonly kind: 'kiosk'; readonly session: SessionId; readonly kiosk: string; readonly scopes: readonly Scope[] }
  | { readonly kind: 'token'; readonly name: string; readonly scopes: readonly Scope[] };

/** What an entry names as its operator. */
export const operatorOf = (principal: Principal): string => (principal.kind === 'kiosk' ? principal.session : `token:${principal.name}`);

type KioskSession = {
  readonly session: SessionId;
  readonly kiosk: string;
  readonly scopes: readonly Scope[];
  readonly at: number;
  kept: boolean;
};

export class Sessions {
  readonly pairing: Pairing;
  private readonly tokens: TokenList;
  private readonly entropy: Entropy;
  private readonly ledger: () => Ledger | undefined;
  /** Of the one token that only this machine's user can read, hash. */
  private readonly local: string | undefined;
  private readonly remembered = new Map<string, KioskSession>();

  constructor(options: {
    readonly directory: string;
    readonly entropy: Entropy;
    readonly ledger: () => Ledger | undefined;
    readonly localToken?: string | undefined;
  }) {
    this.pairing = new Pairing(options.directory, options.entropy);
    this.tokens = new TokenList(options.directory);
    this.entropy = options.entropy;
    this.ledger = options.ledger;
    this.local = options.localToken === undefined ? undefined : tokenHash(options.localToken);
  }

  /** Lets a kiosk in by the code on the box; the answer's `secret` goes into its cookie. */
  async pair(
    code: string,
    kiosk: string,
    now: number,
  ): Promise<Result<{ secret: string; principal: Principal & { kind: 'kiosk' } }, FaceFault>> {
    const answer = this.pairing.take(code, now);
    if (answer === 'wrong-code')
      return err({ code: 'wrong-code', detail: 'That is not the code that the box shows. Look again and type all eight digits.' });
    if (answer === 'too-many-tries')
      return err({ code: 'too-many-tries', detail: 'Too many wrong codes. Wait a minute, then type the code that the box shows.' });
    const secret = Buffer.from(this.entropy.bytes(24)).toString('base64url');
    const session: KioskSession = {
      session: randomCrockford(this.entropy, 10) as SessionId,
      kiosk,
      scopes: ['pay', 'read', 'enrol'],
      at: now,
      kept: false,
    };
    const hash = tokenHash(secret);
    const kept = await this.keep(hash, session);
    if (!kept.ok) return kept;
    return ok({ secret, principal: { kind: 'kiosk', session: session.session, kiosk, scopes: session.scopes } });
  }

  /** Makes durable what was paired before there was a database. */
  async keepAll(): Promise<void> {
    for (const [hash, session] of this.remembered) if (!session.kept) await this.keep(hash, session);
  }

  find(cookie: string | undefined, bearer: string | undefined, now: number): Principal | undefined {
    if (bearer !== undefined) {
      if (this.local !== undefined && tokenHash(bearer) === this.local) return { kind: 'token', name: 'local', scopes: ['admin'] };
      const token = this.tokens.find(bearer, now);
      return token === undefined ? undefined : { kind: 'token', name: token.name, scopes: token.scopes };
    }
    if (cookie === undefined || cookie.length > 128) return undefined;
    const hash = tokenHash(cookie);
    const known = this.remembered.get(hash) ?? this.recall(hash);
    return known === undefined ? undefined : { kind: 'kiosk', session: known.session, kiosk: known.kiosk, scopes: known.scopes };
  }

  /** Takes a kiosk's right away; false where no kiosk is paired under that session. */
  async revoke(session: SessionId, now: number): Promise<Result<boolean, FaceFault>> {
    const done = await this.ledger()?.writer.execute('revoke', { session, at: now });
    if (done?.ok === false) return done;
    let revoked = done?.value.revoked ?? false;
    for (const [hash, row] of this.remembered) if (row.session === session) revoked = this.remembered.delete(hash) || revoked;
    return ok(revoked);
  }

  private recall(hash: string): KioskSession | undefined {
    const row = this.ledger()?.reader.sessionByTokenHash(hash);
    if (row === undefined) return undefined;
    const session: KioskSession = {
      session: row.session,
      kiosk: row.kiosk,
      scopes: row.scopes as readonly Scope[],
      at: row.at,
      kept: true,
    };
    this.remember(hash, session);
    return session;
  }

  private async keep(hash: string, session: KioskSession): Promise<Result<void, FaceFault>> {
    const ledger = this.ledger();
    if (ledger !== undefined) {
      const { kiosk, scopes, at } = session;
      const done = await ledger.writer.execute('pair', { session: session.session, kiosk, tokenHash: hash, scopes, at });
      if (!done.ok) return done;
      session.kept = true;
    }
    this.remember(hash, session);
    return ok(undefined);
  }

  /** Bounded: what is durable is forgotten first and read again when it is asked for. */
  private remember(hash: string, session: KioskSession): void {
    if (this.remembered.size >= MAX_REMEMBERED) {
      const oldest = [...this.remembered].find(([, row]) => row.kept) ?? [...this.remembered][0];
      if (oldest !== undefined) this.remembered.delete(oldest[0]);
    }
    this.remembered.set(hash, session);
  }
}
