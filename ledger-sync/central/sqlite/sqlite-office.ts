/** Vouchers, refusals, documents, settings and sessions over SQLite. */
import type Database from 'better-sqlite3';
import { type Epoch, type GatewayId, GENESIS } from '../../ledger/ids.ts';
import { LIMITS, type OfficeSessionRow, type RefusedRow, type UseVoucher, type VoucherRow, type VoucherUse } from '../tables.ts';
import { bytesOf, JOURNAL_COLUMNS, type JournalRecord, journalOf } from './rows.ts';

type VoucherRecord = {
  id: string;
  gateway: string;
  site: string;
  secret: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  public_key: Buffer | null;
  epoch: string | null;
};

const voucherOf = (row: VoucherRecord): VoucherRow => ({
  id: row.id,
  gateway: row.gateway as GatewayId,
  site: row.site,
  secret: row.secret,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  used:
    row.used_at === null || row.public_key === null
      ? undefined
      : { at: row.used_at, publicKey: new Uint8Array(row.public_key), epoch: row.epoch as Epoch },
});

export function createOfficeTables(database: Database.Database, inTransaction: <T>(work: () => T) => T) {
  const insertVoucher = database.prepare(
    'INSERT INTO voucher (id, gateway, site, secret, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // Unused vouchers go a while after they expired; used ones stay, because a lost answer is asked for again.
  const dropVouchers = database.prepare(
    `DELETE FROM voucher WHERE id IN (SELECT id FROM voucher WHERE (SELECT count(*) FROM voucher) >= ${LIMITS.vouchers}
     ORDER BY used_at IS NOT NULL, created_at LIMIT 1)`,
  );
  const findVoucher = database.prepare<[string], VoucherRecord>('SELECT * FROM voucher WHERE id = ?');
  const listVouchers = database.prepare<[number], VoucherRecord>('SELECT * FROM voucher ORDER BY created_at DESC, id LIMIT ?');
  const spendVoucher = database.prepare('UPDATE voucher SET used_at = ?, public_key = ?, epoch = ? WHERE id = ? AND used_at IS NULL');
  const addGateway = database.prepare(
    'INSERT INTO gateway (name, site) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET site = excluded.site',
  );
  const findGateway = database.prepare<[string], { id: number }>('SELECT id FROM gateway WHERE name = ?');
  const addJournal = database.prepare('INSERT INTO journal (gateway, epoch, public_key, enrolled_at, hash) VALUES (?, ?, ?, ?, ?)');
  const byKey = database.prepare<[Buffer], JournalRecord>(`SELECT ${JOURNAL_COLUMNS} WHERE j.public_key = ?`);
  const byName = database.prepare<[string, string], JournalRecord>(`SELECT ${JOURNAL_COLUMNS} WHERE g.name = ? AND j.epoch = ?`);

  const addRefused = database.prepare(
    `INSERT INTO refused (topic, reason, key_fingerprint, count, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (topic, reason, key_fingerprint) DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`,
  );
  const dropRefused = database.prepare(
    `DELETE FROM refused WHERE rowid IN (SELECT rowid FROM refused ORDER BY last_at DESC LIMIT -1 OFFSET ${LIMITS.refusedRows})`,
  );
  const listRefused = database.prepare<
    [number],
    { topic: string; reason: string; key_fingerprint: string; count: number; first_at: number; last_at: number }
  >('SELECT * FROM refused ORDER BY last_at DESC, topic LIMIT ?');

  const findDocument = database.prepare<[string], { bytes: Buffer; at: number }>('SELECT bytes, at FROM document WHERE name = ?');
  const putDocument = database.prepare(
    'INSERT INTO document (name, bytes, at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, at = excluded.at',
  );
  const findPeers = database.prepare<[string], { gateway: string; bytes: Buffer }>(
    'SELECT gateway, bytes FROM document_peer WHERE name = ?',
  );
  const putPeer = database.prepare(
    'INSERT INTO document_peer (name, gateway, bytes) VALUES (?, ?, ?) ON CONFLICT (name, gateway) DO UPDATE SET bytes = excluded.bytes',
  );
  const findSetting = database.prepare<[string], { value: string }>('SELECT value FROM setting WHERE key = ?');
  const putSetting = database.prepare(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const addSession = database.prepare('INSERT INTO session (token_hash, user, until) VALUES (?, ?, ?)');
  const dropSessions = database.prepare('DELETE FROM session WHERE until <= ?');
  const dropOldest = database.prepare(
    `DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session ORDER BY until DESC LIMIT -1 OFFSET ${LIMITS.sessions})`,
  );
  const findSession = database.prepare<[string, number], { token_hash: string; user: string; until: number }>(
    'SELECT * FROM session WHERE token_hash = ? AND until > ?',
  );
  const dropSession = database.prepare('DELETE FROM session WHERE token_hash = ?');

  const useInside = ({ voucher: id, publicKey, epoch, at }: UseVoucher): VoucherUse => {
    const row = findVoucher.get(id);
    if (row === undefined) return { status: 'unknown' };
    const key = Buffer.from(publicKey);
    if (row.used_at !== null) {
      const journal = row.public_key?.equals(key) === true && row.epoch === epoch ? byKey.get(key) : undefined;
      return journal === undefined ? { status: 'used-by-another' } : { status: 'enrolled', journal: journalOf(journal), repeated: true };
    }
    if (row.expires_at <= at) return { status: 'expired' };
    // One key an epoch, one epoch a key (J3): a box that was wiped makes both anew.
    if (byKey.get(key) !== undefined || byName.get(row.gateway, epoch) !== undefined) return { status: 'journal-exists' };
    spendVoucher.run(at, key, epoch, id);
    addGateway.run(row.gateway, row.site);
    const gateway = findGateway.get(row.gateway) as { id: number };
    addJournal.run(gateway.id, epoch, key, at, bytesOf(GENESIS));
    return { status: 'enrolled', journal: journalOf(byKey.get(key) as JournalRecord), repeated: false };
  };

  return {
    async addVoucher(voucher: VoucherRow): Promise<void> {
      inTransaction(() => {
        dropVouchers.run();
        insertVoucher.run(voucher.id, voucher.gateway, voucher.site, voucher.secret, voucher.createdAt, voucher.expiresAt);
      });
    },
    async vouchers(limit: number): Promise<readonly VoucherRow[]> {
      return listVouchers.all(limit).map(voucherOf);
    },
    async voucher(id: string): Promise<VoucherRow | undefined> {
      const row = findVoucher.get(id);
      return row === undefined ? undefined : voucherOf(row);
    },
    async useVoucher(use: UseVoucher): Promise<VoucherUse> {
      return inTransaction(() => useInside(use));
    },
    async refuse(refused: { topic: string; reason: string; keyFingerprint: string | undefined; count: number; at: number }): Promise<void> {
      inTransaction(() => {
        addRefused.run(refused.topic, refused.reason, refused.keyFingerprint ?? '', refused.count, refused.at, refused.at);
        dropRefused.run();
      });
    },
    async refused(limit: number): Promise<readonly RefusedRow[]> {
      return listRefused.all(limit).map((row) => ({
        topic: row.topic,
        reason: row.reason,
        keyFingerprint: row.key_fingerprint === '' ? undefined : row.key_fingerprint,
        count: row.count,
        firstAt: row.first_at,
        lastAt: row.last_at,
      }));
    },
    async document(name: string): Promise<{ readonly bytes: Uint8Array; readonly at: number } | undefined> {
      const row = findDocument.get(name);
      return row === undefined ? undefined : { bytes: new Uint8Array(row.bytes), at: row.at };
    },
    async saveDocument(name: string, bytes: Uint8Array, at: number): Promise<void> {
      inTransaction(() => putDocument.run(name, bytes, at));
    },
    async documentPeers(name: string): Promise<ReadonlyMap<string, Uint8Array>> {
      return new Map(findPeers.all(name).map(({ gateway, bytes }) => [gateway, new Uint8Array(bytes)]));
    },
    async saveDocumentPeer(name: string, gateway: string, bytes: Uint8Array): Promise<void> {
      inTransaction(() => putPeer.run(name, gateway, bytes));
    },
    async setting(key: string): Promise<string | undefined> {
      return findSetting.get(key)?.value;
    },
    async saveSetting(key: string, value: string): Promise<void> {
      inTransaction(() => putSetting.run(key, value));
    },
    async addSession(session: OfficeSessionRow, nowMs: number): Promise<void> {
      inTransaction(() => {
        dropSessions.run(nowMs);
        addSession.run(session.tokenHash, session.user, session.until);
        dropOldest.run();
      });
    },
    async session(tokenHash: string, nowMs: number): Promise<OfficeSessionRow | undefined> {
      const row = findSession.get(tokenHash, nowMs);
      return row === undefined ? undefined : { tokenHash: row.token_hash, user: row.user, until: row.until };
    },
    async endSession(tokenHash: string): Promise<void> {
      inTransaction(() => dropSession.run(tokenHash));
    },
  };
}
