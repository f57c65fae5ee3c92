/**
 * Third parties' tokens: `tokens.json` in the box's private folder, made by `chautari token`. Only hashes are kept.
 * The file is read again when it changes, so a token can be given or taken away without a restart.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceDurably } from '../platform/durable-file.ts';
import type { Entropy } from '../platform/entropy.ts';
import { ExitFault } from '../platform/exit.ts';
import { parseJson } from '../platform/json.ts';

export const SCOPES = ['pay', 'read', 'admin', 'enrol', 'sense'] as const;
export type Scope = (typeof SCOPES)[number];

const TokenFile = z.strictObject({
  tokens: z.array(
    z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), sha256: z.string().length(64), scopes: z.array(z.enum(SCOPES)) }),
  ),
});
type TokenRow = z.infer<typeof TokenFile>['tokens'][number];

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const pathOf = (directory: string): string => join(directory, 'tokens.json');

function readRows(directory: string): TokenRow[] {
  let text: string;
  try {
    text = readFileSync(pathOf(directory), 'utf8');
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ExitFault(1, `${pathOf(directory)} cannot be read: ${(fault as Error).message}`);
  }
  const parsed = TokenFile.safeParse(parseJson(text));
  if (!parsed.success) throw new ExitFault(3, `${pathOf(directory)} is not a list of tokens; move it away and make the tokens again`);
  return parsed.data.tokens;
}

/** Makes (or makes anew) the token of this name and returns its secret, which is shown once. */
export function makeToken(directory: string, name: string, scopes: readonly Scope[], entropy: Entropy): string {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    throw new ExitFault(2, `"${name}" is no name for a token: a small letter, then letters, digits, hyphens`);
  const secret = `cht_${Buffer.from(entropy.bytes(24)).toString('base64url')}`;
  const rows = readRows(directory).filter((row) => row.name !== name);
  rows.push({ name, sha256: tokenHash(secret), scopes: [...scopes] });
  replaceDurably(pathOf(directory), `${JSON.stringify({ tokens: rows }, null, 2)}\n`);
  return secret;
}

/** Looks tokens up by hash; an unreadable file after a change keeps nobody in: the list is then empty. */
export class TokenList {
  private readonly directory: string;
  private stamp = '';
  private checkedAt = Number.NEGATIVE_INFINITY;
  private rows = new Map<string, TokenRow>();

  constructor(directory: string) {
    this.directory = directory;
  }

  find(token: string, now: number): { readonly name: string; readonly scopes: readonly Scope[] } | undefined {
    // Looking at the file costs a system call: at most twice a second.
    if (Math.abs(now - this.checkedAt) > 500) this.refresh(now);
    return this.rows.get(tokenHash(token));
  }

  private refresh(now: number): void {
    this.checkedAt = now;
    let stamp = 'none';
    try {
      const facts = statSync(pathOf(this.directory));
      stamp = `${facts.mtimeMs}:${facts.ino}:${facts.size}`;
    } catch {
      // No file: no tokens.
    }
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    try {
      this.rows = new Map(readRows(this.directory).map((row) => [row.sha256, row]));
    } catch {
      this.rows = new Map();
    }
  }
}
