/**
 * What happens to files: cut, damaged, gone, and a disk that is full. A process that cannot trust its data ends with 3 and one line that says
 * what to do; a full disk is waited out, and nothing that was answered is lost (I1).
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDatabase } from '../../main/store/verify.ts';
import { CLI } from '../../main/village/plan.ts';
import { eventually, refused, run, Village } from './village.ts';

const damage = (path: string, at: number, bytes = 200): void => {
  const file = openSync(path, 'r+');
  const buffer = Buffer.alloc(bytes);
  readSync(file, buffer, 0, bytes, at);
  writeSync(
    file,
    buffer.map((byte) => byte ^ 0xff),
    0,
    bytes,
    at,
  );
  closeSync(file);
};
const halve = (path: string): void => truncateSync(path, statSync(path).size >> 1);
/** Folds the log into the file, as a clean stop does. */
const foldLog = (path: string): void => {
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
};

describe('folders of processes that lost their power', () => {
  let folder = '';
  const folders = { gateway: '', central: '' };

  beforeAll(async () => {
    const village = await Village.start();
    try {
      await village.payTimes(60);
      await village.settled(60);
      await eventually(
        async () => readFileSync(join(village.dataDirectory, 'gateway.sqlite.mark'), 'utf8'),
        (mark) => Number(mark.split(' ')[1]) >= 60,
      );
      folder = mkdtempSync(join(tmpdir(), 'chautari-cut-'));
      folders.gateway = join(folder, 'gateway');
      folders.central = join(folder, 'central');
      // The processes live: what is copied is what a power cut leaves.
      cpSync(village.dataDirectory, folders.gateway, { recursive: true });
      cpSync(village.world.centralDirectory, folders.central, { recursive: true });
    } finally {
      await village.end();
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tampered = (kind: 'gateway' | 'central', tamper: (folder: string) => void): string => {
    const copy = join(folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(folders[kind], copy, { recursive: true });
    tamper(copy);
    return copy;
  };
  const start = (kind: 'gateway' | 'central', data: string) => [
    kind,
    '--data',
    data,
    '--http',
    '127.0.0.1:0',
    '--mqtt',
    'mqtt://127.0.0.1:1',
  ];
  const gone =
    (...names: string[]) =>
    (data: string) => {
      for (const name of names) rmSync(join(data, name));
    };
  const journal = (data: string): string => join(data, 'gateway.sqlite');

  it.each<readonly ['gateway' | 'central', string, RegExp, (data: string) => void]>([
    [
      'gateway',
      'a log that was cut',
      /lost what it held: it ends at entry \d+, and entry 60 was here/,
      (data) => halve(`${journal(data)}-wal`),
    ],
    ['gateway', 'a log that is gone', /lost what it held/, gone('gateway.sqlite-wal', 'gateway.sqlite-shm')],
    [
      'gateway',
      'a log with a bad block',
      /lost what it held/,
      (data) => damage(`${journal(data)}-wal`, statSync(`${journal(data)}-wal`).size >> 1),
    ],
    [
      'gateway',
      'a database that is gone',
      /is gone, and its journal had 60 entries/,
      gone('gateway.sqlite', 'gateway.sqlite-wal', 'gateway.sqlite-shm'),
    ],
    ['gateway', 'a database that is gone, its log is not', /is gone/, gone('gateway.sqlite')],
    [
      'gateway',
      'a database that was cut',
      /damaged/,
      (data) => {
        foldLog(journal(data));
        halve(journal(data));
      },
    ],
    ['gateway', 'a database that is empty', /damaged \(it is empty\)/, (data) => writeFileSync(journal(data), '')],
    [
      'gateway',
      'a database with a bad first block',
      /damaged|not a database/,
      (data) => {
        foldLog(journal(data));
        damage(journal(data), 0);
      },
    ],
    ['gateway', 'a key that is gone', /identity.pem is gone/, gone('identity.pem')],
    ['gateway', 'a key that was cut', /not a private key/, (data) => halve(join(data, 'identity.pem'))],
    ['gateway', "another box's key", /is another key/, (data) => cpSync(join(folders.central, 'identity.pem'), join(data, 'identity.pem'))],
    ['gateway', 'an enrolment that is gone', /enrolment.json is gone/, gone('enrolment.json')],
    ['gateway', 'an enrolment that was cut', /enrolment.json is damaged/, (data) => halve(join(data, 'enrolment.json'))],
    ['central', 'a ledger that is gone', /gone or empty/, gone('central.sqlite', 'central.sqlite-wal', 'central.sqlite-shm')],
    [
      'central',
      'a ledger that is empty',
      /gone or empty/,
      (data) => {
        gone('central.sqlite-wal')(data);
        writeFileSync(join(data, 'central.sqlite'), '');
      },
    ],
    [
      'central',
      'a ledger that was cut',
      /damaged/,
      (data) => {
        foldLog(join(data, 'central.sqlite'));
        halve(join(data, 'central.sqlite'));
      },
    ],
    ['central', 'a key that is gone', /identity.pem is gone/, gone('identity.pem')],
  ])('%s: %s ends the start with 3', { timeout: 20_000 }, async (kind, _what, line, tamper) => {
    const ended = await refused(start(kind, tampered(kind, tamper)));
    expect(ended).toMatchObject({ code: 3, complaint: expect.stringMatching(line) });
  });

  it('untouched they start again, whatever was left half written beside them', { timeout: 20_000 }, async () => {
    const data = tampered('gateway', (copy) => {
      for (const name of [
        'enrolment.json.tmp',
        'gateway.sqlite.new',
        'gateway.sqlite.mark',
        'gateway.sqlite.mark.new',
        'tokens.json.tmp',
      ]) {
        writeFileSync(join(copy, name), 'half');
      }
      writeFileSync(join(copy, 'pairing-code'), '');
    });
    const started = await run(start('gateway', data));
    if (!('child' in started)) throw new Error(started.complaint);
    expect((await fetch(`${started.url}/healthz`)).status).toBe(200);
    started.child.kill('SIGKILL');
    expect(verifyDatabase(journal(data))).toMatchObject({ ok: true, value: { head: { number: 60 } } });
  });

  it('a bad block that shows in the middle of the day: nothing more is taken, /healthz says so, a new start too', {
    timeout: 30_000,
  }, async () => {
    const data = tampered('gateway', (copy) => {
      foldLog(journal(copy));
      const database = new Database(journal(copy));
      const page = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'payment'").pluck().get() as number;
      const size = database.pragma('page_size', { simple: true }) as number;
      database.close();
      damage(journal(copy), (page - 1) * size);
    });
    const started = await run(start('gateway', data));
    if (!('child' in started)) throw new Error(started.complaint);
    const token = execFileSync(process.execPath, [CLI, 'token', '--data', data, '--name', 'probe'], { encoding: 'utf8' }).trim();
    const pay = () =>
      fetch(`${started.url}/v1/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ id: 'probe', method: 'cash', action: 'sale', amount: '100', currency: 'NPR' }),
      });
    await eventually(pay, ({ status }) => status === 503);
    const health = await eventually(
      () => fetch(`${started.url}/healthz`),
      ({ status }) => status === 503,
    );
    expect(await health.text()).toContain('is damaged');
    started.child.kill('SIGKILL');
    expect(verifyDatabase(journal(data))).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  });
});
