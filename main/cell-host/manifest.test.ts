import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVersions, parseManifest } from './manifest.ts';

const WALLET: Record<string, unknown> = JSON.parse(readFileSync(join(import.meta.dirname, '../../cells/wallet/manifest.json'), 'utf8'));
function faultOf(changes: object): string {
  const manifest = parseManifest({ ...WALLET, ...changes });
  return manifest.ok ? 'none' : `${manifest.error.code}: ${manifest.error.detail}`;
}

const { actions: _actions, ...WITHOUT_ACTIONS } = WALLET;
const METER = {
  ...WITHOUT_ACTIONS,
  name: 'meter',
  world: 'telemetry-cell',
  class: 'slow',
  grants: { imports: ['wasi:sockets/udp@0.2.3', 'chautari:cell/state@0.1.0'], sockets: ['udp://127.0.0.1:9001', 'udp://[::1]:9002'] },
};

describe('a manifest of another world', () => {
  it('has neither actions nor accounts, and sockets where it is a slow telemetry cell', () => {
    expect(parseManifest(METER)).toEqual({ ok: true, value: METER });
    const decision = { ...METER, world: 'decision-cell', class: 'fast', grants: { imports: ['chautari:cell/state@0.1.0'] } };
    expect(parseManifest(decision)).toEqual({ ok: true, value: decision });
  });

  it.each([
    [{ world: 'decision-cell' }, 'grants.sockets is for a telemetry-cell of class slow alone'],
    [{ class: 'fast' }, 'grants.sockets is for a telemetry-cell of class slow alone'],
    [{ grants: { imports: [], sockets: [] } }, 'grants.sockets names no address'],
    [{ grants: { imports: [], accounts: [] } }, 'grants.accounts is not a member'],
    ...[
      'tcp://127.0.0.1:1',
      'udp://localhost:9',
      'udp://127.0.0.1',
      'udp://127.0.0.1:0',
      'udp://127.0.0.1:65536',
      'udp://127.0.0.256:1',
      'udp://127.0.0.01:1',
      'udp://[::1::]:1',
      'udp://127.0.0.1:1/x',
      'udp://u@127.0.0.1:1',
    ].map((address): [object, string] => [{ grants: { imports: [], sockets: [address] } }, 'grants.sockets[0] is not']),
  ])('is refused with %j', (changes, fault) => {
    expect(parseManifest({ ...METER, ...changes })).toMatchObject({ ok: false, error: { detail: expect.stringContaining(fault) } });
  });
});

describe('a manifest', () => {
  it('is read as it stands', () => {
    expect(parseManifest(WALLET)).toEqual({ ok: true, value: WALLET });
  });

  it.each<[string, object, string]>([
    ['an unknown member', { trusted: true }, 'bad-manifest: manifest.trusted is not a member'],
    ['another contract', { contract: 'chautari:cell@9.0.0' }, 'unknown-contract: this host speaks chautari:cell@0.1.0'],
    ['another world', { world: 'gold-cell' }, 'unknown-world: this host runs the worlds payment-cell, telemetry-cell, decision-cell, not'],
    ['actions in a world without money', { world: 'telemetry-cell' }, 'bad-manifest: manifest.actions is for a payment-cell alone'],
    ['no class', { class: undefined }, 'bad-manifest: class must be fast or slow'],
    ['a name that leaves its folder', { name: '..' }, 'bad-manifest: name is not'],
    ['a name beyond 48 letters', { name: 'a'.repeat(49) }, 'bad-manifest: name is not'],
    ['a version in two spellings', { version: '0.01.0' }, 'bad-manifest: version is not'],
    ['a version that is a path', { version: '../..' }, 'bad-manifest: version is not'],
    [
      'an owned that is false',
      { actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: false, owned: false } } },
      'bad-manifest: actions.sale.owned must be true or left out',
    ],
    [
      'sockets beside money',
      { grants: { imports: [], accounts: [], sockets: ['udp://127.0.0.1:9001'] } },
      'bad-manifest: grants.sockets is not a member',
    ],
    ['a name that leaves its folder', { name: '../x' }, 'bad-manifest: name is not'],
    ['a version that is none', { version: '1' }, 'bad-manifest: version is not'],
    ['no action', { actions: {} }, 'bad-manifest: actions must name 1 to 32'],
    ['an action that is half', { actions: { sale: { served: 'pays' } } }, 'bad-manifest: actions.sale.legs is missing'],
    [
      'an action that serves nobody known',
      { actions: { sale: { served: 'x', legs: 1, debits: [], refunds: false } } },
      'bad-manifest: actions.sale.served',
    ],
    [
      'a flag that is none',
      { actions: { sale: { served: 'pays', legs: 1, debits: [], refunds: 1 } } },
      'bad-manifest: actions.sale.refunds',
    ],
    [
      'an opening by who pays',
      { actions: { issue: { served: 'pays', legs: 1, debits: [], refunds: false, opens: 'wallet' } } },
      'actions.issue.opens names wallet, which must be',
    ],
    [
      'an opening beyond the grants',
      { actions: { issue: { served: 'receives', legs: 1, debits: [], refunds: false, opens: 'voucher' } } },
      'actions.issue.opens names voucher, which must be',
    ],
    [
      'a debit beyond the grants',
      { actions: { sale: { served: 'pays', legs: 1, debits: ['khata'], refunds: false } } },
      'actions.sale.debits names khata',
    ],
    [
      'a kind of account that does not exist',
      { grants: { imports: [], accounts: ['gold'] } },
      'bad-manifest: grants.accounts[0] is not a kind',
    ],
    ['a grant twice', { grants: { imports: [], accounts: ['bank', 'bank'] } }, 'bad-manifest: grants.accounts names something twice'],
    ['an interface without version', { grants: { imports: ['chautari:cell/accounts'], accounts: [] } }, 'bad-manifest: grants.imports[0]'],
    [
      'WASI in the class fast',
      { grants: { imports: ['wasi:clocks/wall-clock@0.2.0'], accounts: [] } },
      'wasi-denied: grants.imports[0] asks for wasi:clocks/wall-clock@0.2.0: that needs "class": "slow"',
    ],
    [
      'sockets of WASI without addresses',
      { class: 'slow', grants: { imports: ['wasi:sockets/udp@0.2.0'], accounts: [] } },
      'wasi-denied: grants.imports[0] asks for wasi:sockets/udp@0.2.0: a cell has no network but the addresses in grants.sockets',
    ],
    ['a budget without measure', { budget: { fuel: 1.5, callDepth: 1, memoryPages: 1 } }, 'bad-manifest: budget.fuel'],
    ['more memory than the host gives', { budget: { fuel: 1, callDepth: 1, memoryPages: 257 } }, 'bad-manifest: budget.memoryPages'],
  ])('is refused with %s', (_name, changes, fault) => {
    expect(faultOf(changes)).toContain(fault);
  });

  it('is refused where it is no object', () => {
    for (const value of [null, 7, [], 'x']) expect(parseManifest(value).ok).toBe(false);
  });
});

it('versions are compared by their numbers', () => {
  expect(['0.10.0', '0.2.0', '1.0.0', '0.2.1'].toSorted(compareVersions)).toEqual(['0.2.0', '0.2.1', '0.10.0', '1.0.0']);
});
