/** `chautari gateway`: the box as a process. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineCommand } from 'citty';
import { parseCurrency } from '../../../ledger-sync/ledger/money.ts';
import { gatewayApp } from '../../api/app.ts';
import { isLoopback, parseAddress } from '../../platform/address.ts';
import { refuseUnknown } from '../../platform/arguments.ts';
import { systemClock } from '../../platform/clock.ts';
import { openDataFolder } from '../../platform/data-folder.ts';
import { randomHex, systemEntropy } from '../../platform/entropy.ts';
import { ExitFault, printReady, stopOnSignal } from '../../platform/exit.ts';
import { namesOfListener } from '../../platform/http/guard.ts';
import { type Fetch, listen } from '../../platform/http/listen.ts';
import { createLog } from '../../platform/log.ts';
import { forgetWhereItRuns, sayWhereItRuns } from '../../platform/running-gateway.ts';
import { systemTimers } from '../../platform/timers.ts';
import { openBox } from './box.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const args = {
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'The box’s data folder' },
  http: {
    type: 'string',
    default: '127.0.0.1:7070',
    valueHint: 'HOST:PORT',
    description: 'Where kiosks reach it; loopback unless you say otherwise',
  },
  'host-names': { type: 'string', default: '', valueHint: 'NAMES', description: 'Further names it answers to, with commas between' },
  mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883', valueHint: 'URL', description: 'The broker of head office' },
  currency: { type: 'string', default: 'NPR', valueHint: 'CODE', description: 'The site’s currency; fixed with the enrolment' },
  printer: {
    type: 'string',
    valueHint: 'PATH',
    description: 'Receipt printer: /dev/ttyUSB0[?paper=58&baud=9600&flow=hardware], or simulator:FOLDER',
  },
  'receipt-language': { type: 'string', default: 'both', valueHint: 'en|ne|both', description: 'Language of receipts' },
  sensors: {
    type: 'string',
    valueHint: 'HOST:PORT',
    description: 'Take sealed datagrams of sensors there; off unless you say so (docs/sensors.md)',
  },
  village: { type: 'string', valueHint: 'URL', description: 'The village that started it' },
} as const;

export const gatewayCommand = defineCommand({
  meta: { name: 'gateway', description: 'The box of a shop: takes payments, with or without a link' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const address = parseAddress(given.http);
    const language = given['receipt-language'];
    if (language !== 'en' && language !== 'ne' && language !== 'both') throw new ExitFault(2, '--receipt-language is en, ne or both');
    if (!parseCurrency(given.currency).ok) throw new ExitFault(2, `--currency ${given.currency} is not a currency that this release knows`);
    if (!/^(mqtts?|wss?|tcp):\/\/[^\s]+$/.test(given.mqtt))
      throw new ExitFault(2, `--mqtt must be a URL such as mqtt://host:1883, not "${given.mqtt}"`);
    const log = createLog('gateway');
    const dataDirectory = openDataFolder(given.data);
    const localToken = randomHex(systemEntropy, 24);
    const box = await openBox({
      dataDirectory,
      localToken,
      cellsDirectory: join(ROOT, 'dist/cells'),
      mqttUrl: given.mqtt,
      currency: given.currency,
      printerPath: given.printer,
      receiptLanguage: language,
      villageUrl: given.village,
      ...(given.sensors === undefined ? {} : { sensorsAddress: parseAddress(given.sensors) }),
      clock: systemClock,
      timers: systemTimers,
      entropy: systemEntropy,
      log,
    });
    const extra = given['host-names'].split(',').filter((name) => name !== '');
    const app = gatewayApp({
      face: box.face,
      pagesDirectory: join(ROOT, 'dist/renderer'),
      hostNames: namesOfListener(address.host, extra),
      logError: (error, path) => log.error({ error, path }, 'a request failed'),
    });
    const server = await listen(app.fetch as Fetch, address);
    if (!server.ok) {
      await box.stop();
      throw new ExitFault(1, server.error.detail);
    }
    if (!isLoopback(address.host)) log.warn({ host: address.host }, 'this box answers beyond loopback; put TLS in front of it');
    stopOnSignal(async () => {
      forgetWhereItRuns(dataDirectory);
      await server.value.close(1_500);
      await box.stop();
    });
    log.info({ code: box.face.sessions.pairing.shown }, 'pair a kiosk with this code');
    const unsaid = sayWhereItRuns(dataDirectory, { http: server.value.url, pid: process.pid, token: localToken });
    if (unsaid !== undefined) log.warn(unsaid);
    const { udp } = box.sensorsState().fast;
    printReady({ ready: 'gateway', http: server.value.url, ...(udp === undefined ? {} : { sensors: `${udp.host}:${udp.port}` }) });
  },
});
