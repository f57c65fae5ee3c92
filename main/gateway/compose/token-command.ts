/** `chautari token`: gives a third party (a till of another maker, a script) a token for this box, or replaces it. */
import { defineCommand } from 'citty';
import { makeToken, SCOPES, type Scope } from '../../api/tokens.ts';
import { refuseUnknown } from '../../platform/arguments.ts';
import { openDataFolder } from '../../platform/data-folder.ts';
import { systemEntropy } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { refuseOtherThanGateways } from '../../platform/gateway-folder.ts';

const args = {
  data: { type: 'string', required: true, valueHint: 'DIR', description: 'The gateway’s data folder' },
  name: { type: 'string', required: true, description: 'Whom it is for; stands in each entry as its operator' },
  scopes: { type: 'string', default: 'pay,read', description: `Rights, with commas between: ${SCOPES.join(', ')}` },
} as const;

export const tokenCommand = defineCommand({
  meta: { name: 'token', description: 'Make (or make anew) a token for a third party; it is shown once' },
  args,
  run: ({ args: given }) => {
    refuseUnknown(given, args);
    const scopes = given.scopes.split(',').map((scope) => scope.trim());
    const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
    if (unknown !== undefined) throw new ExitFault(2, `"${unknown}" is no right; there are ${SCOPES.join(', ')}`);
    refuseOtherThanGateways(given.data);
    process.stdout.write(`${makeToken(openDataFolder(given.data), given.name, scopes as Scope[], systemEntropy)}\n`);
  },
});
