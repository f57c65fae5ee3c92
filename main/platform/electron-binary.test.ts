/** What is said about the window where it cannot open, and what is found where it can. */
import { describe, expect, it } from 'vitest';
import { type ElectronSearch, findElectron } from './electron-binary.ts';

const search = (over: Partial<ElectronSearch>): ElectronSearch => ({
  root: '/box',
  env: { DISPLAY: ':0' },
  platform: 'linux',
  isRoot: false,
  exists: () => true,
  ...over,
});

describe('the Electron binary', () => {
  it('is the package’s own', () => {
    expect(findElectron(search({}))).toEqual({ ok: true, value: { path: '/box/node_modules/electron/dist/electron', args: [] } });
  });

  it('is the one that was named', () => {
    expect(findElectron(search({ env: { WAYLAND_DISPLAY: 'w', CHAUTARI_ELECTRON: '/opt/e' }, isRoot: true }))).toEqual({
      ok: true,
      value: { path: '/opt/e/electron', args: ['--no-sandbox'] },
    });
  });

  it('is no use without a display', () => expect(findElectron(search({ env: {} }))).toEqual({ ok: false, error: 'no display' }));

  it('is missing in words', () => {
    expect(findElectron(search({ exists: () => false }))).toMatchObject({ error: expect.stringContaining('npx install-electron') });
    expect(findElectron(search({ exists: () => false, env: { DISPLAY: ':0', CHAUTARI_ELECTRON: '/opt/e' } }))).toMatchObject({
      error: 'no Electron binary: /opt/e/electron is not there',
    });
  });
});
