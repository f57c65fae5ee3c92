/** The shell's arguments. */
import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('the options of the shell', () => {
  it('are a locked window over a gateway of its own, unless asked otherwise', () => {
    expect(parseOptions(['--no-sandbox', '--inspect=0'], {})).toEqual({
      ok: true,
      value: { kioskUrl: undefined, isWindowed: false, dataFolder: undefined, http: '127.0.0.1:7070', gatewayArguments: [] },
    });
  });

  it('come from arguments, then from the environment', () => {
    const env = { CHAUTARI_KIOSK_URL: 'http://127.0.0.1:1/kiosk/', CHAUTARI_DATA: 'a', CHAUTARI_MQTT: 'mqtt://127.0.0.1:1883' };
    expect(parseOptions(['--data=b', '--windowed', '--http=127.0.0.1:0'], env)).toEqual({
      ok: true,
      value: {
        kioskUrl: 'http://127.0.0.1:1/kiosk/',
        isWindowed: true,
        dataFolder: 'b',
        http: '127.0.0.1:0',
        gatewayArguments: ['--mqtt', 'mqtt://127.0.0.1:1883'],
      },
    });
  });

  it.each(['--kiosk-url=nonsense', '--kiosk-url=http://example.com/kiosk/', '--kiosk-url=file:///etc/passwd', '--http=7070'])(
    'refuses %s',
    (argument) => expect(parseOptions([argument], {})).toMatchObject({ ok: false }),
  );
});
