/** `chautari central`: head office's service as a process. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineCommand } from 'citty';
import { parseAddress } from '../../main/platform/address.ts';
import { refuseUnknown } from '../../main/platform/arguments.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { openDataFolder } from '../../main/platform/data-folder.ts';
import { randomHex, systemEntropy } from '../../main/platform/entropy.ts';
import { printReady, stopOnSignal } from '../../main/platform/exit.ts';
import { createLog } from '../../main/platform/log.ts';
import { startCentral } from './compose.ts';
import { openDocumentDesk } from './document-desk.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const args = {
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'Its data folder' },
  http: { type: 'string', default: '127.0.0.1:7060', valueHint: 'HOST:PORT', description: 'Where its pages and API listen' },
  'host-names': { type: 'string', default: '', valueHint: 'NAMES', description: 'Further names it answers to, with commas between' },
  mqtt: { type: 'string', default: 'mqtt://127.0.0.1:1883', valueHint: 'URL', description: 'The broker' },
} as const;

export const centralCommand = defineCommand({
  meta: { name: 'central', description: 'Head office: takes in journals, keeps the ledger, serves the office' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const central = await startCentral({
      dataDirectory: openDataFolder(given.data),
      http: parseAddress(given.http),
      hostNames: given['host-names'].split(',').filter((name) => name !== ''),
      mqttUrl: given.mqtt,
      clock: systemClock,
      entropy: systemEntropy,
      log: createLog('central'),
      officeAssetsDirectory: join(ROOT, 'dist/renderer/office'),
      documents: ({ tables }) =>
        openDocumentDesk({
          tables,
          gateways: async () => [...new Set((await tables.journals()).map(({ name }) => name.gateway))],
          actor: randomHex(systemEntropy, 16),
        }),
    });
    stopOnSignal(() => central.stop());
    printReady({ ready: 'central', http: central.httpUrl });
  },
});
