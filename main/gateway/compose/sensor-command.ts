/** `chautari sensor key`: the key of one device, to be put into it when it is installed. */
import { defineCommand } from 'citty';
import { refuseUnknown } from '../../platform/arguments.ts';
import { openDataFolder } from '../../platform/data-folder.ts';
import { systemEntropy } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { refuseOtherThanGateways } from '../../platform/gateway-folder.ts';
import { isDeviceId } from '../../sensors/readings.ts';
import { deviceKey, loadSensorSecret } from '../../sensors/sensor-keys.ts';

const args = {
  action: { type: 'positional', required: true, valueHint: 'key', description: 'What is wanted: key' },
  device: { type: 'positional', required: true, valueHint: 'DEVICE', description: 'The device’s id: letters, digits or . _ : -' },
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder' },
} as const;

export const sensorCommand = defineCommand({
  meta: { name: 'sensor', description: 'Print the key that a sensor seals its datagrams with' },
  args,
  run: ({ args: given }) => {
    refuseUnknown(given, args);
    if (given.action !== 'key')
      throw new ExitFault(2, `there is no "sensor ${given.action}"; ask for: chautari sensor key DEVICE --data DIR`);
    if (!isDeviceId(given.device)) throw new ExitFault(2, `"${given.device}" is no device's id: 1 to 64 letters, digits or . _ : -`);
    refuseOtherThanGateways(given.data);
    const secret = loadSensorSecret(openDataFolder(given.data), systemEntropy);
    process.stdout.write(`${deviceKey(secret, given.device).toString('hex')}\n`);
  },
});
