/** `chautari broker`: the village's own MQTT broker as a process. Beyond a village use mosquitto or any MQTT 3.1.1 broker. */
import { defineCommand } from 'citty';
import { parseAddress } from '../platform/address.ts';
import { refuseUnknown } from '../platform/arguments.ts';
import { printReady, stopOnSignal } from '../platform/exit.ts';
import { startBroker } from './broker.ts';

const args = { mqtt: { type: 'string', default: '127.0.0.1:1883', valueHint: 'HOST:PORT', description: 'Where it listens' } } as const;

export const brokerCommand = defineCommand({
  meta: { name: 'broker', description: 'The village’s MQTT broker (keeps nothing across a restart)' },
  args,
  run: async ({ args: given }) => {
    refuseUnknown(given, args);
    const broker = await startBroker(parseAddress(given.mqtt));
    stopOnSignal(() => broker.stop());
    printReady({ ready: 'broker', mqtt: broker.url });
  },
});
